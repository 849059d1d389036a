/** Changes of a text as data. Knows no language. */
import type { Span } from '../text/span.ts';

/** Puts `text` in the place of `span`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** The text after edits that do not overlap, given in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const { span, text: replacement } of ordered) {
    result += text.slice(at, span.start) + replacement;
    at = Math.max(at, span.end);
  }
  return result + text.slice(at);
}

export function insertion(offset: number, text: string): TextEdit {
  return { span: { start: offset, end: offset }, text };
}

/** Where an offset comes to lie after edits: behind a replacement that starts before it. */
export function offsetAfter(offset: number, edits: readonly TextEdit[]): number {
  let moved = offset;
  for (const { span, text } of edits) if (span.start < offset) moved += text.length - (span.end - span.start);
  return moved;
}
