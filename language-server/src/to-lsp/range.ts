/** Spans of a text as the protocol's ranges: lines from 0, columns in UTF-16 units, as in the text itself. */
import type { Span } from '@asaql/parser';
import type { Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

export function toRange(document: TextDocument, span: Span): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}

/** The span of a range that an editor sends; positions outside the text are moved into it. */
export function spanFromRange(document: TextDocument, range: Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}
