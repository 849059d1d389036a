/** textDocument/definition: from a name to where the query defines it. */
import { definition as definitionAt } from '@asaql/parser';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const definition: Feature = {
  capabilities: { definitionProvider: true },
  register: (context) => {
    context.connection.onDefinition((params, token) =>
      answer(context, params, token, ({ document, snapshot }) => {
        const found = definitionAt(snapshot, document.offsetAt(params.position));
        return (found?.targets ?? []).map((span) => ({ uri: document.uri, range: toRange(document, span) }));
      }),
    );
  },
};
