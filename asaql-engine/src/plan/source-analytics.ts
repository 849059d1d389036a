/**
 * Analytic functions of one source of a JOIN: worked out over that source's own rows, before the rows are joined
 * (https://learn.microsoft.com/stream-analytics-query/lag-azure-stream-analytics: evaluated before the join conditions).
 * So they may stand in ON. One that names fields of several sources, or of none, is worked out over the joined rows.
 */
import type { Call, FromClause, Path, Expression as Tree } from '@asaql/parser';
import { analyticFromTree } from './analytic-from-tree.ts';
import type { Planner } from './from-tree.ts';
import type { AnalyticNode } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import { CarriedRelation, sameName, slotOf } from './relation.ts';
import { type NamedRelation, SourcesScope } from './sources-scope.ts';
import { childrenOf, isAnalyticCall } from './tree-walk.ts';

/** Names of the sources of a FROM; empty where nothing is joined. */
export function joinedNames(from: FromClause | null): readonly string[] {
  if (from === null || !from.joins.some((clause) => clause.kind === 'join')) return [];
  const names = [from.source, ...from.joins.flatMap((clause) => (clause.kind === 'join' ? [clause.source] : []))];
  return names.map((source) => source.alias?.text ?? (source.kind === 'source' ? source.name.text : ''));
}

/** All analytic calls in these expressions. */
export function analyticCalls(trees: readonly (Tree | null)[]): readonly Call[] {
  return trees.flatMap((tree): readonly Call[] => {
    if (tree === null) return [];
    return tree.kind === 'call' && isAnalyticCall(tree) ? [tree] : analyticCalls(childrenOf(tree));
  });
}

/** The one source whose fields the call names; null: several, or none. */
export function ownerOf(call: Call, names: readonly string[]): string | null {
  const owners = new Set(pathsIn(call).map((path) => names.find((name) => sameName(name, path.parts[0]?.text ?? '')) ?? null));
  return owners.size === 1 ? ([...owners][0] ?? null) : null;
}

function pathsIn(node: Tree): readonly Path[] {
  return node.kind === 'path' ? [node] : childrenOf(node).flatMap(pathsIn);
}

/** The source with its analytic functions worked out; as it is where it has none. */
export function withOwnAnalytics(
  source: NamedRelation,
  calls: readonly Call[],
  names: readonly string[],
  planner: Planner,
): NamedRelation {
  const own = calls.find((call) => sameName(ownerOf(call, names) ?? '', source.name));
  if (own === undefined || source.name === '') return source;
  if (source.relation.reference)
    throw new PlanError(`Analytic functions need a stream: '${source.name}' is reference data.`, own.span);
  const node = planner.add<AnalyticNode>({ kind: 'analytic', source: source.relation.node, slots: [], analytics: [] });
  const scope = new SourcesScope([source], planner.dictionary);
  const slot = (wanted: AnalyticNode['slots'][number]) =>
    slotOf(node.slots, wanted, (known) => JSON.stringify(known) === JSON.stringify(wanted));
  return {
    ...source,
    relation: new CarriedRelation(node, source.relation, (inner) => slot({ kind: 'carried', slot: inner })),
    analytic: (call) => {
      if (!isAnalyticCall(call) || !sameName(ownerOf(call, names) ?? '', source.name)) return null;
      const plan = analyticFromTree(call, planner.context(scope), scope);
      const index = slotOf(node.analytics, plan, (known) => known.key === plan.key);
      return slot({ kind: 'analytic', index });
    },
  };
}
