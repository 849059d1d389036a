/** Texts with marks: `$0` is the cursor, `«…»` a span that is expected. */
import { createSnapshot, type JobDeclarations, type Snapshot, type Span } from '../../src/index.ts';

export interface MarkedText {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly spans: readonly Span[];
}

/** Takes the marks out of a text. Without `$0` the cursor is at the end. */
export function markedText(marked: string, declarations?: JobDeclarations): MarkedText {
  let text = '';
  let offset: number | null = null;
  const spans: Span[] = [];
  const open: number[] = [];
  for (const piece of marked.split(/(\$0|[«»])/)) {
    if (piece === '$0') offset = text.length;
    else if (piece === '«') open.push(text.length);
    else if (piece === '»') spans.push({ start: open.pop() ?? 0, end: text.length });
    else text += piece;
  }
  spans.sort((a, b) => a.start - b.start);
  return { snapshot: createSnapshot(text, declarations), offset: offset ?? text.length, spans };
}
