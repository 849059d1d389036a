/** What a selection grows to, step by step: word, expression, item, clause, query, step, script. */
import type { Span } from '../text/span.ts';
import { nodePath } from './node-path.ts';
import type { Snapshot } from './snapshot.ts';

/** From the smallest span around `offset` to the whole text, each larger than the one before. */
export function selectionRanges(snapshot: Snapshot, offset: number): readonly Span[] {
  const spans: Span[] = [];
  const token = snapshot.parsed.tokens.find(
    ({ span, kind }) => kind !== 'whitespace' && span.start <= offset && offset <= span.end,
  );
  if (token !== undefined) spans.push(token.span);
  for (const node of [...nodePath(snapshot.parsed.script, offset)].reverse()) spans.push(node.span);
  spans.push({ start: 0, end: snapshot.text.length });
  const growing: Span[] = [];
  for (const span of spans) {
    const last = growing.at(-1);
    if (last === undefined) {
      if (span.end > span.start || spans.length === 1) growing.push(span);
    } else if (span.start <= last.start && span.end >= last.end && span.end - span.start > last.end - last.start)
      growing.push(span);
  }
  return growing.length === 0 ? [{ start: 0, end: snapshot.text.length }] : growing;
}
