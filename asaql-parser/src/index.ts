/** The door of the language front end. */
export { catalogue } from './diagnostics/catalogue.ts';
export type { Diagnostic, DiagnosticRule, Severity } from './diagnostics/diagnostic.ts';
export { format } from './ide/format.ts';
export { type ParseResult, parse } from './parser/parse.ts';
export { analyze } from './semantics/analyze.ts';
export {
  type CompatibilityLevel,
  type FunctionDeclaration,
  type InputDeclaration,
  type JobDeclarations,
  type OutputDeclaration,
  unknownJob,
} from './semantics/declarations.ts';
export { findFunction, functionCatalogue } from './semantics/functions/function-catalogue.ts';
export type { FunctionSpec, OverSpec, Parameter } from './semantics/functions/function-spec.ts';
export type * from './semantics/model.ts';
export { outputName, unaliasedName } from './semantics/output-name.ts';
export type { Column, TypeName, ValueType } from './semantics/types.ts';
export type * from './syntax/nodes.ts';
export { print } from './syntax/printer.ts';
export { timeUnitFromText, timeUnitMs } from './syntax/time-units.ts';
export type { SyntaxToken, TokenKind } from './syntax/tokens.ts';
export { forEachChild, walk } from './syntax/walk.ts';
export { type LineIndex, lineIndex, type Position } from './text/line-index.ts';
export { type Span, spanContains, spanFrom } from './text/span.ts';
