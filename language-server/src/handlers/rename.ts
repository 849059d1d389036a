/** textDocument/prepareRename and rename: of what the query itself names; why anything else cannot be is the answer's error. */
import { prepareRename, rename as renameAt } from '@asaql/parser';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';
import { toWorkspaceEdit } from '../to-lsp/text-edit.ts';

export const rename: Feature = {
  capabilities: { renameProvider: { prepareProvider: true } },
  register: (context) => {
    context.connection.onPrepareRename((params, token) =>
      answer(context, params, token, ({ document, snapshot }) => {
        const target = prepareRename(snapshot, document.offsetAt(params.position));
        return target.ok ? { range: toRange(document, target.span), placeholder: target.name } : refusal(target.reason);
      }),
    );
    context.connection.onRenameRequest((params, token) =>
      answer(context, params, token, ({ document, snapshot }) => {
        const result = renameAt(snapshot, document.offsetAt(params.position), params.newName);
        return result.ok ? toWorkspaceEdit(document, result.edits) : refusal(result.reason);
      }),
    );
  },
};

function refusal(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
