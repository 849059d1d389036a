/**
 * One SELECT from the tree: sources, analytic functions, WHERE, GROUP BY, HAVING, the list of columns; each a node on top
 * of the one before. Knows no operator.
 */
import type { Call, FromClause, QuerySpecification, SelectItem, Expression as Tree } from '@asaql/parser';
import type { Condition, Expression } from '../expressions/expression.ts';
import { type CompileContext, compileCondition, compileExpression } from '../expressions/from-tree.ts';
import { WatchedCondition } from '../expressions/watched.ts';
import { analyticFromTree } from './analytic-from-tree.ts';
import { applyFromTree } from './apply-from-tree.ts';
import type { Planner } from './from-tree.ts';
import { aggregateFromTree, type Grouping, groupingFromTree } from './group-from-tree.ts';
import { GroupScope } from './group-scope.ts';
import { joinFromTree } from './join-from-tree.ts';
import { matchFromTree } from './match-from-tree.ts';
import type { AggregateNode, AggregatePlan, AnalyticNode, FilterNode, PlanNode, ProjectNode } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import { CarriedRelation, type Relation, type SelectColumn, SelectRelation, sameName, slotOf } from './relation.ts';
import { analyticCalls, joinedNames, ownerOf, withOwnAnalytics } from './source-analytics.ts';
import { type NamedRelation, SourcesScope } from './sources-scope.ts';
import { isAggregateCall, isAnalyticCall, isSystemCall, someCall } from './tree-walk.ts';

/** The sources of a SELECT over one node. */
export interface Sources {
  readonly node: PlanNode;
  readonly named: readonly NamedRelation[];
  /** How far the timestamps of the joined rows behind one row can lie apart; 0 for one source. */
  readonly spanUs?: number;
}

/** `given`: what its FROM reads, where the caller knows better than the name. */
export function selectFromTree(select: QuerySpecification, planner: Planner, given: Relation | null = null): Relation {
  if (select.from === null) throw new PlanError('A SELECT needs a FROM.', select.span);
  const calls = analyticCalls(expressionsOf(select));
  const names = joinedNames(select.from);
  let sources = sourcesFromTree(select.from, calls, names, planner, given);
  let analytic: (call: Call) => Expression | null = () => null;
  if (calls.some((call) => ownerOf(call, names) === null)) {
    ({ sources, analytic } = withAnalytics(sources, planner));
  }
  const grouped = select.groupBy !== null;
  const before = grouped ? select.where : both(select.where, select.having);
  if (before !== null)
    sources = withFilter(sources, before, analytic, planner, (filter) => (analytic = carryAnalytic(filter, analytic, planner)));
  const scope = new SourcesScope(sources.named, planner.dictionary, analytic);
  if (grouped) return groupedSelect(select, sources, scope, planner);
  const aggregate = select.items.find((item) => item.kind === 'item' && someCall(item.expression, isAggregateCall));
  if (aggregate !== undefined)
    throw new PlanError('Aggregate functions must be used together with a GROUP BY clause.', aggregate.span);
  const context = planner.context(scope);
  return projected(select, sources.node, context, sources.named, planner);
}

function both(left: Tree | null, right: Tree | null): Tree | null {
  if (left === null || right === null) return left ?? right;
  return { kind: 'binary', operator: 'and', left, right, span: { start: left.span.start, end: right.span.end } };
}

function expressionsOf(select: QuerySpecification): readonly (Tree | null)[] {
  const keys = (select.groupBy?.items ?? []).filter((item): item is Tree => item.kind !== 'window' && item.kind !== 'windows');
  return [...select.items.map((item) => (item.kind === 'item' ? item.expression : null)), select.where, select.having, ...keys];
}

function sourcesFromTree(
  from: FromClause,
  selected: readonly Call[],
  names: readonly string[],
  planner: Planner,
  given: Relation | null,
): Sources {
  const relation = given ?? planner.source(from.source);
  const { alias } = from.source;
  const written = from.source.kind === 'source' ? from.source.name.text : null;
  const first: NamedRelation = {
    name: alias?.text ?? written ?? '',
    hiddenName: alias === null ? null : written,
    relation,
    timestamp: null,
  };
  const calls = [...selected, ...analyticCalls(from.joins.map((clause) => (clause.kind === 'join' ? clause.on : null)))];
  const own = (source: NamedRelation) => withOwnAnalytics(source, calls, names, planner);
  const left = own(first);
  let sources: Sources = { node: left.relation.node, named: [left] };
  for (const clause of from.joins) {
    sources = clause.kind === 'join' ? joinFromTree(sources, clause, own, planner) : applyFromTree(sources, clause, planner);
  }
  return from.matchRecognize === null ? sources : matchFromTree(sources, from.matchRecognize, planner);
}

