/** The door of the language front end. */
export { catalogue } from './diagnostics/catalogue.ts';
export type { Diagnostic, DiagnosticRule, Severity } from './diagnostics/diagnostic.ts';
export { type CodeAction, codeActions, fixableCodes, fixesFor } from './ide/code-actions.ts';
export { type CodeLens, codeLenses } from './ide/code-lenses.ts';
export { type CompletionItem, type CompletionKind, type CompletionList, completion } from './ide/completion.ts';
export { type Definition, definition } from './ide/definition.ts';
export { type DocumentSymbol, documentSymbols } from './ide/document-symbols.ts';
export { EditingSession } from './ide/editing-session.ts';
export { type FoldingRange, foldingRanges } from './ide/folding-ranges.ts';
export { format } from './ide/format.ts';
export { functionText, type Hover, type HoverOptions, hover } from './ide/hover.ts';
export { type InlayHint, inlayHints } from './ide/inlay-hints.ts';
export type { Entity, Occurrence, Occurrences } from './ide/occurrences.ts';
export { type Reference, references } from './ide/references.ts';
export { prepareRename, type RenameResult, type RenameTarget, rename } from './ide/rename.ts';
export { selectionRanges } from './ide/selection-ranges.ts';
export { type SemanticToken, type SemanticTokenType, semanticTokens, semanticTokenTypes } from './ide/semantic-tokens.ts';
export { type Signature, type SignatureHelp, signatureHelp } from './ide/signature-help.ts';
export { createSnapshot, type Snapshot } from './ide/snapshot.ts';
export { type GraphEdge, type GraphNode, type StepGraph, stepGraph } from './ide/step-graph.ts';
export { applyEdits, type TextEdit } from './ide/text-edit.ts';
export { typeText } from './ide/type-text.ts';
export { nextBoundaries } from './ide/window-words.ts';
export { type ParseResult, parse } from './parser/parse.ts';
export { type AnalyzeOptions, analyze } from './semantics/analyze.ts';
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
