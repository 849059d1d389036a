/** textDocument/documentSymbol: tables, steps and outputs with their columns. */
import { documentSymbols as compute } from '@asaql/parser';
import { answer, type Feature } from '../server-context.ts';
import { toDocumentSymbol } from '../to-lsp/document-symbol.ts';

export const documentSymbols: Feature = {
  capabilities: { documentSymbolProvider: true },
  register: (context) => {
    context.connection.onDocumentSymbol((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        compute(snapshot).map((symbol) => toDocumentSymbol(document, symbol)),
      ),
    );
  },
};
