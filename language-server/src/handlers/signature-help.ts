/** textDocument/signatureHelp: the call around the cursor, with the argument that is being written. */
import { signatureHelp as signatureHelpAt } from '@asaql/parser';
import { MarkupKind } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';

export const signatureHelp: Feature = {
  capabilities: { signatureHelpProvider: { triggerCharacters: ['(', ','] } },
  register: (context) => {
    context.connection.onSignatureHelp((params, token) =>
      answer(context, params, token, ({ document, snapshot }) => {
        const help = signatureHelpAt(snapshot, document.offsetAt(params.position));
        if (help === null) return null;
        return {
          activeSignature: help.activeSignature,
          activeParameter: help.activeParameter,
          signatures: help.signatures.map(({ label, parameters, documentation }) => ({
            label,
            documentation: { kind: MarkupKind.Markdown, value: documentation },
            parameters: parameters.map(({ start, end }) => ({ label: [start, end] as [number, number] })),
          })),
        };
      }),
    );
  },
};
