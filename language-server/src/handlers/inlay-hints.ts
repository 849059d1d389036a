/** textDocument/inlayHint: the types of columns behind them. */
import { inlayHints as compute } from '@asaql/parser';
import { InlayHintKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { spanFromRange } from '../to-lsp/range.ts';

export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register: (context) => {
    context.connection.languages.inlayHint.on(async (params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        compute(snapshot, spanFromRange(document, params.range)).map(({ offset, label, tooltip }) => ({
          position: document.positionAt(offset),
          label,
          kind: InlayHintKind.Type,
          ...(tooltip === null ? {} : { tooltip }),
        })),
      ),
    );
  },
};
