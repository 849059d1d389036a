/** Symbols as the protocol's. Knows no query. */
import type { DocumentSymbol as QuerySymbol } from '@asaql/parser';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toRange } from './range.ts';

const kinds: Readonly<Record<QuerySymbol['kind'], SymbolKind>> = {
  table: SymbolKind.Struct,
  step: SymbolKind.Class,
  output: SymbolKind.Module,
  column: SymbolKind.Field,
};

export function toDocumentSymbol(document: TextDocument, symbol: QuerySymbol): DocumentSymbol {
  return {
    // Editors refuse symbols without a name, which a step has while it is typed.
    name: symbol.name === '' ? '…' : symbol.name,
    kind: kinds[symbol.kind],
    detail: symbol.detail,
    range: toRange(document, symbol.span),
    selectionRange: toRange(document, symbol.nameSpan),
    children: symbol.children.map((child) => toDocumentSymbol(document, child)),
  };
}
