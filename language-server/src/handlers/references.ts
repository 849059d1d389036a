/** textDocument/references and documentHighlight: every place that means the same. */
import { references as referencesAt } from '@asaql/parser';
import { DocumentHighlightKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const references: Feature = {
  capabilities: { referencesProvider: true, documentHighlightProvider: true },
  register: (context) => {
    context.connection.onReferences((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        referencesAt(snapshot, document.offsetAt(params.position))
          .filter(({ role }) => role === 'reference' || params.context.includeDeclaration)
          .map(({ span }) => ({ uri: document.uri, range: toRange(document, span) })),
      ),
    );
    context.connection.onDocumentHighlight((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        referencesAt(snapshot, document.offsetAt(params.position)).map(({ span, role }) => ({
          range: toRange(document, span),
          kind: role === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        })),
      ),
    );
  },
};
