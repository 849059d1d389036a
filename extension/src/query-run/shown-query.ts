/**
 * The text that is run for a preview: what was written, and a SELECT more for each step so that its rows are seen too. What
 * stands before them keeps its place, so that messages point to the right words.
 */
import type { Query, Snapshot } from '@asaql/parser';
import type { Focus } from './messages.ts';

export interface ShownQuery {
  readonly text: string;
  /** Offsets of the run text before `shift.from` are those of the document; those after it lie `shift.by` further there. */
  readonly shift: { readonly from: number; readonly by: number };
  /** Steps whose rows are shown, by the name of the output that carries them. */
  readonly stepOutputs: ReadonlyMap<string, string>;
}

const stepPrefix = 'asaql step ';

export function shownQuery(snapshot: Snapshot, focus: Focus): ShownQuery {
  const { text } = snapshot;
  const steps = snapshot.model.steps.map(({ node }) => node).filter(({ name }) => name.text !== '');
  const names = focus.kind === 'step' ? steps.filter(({ name }) => name.text.toLowerCase() === focus.name.toLowerCase()) : steps;
  const stepOutputs = new Map(names.map(({ name }) => [`${stepPrefix}${name.text}`, name.text]));
  const selects = [...stepOutputs].map(([output, name]) => `\nSELECT * INTO ${quoted(output)} FROM ${quoted(name)}`).join('');
  const whole = { from: text.length, by: 0 };
  if (focus.kind === 'all') return { text: `${text}\n${selects}`, shift: whole, stepOutputs };
  const query = snapshot.parsed.script.statements.find(
    (statement): statement is Query => statement.kind === 'query' && statement.steps.length > 0,
  );
  const withEnd = query?.steps.at(-1)?.span.end ?? 0;
  if (focus.kind === 'step') return { text: `${text.slice(0, withEnd)}\n${selects}`, shift: whole, stepOutputs };
  const selected = text.slice(focus.start, focus.end);
  const step = steps.find(({ span, name }) => span.start >= focus.start - 1 && span.end <= focus.end + 1 && name.text !== '');
  if (step !== undefined && !/^\s*(WITH|SELECT)\b/i.test(selected))
    return shownQuery(snapshot, { kind: 'step', name: step.name.text });
  if (/^\s*WITH\b/i.test(selected)) return { text: selected, shift: { from: 0, by: focus.start }, stepOutputs: new Map() };
  const head = /^\s*SELECT\b/i.test(selected) && query !== undefined ? `${text.slice(query.span.start, withEnd)}\n` : '';
  return { text: `${head}${selected}`, shift: { from: head.length, by: focus.start - head.length }, stepOutputs: new Map() };
}

/** Where an offset of the run text lies in the document. */
export function documentOffset({ shift }: ShownQuery, offset: number): number {
  return offset >= shift.from ? offset + shift.by : offset;
}

function quoted(name: string): string {
  return name.includes(']') ? `"${name}"` : `[${name}]`;
}
