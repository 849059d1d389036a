/** What is other in new events than in an earlier sample. Knows no file. */
import { typeText } from './print-schema.ts';
import { type Field, isOptional, recordsOf, type Schema, type Shape, typeOfShape } from './schema.ts';

export interface Drift {
  /** As in `location.lat` or `tags[].name`. */
  readonly path: string;
  readonly kind: 'added' | 'gone' | 'type changed' | 'now optional' | 'not seen';
  /** Whether a query that was right for the earlier events may be wrong for the new ones. */
  readonly breaks: boolean;
  /** One line. */
  readonly message: string;
}

/** In the order of the earlier fields, then of those that are new. */
export function schemaDrift(before: Schema, now: Schema): readonly Drift[] {
  if (before.events === 0 || now.events === 0) return [];
  return fieldsDrift({ fields: before.fields, count: before.events }, { fields: now.fields, count: now.events }, '');
}

interface Records {
  readonly fields: readonly Field[];
  readonly count: number;
}

function fieldsDrift(before: Records, now: Records, at: string): readonly Drift[] {
  const newer = new Map(now.fields.map((field) => [field.name, field]));
  const known = new Set(before.fields.map(({ name }) => name));
  return [
    ...before.fields.flatMap((old) => {
      const path = `${at}${old.name}`;
      const field = newer.get(old.name);
      return field === undefined
        ? [absent(path, old, before.count, now.count)]
        : changed(path, old, before.count, field, now.count);
    }),
    ...now.fields
      .filter(({ name }) => !known.has(name))
      .map(({ name, shape }) =>
        drift(`${at}${name}`, 'added', false, `is new: ${typeText(shape)}, in ${shape.count} of ${now.count}`),
      ),
  ];
}

/** What was optional before may just not have come. */
function absent(path: string, old: Field, before: number, now: number): Drift {
  return isOptional(old, before)
    ? drift(path, 'not seen', false, `is in none of ${now}; before it was in ${old.shape.count} of ${before}`)
    : drift(path, 'gone', true, `is gone: it was in every event before (${typeText(old.shape)}), and is in none of ${now}`);
}

function changed(path: string, old: Field, before: number, field: Field, now: number): readonly Drift[] {
  const found: Drift[] = [];
  if (!isOptional(old, before) && isOptional(field, now))
    found.push(drift(path, 'now optional', true, `is in ${field.shape.count} of ${now}; before it was in every one`));
  return [...found, ...shapeDrift(path, old.shape, field.shape)];
}

function shapeDrift(path: string, old: Shape, now: Shape): readonly Drift[] {
  const [was, is] = [typeText(old), typeText(now)];
  if (old.types.size > 0 && now.types.size > 0 && !isWithin(now, old))
    return [drift(path, 'type changed', true, `was ${was}, and is ${is}`)];
  const records = fieldsDrift(
    { fields: old.fields, count: recordsOf(old) },
    { fields: now.fields, count: recordsOf(now) },
    `${path}.`,
  );
  const both = recordsOf(old) > 0 && recordsOf(now) > 0 ? records : [];
  return old.items === null || now.items === null ? both : [...both, ...shapeDrift(`${path}[]`, old.items, now.items)];
}

/** Whole numbers are floats too; what was of several types before may be any of them now. */
function isWithin(now: Shape, old: Shape): boolean {
  if (typeOfShape(old) === 'float' && typeOfShape(now) === 'bigint') return true;
  return [...now.types.keys()].every((type) => old.types.has(type));
}

function drift(path: string, kind: Drift['kind'], breaks: boolean, message: string): Drift {
  return { path, kind, breaks, message: `${path} ${message}.` };
}