/** Every source seen through a node that carries slots on. */
export function carried(sources: Sources, node: PlanNode, carry: (slot: number) => number, planner: Planner): Sources {
  const named = sources.named.map((source) => {
    const { timestamp } = source;
    return {
      ...source,
      relation: new CarriedRelation(node, source.relation, carry),
      timestamp:
        timestamp === null ? null : () => new SourcesScope([], planner.dictionary).column(carry(slotNumber(timestamp()))),
      ...carriedAnalytic(source, carry),
    };
  });
  return { node, named };
}

/** The analytic functions of a source, seen through a node that carries slots on. */
export function carriedAnalytic({ analytic }: NamedRelation, carry: (slot: number) => number): Pick<NamedRelation, 'analytic'> {
  if (analytic === undefined) return {};
  return {
    analytic: (call) => {
      const slot = analytic(call);
      return slot === null ? null : carry(slot);
    },
  };
}

function slotNumber(expression: Expression): number {
  return Number(expression.key.slice(1));
}

function withAnalytics(sources: Sources, planner: Planner): { sources: Sources; analytic: (call: Call) => Expression | null } {
  const node = planner.add<AnalyticNode>({ kind: 'analytic', source: sources.node, slots: [], analytics: [] });
  const inner = new SourcesScope(sources.named, planner.dictionary);
  const context = planner.context(inner);
  const carry = (slot: number) =>
    slotOf<AnalyticNode['slots'][number]>(
      node.slots,
      { kind: 'carried', slot },
      (known) => known.kind === 'carried' && known.slot === slot,
    );
  const analytic = (call: Call): Expression | null => {
    if (!isAnalyticCall(call)) return null;
    const plan = analyticFromTree(call, context, inner);
    const index = slotOf(node.analytics, plan, (known) => known.key === plan.key);
    const slot = slotOf<AnalyticNode['slots'][number]>(
      node.slots,
      { kind: 'analytic', index },
      (known) => known.kind === 'analytic' && known.index === index,
    );
    return inner.column(slot);
  };
  return { sources: carried(sources, node, carry, planner), analytic };
}

function withFilter(
  sources: Sources,
  where: Tree,
  analytic: (call: Call) => Expression | null,
  planner: Planner,
  filtered: (filter: FilterNode) => void,
): Sources {
  const context = planner.context(new SourcesScope(sources.named, planner.dictionary, analytic));
  const wrong = someCall(where, isAggregateCall);
  if (wrong) throw new PlanError('Aggregate functions cannot be used in WHERE: use HAVING.', where.span);
  const node = planner.add<FilterNode>({
    kind: 'filter',
    source: sources.node,
    condition: compileWatched(where, context),
    carried: [],
  });
  filtered(node);
  return carried(sources, node, carryThrough(node), planner);
}

/** The condition of a WHERE or HAVING, which tells how it goes where somebody watches. */
function compileWatched(tree: Tree, context: CompileContext): Condition {
  const condition = compileCondition(tree, context);
  return context.watch === null ? condition : new WatchedCondition(condition, tree.span.start, context.watch);
}

export function carryThrough(node: { readonly carried: number[] }): (slot: number) => number {
  return (slot) => slotOf(node.carried, slot, (known) => known === slot);
}

function carryAnalytic(
  filter: FilterNode,
  analytic: (call: Call) => Expression | null,
  planner: Planner,
): (call: Call) => Expression | null {
  const carry = carryThrough(filter);
  return (call) => {
    const inner = analytic(call);
    return inner === null ? null : new SourcesScope([], planner.dictionary).column(carry(slotNumber(inner)));
  };
}

