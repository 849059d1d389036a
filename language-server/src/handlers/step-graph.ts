/** asaql/stepGraph: inputs, steps and outputs of a query and who reads whom, for a diagram. A request of our own. */
import { stepGraph as compute, type StepGraph } from '@asaql/parser';
import { type Range, RequestType } from 'vscode-languageserver/node';
import { answer, type DocumentParams, type Feature } from '../server-context.ts';
import { toRange } from '../to-lsp/range.ts';

/** The parser's graph, with ranges in the place of spans; null for a document that is not open. */
export interface StepGraphAnswer {
  readonly nodes: readonly (Omit<StepGraph['nodes'][number], 'span'> & { readonly range: Range })[];
  readonly edges: readonly (Omit<StepGraph['edges'][number], 'span'> & { readonly range: Range })[];
}

export const stepGraphRequest = new RequestType<DocumentParams, StepGraphAnswer | null, void>('asaql/stepGraph');

export const stepGraph: Feature = {
  capabilities: { experimental: { stepGraph: true } },
  register: (context) => {
    context.connection.onRequest(stepGraphRequest, (params, token) =>
      answer(context, params, token, ({ document, snapshot }): StepGraphAnswer => {
        const { nodes, edges } = compute(snapshot);
        return {
          nodes: nodes.map(({ span, ...node }) => ({ ...node, range: toRange(document, span) })),
          edges: edges.map(({ span, ...edge }) => ({ ...edge, range: toRange(document, span) })),
        };
      }),
    );
  },
};
