/**
 * Renaming of what a query itself names: steps, aliases of sources, columns, pattern variables. What the job names
 * (inputs, outputs, functions, fields of events) is refused, because the query alone cannot rename it.
 *
 * A column that leaves a SELECT under its own name keeps it: `SELECT total` becomes `SELECT sum AS total`, so that a
 * rename never changes what an output gets, unless it is the output's own column that is renamed.
 */
import { catalogue } from '../diagnostics/catalogue.ts';
import type { Span } from '../text/span.ts';
import { bracketed, nameText, nameTextLike } from './name-text.ts';
import { type Entity, isImplicit, type Occurrence, type Occurrences } from './occurrences.ts';
import { type Snapshot, withText } from './snapshot.ts';
import { applyEdits, insertion, offsetAfter, type TextEdit } from './text-edit.ts';

export type RenameTarget =
  | { readonly ok: true; readonly span: Span; readonly name: string }
  | { readonly ok: false; readonly reason: string };

export type RenameResult =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly reason: string };

/** What would be renamed at a place, or why nothing can be. */
export function prepareRename(snapshot: Snapshot, offset: number): RenameTarget {
  const found = targetAt(snapshot.occurrences, offset);
  return 'reason' in found ? { ok: false, reason: found.reason } : { ok: true, span: found.span, name: found.entity.name };
}

/** The edits that give what is named at `offset` another name, or why that cannot be. */
export function rename(snapshot: Snapshot, offset: number, newName: string): RenameResult {
  const found = targetAt(snapshot.occurrences, offset);
  if ('reason' in found) return { ok: false, reason: found.reason };
  const name = newName.trim();
  if (name === '' || /[\n\r]/.test(name)) return { ok: false, reason: 'A name is not empty and has no line breaks.' };
  const occurrences = snapshot.occurrences.of(found.entity);
  const edits = editsFor(occurrences, found.entity, name);
  const reason = problemAfter(snapshot, occurrences, edits, name);
  return reason === null ? { ok: true, edits } : { ok: false, reason };
}

function targetAt(occurrences: Occurrences, offset: number): Occurrence | { readonly reason: string } {
  const candidates = occurrences.at(offset);
  let reason = 'There is nothing here that could be renamed.';
  for (const [index, candidate] of candidates.entries()) {
    const refusal = refusalOf(candidate.entity, occurrences);
    if (refusal === null && candidate.name !== null) return candidate;
    if (index === 0) reason = refusal ?? 'This column has no name yet: add AS and a name.';
  }
  return { reason };
}

function refusalOf(entity: Entity, occurrences: Occurrences): string | null {
  switch (entity.kind) {
    case 'input':
      return `${entity.name} is an input: rename it in the job.`;
    case 'output':
      return `${entity.name} is an output: rename it in the job.`;
    case 'function':
      return entity.form === 'udf' || entity.form === 'uda'
        ? `${entity.name} is a function of the job: rename it there.`
        : `${entity.name} is part of the language.`;
    case 'field':
      return `${entity.name} is a field of the events: give it another name with AS.`;
    case 'column': {
      const defined = occurrences.of(entity).some((occurrence) => occurrence.role === 'definition');
      if (entity.owner?.kind === 'input') return `${entity.name} is a field of the events: give it another name with AS.`;
      return defined ? null : `${entity.name} is named by the language: give it another name with AS.`;
    }
    default:
      return null;
  }
}

function editsFor(occurrences: readonly Occurrence[], entity: Entity, newName: string): readonly TextEdit[] {
  const edits = new Map<number, TextEdit>();
  for (const occurrence of occurrences) {
    const { name, span, namesItem } = occurrence;
    if (isImplicit(occurrence) && namesItem !== null) {
      const { end } = namesItem.span;
      if (!edits.has(end)) edits.set(end, insertion(end, ` AS ${nameText(newName)}`));
    } else if (name !== null) {
      const written = name.quoting === 'none' && entity.kind === 'alias' ? nameText(newName) : nameTextLike(newName, name);
      // A text in quotes names a column only where it is an alias.
      const text = name.quoting === 'string' && occurrence.role === 'reference' ? bracketed(newName) : written;
      edits.set(span.start, { span, text });
      if (namesItem !== null && !edits.has(namesItem.span.end))
        edits.set(namesItem.span.end, insertion(namesItem.span.end, ` AS ${nameText(name.text)}`));
    }
  }
  return [...edits.values()].sort((a, b) => a.span.start - b.span.start);
}

/** Whether the text still says the same: no new errors, and as many places that name the same thing as before. */
function problemAfter(
  snapshot: Snapshot,
  occurrences: readonly Occurrence[],
  edits: readonly TextEdit[],
  name: string,
): string | null {
  const [first] = occurrences;
  if (first === undefined) return null;
  const after = withText(snapshot, applyEdits(snapshot.text, edits));
  const found = after.occurrences.at(placeAfter(first, edits)).find(({ entity }) => entity.kind === first.entity.kind);
  const count = found === undefined ? 0 : after.occurrences.of(found.entity).length;
  const good = count === occurrences.length && troubles(after) <= troubles(snapshot);
  return good ? null : `The name ${name} is taken here, or would be read as something else.`;
}

/** Where a name stands after the edits: an item that had no alias has one then. */
function placeAfter(occurrence: Occurrence, edits: readonly TextEdit[]): number {
  if (isImplicit(occurrence) && occurrence.namesItem !== null)
    return offsetAfter(occurrence.namesItem.span.end, edits) + ' AS '.length;
  return offsetAfter(occurrence.span.start, edits);
}

function troubles(snapshot: Snapshot): number {
  return snapshot.model.diagnostics.filter(
    ({ severity, code }) => severity === 'error' || code === catalogue.duplicateColumn.code,
  ).length;
}
