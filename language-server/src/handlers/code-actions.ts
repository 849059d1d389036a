/** textDocument/codeAction: mends of what was found, and switching a rule off with a comment. */
import { codeActions as compute } from '@asaql/parser';
import { CodeActionKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toDiagnostic } from '../to-lsp/diagnostic.ts';
import { spanFromRange } from '../to-lsp/range.ts';
import { toWorkspaceEdit } from '../to-lsp/text-edit.ts';

export const codeActions: Feature = {
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } },
  register: (context) => {
    context.connection.onCodeAction((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        compute(snapshot, spanFromRange(document, params.range)).map(({ title, diagnostic, edits, preferred }) => ({
          title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [toDiagnostic(document, diagnostic)],
          edit: toWorkspaceEdit(document, edits),
          ...(preferred ? { isPreferred: true } : {}),
        })),
      ),
    );
  },
};
