/** textDocument/hover: what stands under the cursor; windows with their next boundaries from now. */
import { hover as hoverAt } from '@asaql/parser';
import { MarkupKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register: (context) => {
    context.connection.onHover((params, token) =>
      answer(context, params, token, ({ document, snapshot }) => {
        const found = hoverAt(snapshot, document.offsetAt(params.position), { nowMs: Date.now() });
        if (found === null) return null;
        return { range: toRange(document, found.span), contents: { kind: MarkupKind.Markdown, value: found.contents } };
      }),
    );
  },
};
