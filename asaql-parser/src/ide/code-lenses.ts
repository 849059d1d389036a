/** A line above each step and each statement: what it gives, who reads it. What a click does is the editor's matter. */
import type { Relation } from '../semantics/model.ts';
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';

export interface CodeLens {
  readonly kind: 'step' | 'output';
  /** The step or output; several statements may write one output. */
  readonly name: string;
  /** The name of the step, or the word SELECT of the statement. */
  readonly span: Span;
  /** The step or statement as a whole. */
  readonly bodySpan: Span;
  /** `3 columns · read by totals, alerts`. */
  readonly title: string;
  /** Steps and outputs that read a step, each once. */
  readonly readers: readonly string[];
  readonly columnCount: number;
}

export function codeLenses(snapshot: Snapshot): readonly CodeLens[] {
  const { model } = snapshot;
  const lenses: CodeLens[] = [];
  const readersOf = readersByRelation(snapshot);
  for (const { node, relation } of model.steps) {
    if (node.name.text === '') continue;
    const readers = [...(readersOf.get(relation) ?? [])];
    const read = readers.length === 0 ? 'never read' : `read by ${readers.join(', ')}`;
    lenses.push({
      kind: 'step',
      name: node.name.text,
      span: node.name.span,
      bodySpan: node.span,
      title: `${countText(relation)} · ${read}`,
      readers,
      columnCount: relation.columns.length,
    });
  }
  for (const { name, body, result } of model.outputs) {
    const { start } = body.span;
    lenses.push({
      kind: 'output',
      name,
      span: { start, end: Math.min(body.span.end, start + 'SELECT'.length) },
      bodySpan: body.span,
      title: `${countText(result)} · into ${name}`,
      readers: [],
      columnCount: result.columns.length,
    });
  }
  return lenses.sort((a, b) => a.span.start - b.span.start);
}

function countText({ columns, extent }: Relation): string {
  if (columns.length === 0 && extent !== 'closed') return 'columns of its input';
  return `${columns.length}${extent === 'closed' ? '' : ' or more'} column${columns.length === 1 && extent === 'closed' ? '' : 's'}`;
}

/** Names of the steps and outputs that read each relation, each once. */
function readersByRelation({ model }: Snapshot): ReadonlyMap<Relation, ReadonlySet<string>> {
  const parts = [
    ...model.steps.map(({ node }) => ({ span: node.span, name: node.name.text })),
    ...model.outputs.map(({ name, body }) => ({ span: body.span, name })),
  ].sort((a, b) => a.span.start - b.span.start);
  const readers = new Map<Relation, Set<string>>();
  const sources = [...model.relationOfSource].sort(([a], [b]) => a.span.start - b.span.start);
  let next = 0;
  for (const [{ span }, relation] of sources) {
    while (next + 1 < parts.length && parts[next + 1]!.span.start <= span.start) next++;
    const part = parts[next];
    if (part === undefined || part.span.start > span.start || part.span.end < span.start) continue;
    const names = readers.get(relation);
    if (names === undefined) readers.set(relation, new Set([part.name]));
    else names.add(part.name);
  }
  return readers;
}
