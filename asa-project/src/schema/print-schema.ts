/** A schema as text, a field a line, for people. Knows no terminal. */
import { type Field, isConflict, isOptional, recordsOf, type Schema, type Shape, typeOfShape } from './schema.ts';

interface Line {
  readonly name: string;
  readonly says: string;
}

export function printSchema({ events, fields }: Schema): string {
  const lines = fields.flatMap((field) => linesOf(field, events, ''));
  const width = Math.max(0, ...lines.map(({ name }) => name.length)) + 2;
  return lines.map(({ name, says }) => `${name.padEnd(width)}${says}\n`).join('');
}

function linesOf(field: Field, records: number, indent: string): readonly Line[] {
  const { name, shape } = field;
  const notes = [
    ...(isOptional(field, records) ? [`in ${shape.count} of ${records}`] : []),
    ...(shape.nulls > 0 && shape.types.size > 0 ? [`NULL in ${shape.nulls}`] : []),
  ];
  return [{ name: `${indent}${name}`, says: [typeText(shape), ...notes].join(', ') }, ...inner(shape, `${indent}  `)];
}

/** What the records hold, or the records in the arrays. */
function inner(shape: Shape, indent: string): readonly Line[] {
  const own = shape.fields.flatMap((field) => linesOf(field, recordsOf(shape), indent));
  return shape.items === null ? own : [...own, ...inner(shape.items, indent)];
}

/** As in `float`, `array of record`, `CONFLICT bigint (9), nvarchar(max) (1)`. */
export function typeText(shape: Shape): string {
  if (isConflict(shape)) return `CONFLICT ${[...shape.types].map(([type, count]) => `${type} (${count})`).join(', ')}`;
  const type = typeOfShape(shape);
  if (type === null) return 'always NULL';
  if (type === 'array') return shape.items === null ? 'array, always empty' : `array of ${typeText(shape.items)}`;
  return type === 'nvarchar(max)' && shape.isTime ? 'nvarchar(max), a time' : type;
}
