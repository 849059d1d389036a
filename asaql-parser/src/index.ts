/** The door of the language front end. */
export type { Diagnostic, Severity } from './diagnostics/diagnostic.ts';
export type * from './syntax/nodes.ts';
export { type Span, spanContains, spanFrom } from './text/span.ts';
