/** textDocument/completion: what can be written at the cursor. */
import { completion as completionAt } from '@asaql/parser';
import { answer, type Feature } from '../server-context.ts';
import { toCompletionList } from '../to-lsp/completion-list.ts';

export const completion: Feature = {
  capabilities: { completionProvider: { triggerCharacters: ['.', '[', '('] } },
  register: (context) => {
    const takesSnippets = context.client.textDocument?.completion?.completionItem?.snippetSupport === true;
    context.connection.onCompletion((params, token) =>
      answer(context, params, token, ({ document, snapshot }) =>
        toCompletionList(document, completionAt(snapshot, document.offsetAt(params.position)), takesSnippets),
      ),
    );
  },
};