function groupedSelect(select: QuerySpecification, sources: Sources, scope: SourcesScope, planner: Planner): Relation {
  if (select.groupBy === null) throw new PlanError('GROUP BY is missing.', select.span);
  const star = select.items.find((item) => item.kind === 'star');
  if (star !== undefined) {
    throw new PlanError(
      "Column '*' cannot be used in SELECT clause when GROUP BY clause is present. Only aggregating expressions and the expressions specified in the GROUP BY clause are allowed.",
      star.span,
    );
  }
  const context = planner.context(scope);
  const grouping = withPartitionKeys(groupingFromTree(select.groupBy, scope), select.from, scope);
  const node = planner.add<AggregateNode>({
    kind: 'aggregate',
    source: sources.node,
    windows: grouping.windows,
    keys: grouping.keys.map((key) =>
      isSystemCall(key, 'timestamp') ? (scope.replacement(key) as Expression) : compileExpression(key, context),
    ),
    aggregates: [],
  });
  const windowSlot = node.keys.length;
  const aggregateSlot = (plan: AggregatePlan) =>
    windowSlot + 1 + slotOf(node.aggregates, plan, (known) => known.key === plan.key && known.part === plan.part);
  const columns = {
    keys: new Map(grouping.keys.map((key, index) => [scope.treeText(key), index])),
    windowSlot,
    aggregate: (call: Call) => aggregateSlot(aggregateFromTree(call, context, scope)),
    aggregatePart: (call: Call, property: string) => {
      if (call.prefix !== null || call.name.text.toLowerCase() !== 'topone') return null;
      const plan = aggregateFromTree(call, context, scope);
      // An open row may hold the property in a part that has no name: then the row must be looked into.
      if (plan.partNames === null || plan.partNames.includes(null)) return null;
      const part = plan.partNames.findIndex((name) => name !== null && sameName(name, property));
      return part === -1 ? null : aggregateSlot({ ...plan, part });
    },
  };
  const plain: CompileContext = planner.context(new GroupScope(scope, columns, planner.dictionary, () => null));
  if (select.having === null) return projected(select, node, plain, [], planner);
  const byAlias = (name: string): Expression | null => {
    const item = select.items.find(
      (candidate) => candidate.kind === 'item' && candidate.alias !== null && sameName(candidate.alias.text, name),
    );
    return item?.kind === 'item' ? compileExpression(item.expression, plain) : null;
  };
  const having = planner.context(new GroupScope(scope, columns, planner.dictionary, byAlias));
  const filter = planner.add<FilterNode>({
    kind: 'filter',
    source: node,
    condition: compileWatched(select.having, having),
    carried: [],
  });
  const carry = carryThrough(filter);
  const after = planner.context(new CarriedGroupScope(scope, columns, planner, carry));
  return projected(select, filter, after, [], planner);
}

/** PARTITION BY on the source makes the results independent by its keys: they group too (semantics.md). */
function withPartitionKeys(grouping: Grouping, from: FromClause | null, scope: SourcesScope): Grouping {
  if (from === null || from.joins.length > 0 || from.source.kind !== 'source' || from.source.partitionBy === null)
    return grouping;
  const known = new Set(grouping.keys.map((key) => scope.treeText(key)));
  const added = from.source.partitionBy.keys.filter((key) => !known.has(scope.treeText(key)));
  return { windows: grouping.windows, keys: [...grouping.keys, ...added] };
}

/** GroupScope whose slots are those of the filter on top. */
class CarriedGroupScope extends GroupScope {
  readonly #carry: (slot: number) => number;

  constructor(
    inner: SourcesScope,
    columns: ConstructorParameters<typeof GroupScope>[1],
    planner: Planner,
    carry: (slot: number) => number,
  ) {
    super(inner, columns, planner.dictionary, () => null);
    this.#carry = carry;
  }

  protected override slot(slot: number): number {
    return this.#carry(slot);
  }
}

function projected(
  select: QuerySpecification,
  source: PlanNode,
  context: CompileContext,
  named: readonly NamedRelation[],
  planner: Planner,
): Relation {
  const node = planner.add<ProjectNode>({ kind: 'project', source, expressions: [] });
  const columns = select.items.flatMap((item, index) => columnsOf(item, index, context, named));
  return new SelectRelation(
    node,
    columns,
    named.length > 0 && named.every(({ relation }) => relation.reference),
    planner.dictionary,
  );
}

function columnsOf(
  item: SelectItem,
  index: number,
  context: CompileContext,
  named: readonly NamedRelation[],
): readonly SelectColumn[] {
  if (item.kind === 'item') {
    let compiled: Expression | null = null;
    const expression = () => {
      compiled ??= compileExpression(item.expression, context);
      return compiled;
    };
    const part = (property: string) => context.scope.part(item.expression, property);
    return [{ kind: 'named', name: item.alias?.text ?? defaultName(item.expression, index), expression, part }];
  }
  const { qualifier } = item;
  if (qualifier === null) {
    if (named.length > 1 && named.some(({ timestamp }) => timestamp !== null))
      throw new PlanError('SELECT * cannot be used in JOIN statements: name the columns, or use alias.*.', item.span);
    return named.map(({ relation }) => ({ kind: 'relation', relation }));
  }
  const source =
    qualifier.parts.length === 1 ? named.find(({ name }) => sameName(name, qualifier.parts[0]?.text ?? '')) : undefined;
  if (source !== undefined) return [{ kind: 'relation', relation: source.relation }];
  return [{ kind: 'record', expression: () => compileExpression(qualifier, context) }];
}

/** Names of columns without an alias: https://learn.microsoft.com/stream-analytics-query/select-azure-stream-analytics */
export function defaultName(node: Tree, index: number): string {
  switch (node.kind) {
    case 'path':
      return node.parts.at(-1)?.text ?? `column${index + 1}`;
    case 'member':
      return node.name.text;
    case 'call':
      return node.name.text.toLowerCase();
    case 'parenthesized':
      return defaultName(node.expression, index);
    default:
      return `column${index + 1}`;
  }
}
