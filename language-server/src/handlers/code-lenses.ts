/** textDocument/codeLens: above each step and output what it gives and who reads it, as plain words. */
import { codeLenses as compute } from '@asaql/parser';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const codeLenses: Feature = {
  capabilities: { codeLensProvider: {} },
  register: (context) => {
    context.connection.onCodeLens((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        // A lens without a command is shown and cannot be clicked.
        compute(snapshot).map(({ span, title }) => ({ range: toRange(document, span), command: { title, command: '' } })),
      ),
    );
  },
};
