/** textDocument/foldingRange: what can be folded. */
import { foldingRanges as compute } from '@asaql/parser';
import { FoldingRangeKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const foldingRanges: Feature = {
  capabilities: { foldingRangeProvider: true },
  register: (context) => {
    context.connection.onFoldingRanges((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        compute(snapshot).map(({ span, kind }) => {
          const { start, end } = toRange(document, span);
          return { startLine: start.line, endLine: end.line, ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}) };
        }),
      ),
    );
  },
};
