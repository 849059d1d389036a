/** Positions in a text. Knows nothing of the language. */

/** A half-open range of UTF-16 offsets into the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanFrom(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

export function spanContains(span: Span, offset: number): boolean {
  return offset >= span.start && offset <= span.end;
}
