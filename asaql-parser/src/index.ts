/** The door of the language front end. */
export type { Diagnostic, Severity } from './diagnostics/diagnostic.ts';
export { type ParseResult, parse } from './parser/parse.ts';
export type * from './syntax/nodes.ts';
export { print } from './syntax/printer.ts';
export type { SyntaxToken, TokenKind } from './syntax/tokens.ts';
export { type Span, spanContains, spanFrom } from './text/span.ts';
