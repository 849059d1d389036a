/** textDocument/formatting: the one layout, as an edit of the lines that differ. */
import { format, type TextEdit } from '@asaql/parser';
import { answer, type Feature } from '../server-context.ts';
import { toTextEdits } from '../to-lsp/text-edit.ts';

export const formatting: Feature = {
  capabilities: { documentFormattingProvider: true },
  register: (context) => {
    context.connection.onDocumentFormatting((params, token) =>
      answer(context, params, token, ({ document, snapshot: { text } }) =>
        toTextEdits(document, changedLines(text, formattedAsWritten(text))),
      ),
    );
  },
};

/** The layout knows one end of lines; a document keeps its own. */
function formattedAsWritten(text: string): string {
  const formatted = format(text.replaceAll('\r\n', '\n'));
  return text.includes('\r\n') ? formatted.replaceAll('\n', '\r\n') : formatted;
}

/** One edit without the lines that are the same at the start and at the end: cursors and folds there stay where they are. */
function changedLines(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same += 1;
  const start = before.lastIndexOf('\n', same - 1) + 1;
  let tail = 0;
  while (tail < shorter - same && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const breakBefore = before.indexOf('\n', before.length - tail);
  const kept = breakBefore < 0 ? 0 : before.length - breakBefore - 1;
  return [{ span: { start, end: before.length - kept }, text: after.slice(start, after.length - kept) }];
}
