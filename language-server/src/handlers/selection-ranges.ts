/** textDocument/selectionRange: from a word outwards to the whole text. */
import { selectionRanges as compute } from '@asaql/parser';
import type { SelectionRange } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

export const selectionRanges: Feature = {
  capabilities: { selectionRangeProvider: true },
  register: (context) => {
    context.connection.onSelectionRanges((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        params.positions.map((position): SelectionRange => {
          const outwards = compute(snapshot, document.offsetAt(position)).map((span) => toRange(document, span));
          const nested = outwards.reduceRight<SelectionRange | null>(
            (parent, range) => (parent === null ? { range } : { range, parent }),
            null,
          );
          return nested ?? { range: { start: position, end: position } };
        }),
      ),
    );
  },
};
