/** Parts of a text that can be folded away: steps, queries, clauses with lists, CASEs, comments. */
import type { Node } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';

export interface FoldingRange {
  readonly span: Span;
  readonly kind: 'code' | 'comment';
}

const foldable = new Set<Node['kind']>([
  'step',
  'select',
  'createTable',
  'case',
  'matchRecognize',
  'call',
  'over',
  'windows',
  'groupBy',
  'parenthesized',
]);

/** Only what takes more than one line; at most one range for each line that it starts on, the longest. */
export function foldingRanges(snapshot: Snapshot): readonly FoldingRange[] {
  const { parsed, text } = snapshot;
  const ranges: FoldingRange[] = [];
  walk(parsed.script, (node) => {
    if (foldable.has(node.kind)) ranges.push({ span: node.span, kind: 'code' });
    return true;
  });
  for (const query of parsed.script.statements) {
    const last = query.kind === 'query' ? query.steps.at(-1) : undefined;
    if (query.kind === 'query' && last !== undefined && query.steps.length > 1)
      ranges.push({ span: { start: query.span.start, end: last.span.end }, kind: 'code' });
  }
  ranges.push(...comments(snapshot));
  const byLine = new Map<number, FoldingRange>();
  for (const range of ranges) {
    if (!text.slice(range.span.start, range.span.end).includes('\n')) continue;
    const { line } = snapshot.lines.positionOf(range.span.start);
    const before = byLine.get(line);
    if (before === undefined || before.span.end < range.span.end) byLine.set(line, range);
  }
  return [...byLine.values()].sort((a, b) => a.span.start - b.span.start);
}

/** Block comments, and runs of line comments with nothing between them. */
function comments(snapshot: Snapshot): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let run: Span | null = null;
  for (const token of snapshot.parsed.tokens) {
    if (token.kind === 'comment') {
      const start: number = run === null ? token.span.start : run.start;
      run = { start, end: token.span.end };
    } else if (token.kind !== 'whitespace' || token.text.split('\n').length > 2) {
      if (run !== null) ranges.push({ span: run, kind: 'comment' });
      run = null;
    }
  }
  if (run !== null) ranges.push({ span: run, kind: 'comment' });
  return ranges;
}
