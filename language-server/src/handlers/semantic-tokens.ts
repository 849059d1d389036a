/** textDocument/semanticTokens/full: what each word means, in the protocol's own types. */
import { semanticTokens as compute, type SemanticTokenType, semanticTokenTypes } from '@asaql/parser';
import { SemanticTokenModifiers, SemanticTokensBuilder, SemanticTokenTypes } from 'vscode-languageserver/node';
import { answer, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

/** Types that the protocol has not by that name: themes colour only its own. */
const standard: Partial<Record<SemanticTokenType, string>> = {
  userFunction: SemanticTokenTypes.method,
  window: SemanticTokenTypes.function,
  input: SemanticTokenTypes.interface,
  step: SemanticTokenTypes.class,
  output: SemanticTokenTypes.namespace,
  alias: SemanticTokenTypes.variable,
  column: SemanticTokenTypes.property,
};
const legend = {
  tokenTypes: [...new Set(semanticTokenTypes.map((type) => standard[type] ?? type))],
  tokenModifiers: [SemanticTokenModifiers.definition],
};

export const semanticTokens: Feature = {
  capabilities: { semanticTokensProvider: { legend, full: true } },
  register: (context) => {
    context.connection.languages.semanticTokens.on(async (params, token) => {
      const built = await answer(context, params, token, ({ document, snapshot }) => {
        const builder = new SemanticTokensBuilder();
        for (const { span, type, definition } of compute(snapshot)) {
          const index = legend.tokenTypes.indexOf(standard[type] ?? type);
          const { line, character } = toRange(document, span).start;
          // A token of the protocol ends with its line.
          for (const [below, part] of snapshot.text
            .slice(span.start, span.end)
            .split(/\r\n|\r|\n/)
            .entries())
            if (part !== '') builder.push(line + below, below === 0 ? character : 0, part.length, index, definition ? 1 : 0);
        }
        return builder.build();
      });
      return built ?? { data: [] };
    });
  },
};
