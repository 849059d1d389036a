/** workspace/symbol: tables, steps and outputs of the documents that are open. */
import { documentSymbols } from '@asaql/parser';
import type { WorkspaceSymbol } from 'vscode-languageserver/node';
import type { Feature } from '../server-context.ts';
import { toDocumentSymbol } from '../to-lsp/document-symbol.ts';

export const workspaceSymbols: Feature = {
  capabilities: { workspaceSymbolProvider: true },
  register: ({ connection, documents }) => {
    connection.onWorkspaceSymbol(async ({ query }): Promise<WorkspaceSymbol[]> => {
      const opened = await Promise.all(documents.texts.keys().map((uri) => documents.find(uri)));
      return opened.flatMap((open) => {
        if (open === null) return [];
        const { document, snapshot } = open;
        return documentSymbols(snapshot)
          .map((symbol) => toDocumentSymbol(document, symbol))
          .filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()))
          .map(({ name, kind, selectionRange }) => ({ name, kind, location: { uri: document.uri, range: selectionRange } }));
      });
    });
  },
};
