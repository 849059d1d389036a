/** GROUP BY and aggregates from the tree. Rules: https://learn.microsoft.com/stream-analytics-query/group-by-azure-stream-analytics */
import type { Argument, Call, GroupByClause, Expression as Tree, WindowSpecification } from '@asaql/parser';
import type { Expression } from '../expressions/expression.ts';
import { type CompileContext, compileExpression } from '../expressions/from-tree.ts';
import { boundedDurationUs, durationUs } from '../time/duration.ts';
import type { AggregateKind, AggregatePlan, WindowPlan } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import type { Relation } from './relation.ts';
import type { SourcesScope } from './sources-scope.ts';
import { isSystemCall, treeKey } from './tree-walk.ts';

export interface Grouping {
  readonly windows: readonly WindowPlan[];
  readonly keys: readonly Tree[];
}

export function groupingFromTree(clause: GroupByClause, scope: SourcesScope): Grouping {
  const pathText = (path: Parameters<SourcesScope['pathText']>[0]) => scope.pathText(path);
  const windows: { id: string | null; window: WindowSpecification }[] = [];
  const keys: Tree[] = [];
  for (const item of clause.items) {
    if (item.kind === 'window') windows.push({ id: null, window: item });
    else if (item.kind === 'windows') windows.push(...item.windows);
    else keys.push(item);
  }
  const windowItems = clause.items.filter((item) => item.kind === 'window' || item.kind === 'windows');
  const second = windowItems[1];
  if (second !== undefined) throw new PlanError('A GROUP BY takes one window: use Windows() for several.', second.span);
  if (windows.length === 0) {
    const snapshot = keys.findIndex((key) => isSystemCall(key, 'timestamp'));
    if (snapshot === -1)
      throw new PlanError('In GROUP BY a window must be specified: a window function or System.Timestamp().', clause.span);
    return { windows: [snapshotWindow(null)], keys: keys.filter((_, index) => index !== snapshot) };
  }
  const keyTexts = keys.map((key) => treeKey(key, pathText));
  return { windows: windows.map(({ id, window }) => windowFromTree(id, window, keyTexts, scope)), keys };
}

function snapshotWindow(id: string | null): WindowPlan {
  return {
    kind: 'snapshot',
    id,
    sizeUs: 1,
    hopUs: 1,
    offsetUs: 0,
    thinUs: 0,
    thinOffsetUs: 0,
    maxDurationUs: 0,
    partitionKeys: [],
  };
}

function windowFromTree(
  id: string | null,
  window: WindowSpecification,
  keyTexts: readonly string[],
  scope: SourcesScope,
): WindowPlan {
  const { span } = window;
  if (window.windowKind === 'snapshot') return snapshotWindow(id);
  const offsetUs = window.offset === null ? 0 : durationUs(window.offset);
  const sizeUs = boundedDurationUs(window.size, 'The size of the window', span);
  const common = { id, sizeUs, hopUs: sizeUs, offsetUs, thinUs: 0, thinOffsetUs: 0, maxDurationUs: 0, partitionKeys: [] };
  switch (window.windowKind) {
    case 'tumbling':
      return { ...common, kind: 'hopping' };
    case 'hopping':
      return { ...common, kind: 'hopping', hopUs: boundedDurationUs(window.hop, 'The hop of the window', span) };
    case 'sliding':
      return { ...common, kind: 'sliding' };
    default: {
      const partitionKeys = window.partitionBy.map((key) => {
        const position = keyTexts.indexOf(treeKey(key, (path) => scope.pathText(path)));
        if (position === -1) throw new PlanError('The PARTITION BY key of a session window must be in the GROUP BY.', key.span);
        return position;
      });
      return {
        ...common,
        kind: 'session',
        maxDurationUs: boundedDurationUs(window.maxDuration, 'The maximum duration of the session', span),
        partitionKeys,
      };
    }
  }
}

const simpleKinds: { readonly [name: string]: AggregateKind } = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  var: 'var',
  varp: 'varp',
  stdev: 'stdev',
  stdevp: 'stdevp',
};

/** An aggregate call as a plan; its arguments are compiled in `context`, the scope before grouping. */
export function aggregateFromTree(call: Call, context: CompileContext, scope: SourcesScope): AggregatePlan {
  const name = call.name.text.toLowerCase();
  // What is watched is never shared: each tells of itself.
  const place = context.watch === null ? '' : `@${call.span.start}`;
  const key = treeKey(call, (path) => scope.pathText(path)) + place;
  const base = { key, partNames: null, orders: [], parameter: 0, user: null, part: null } as const;
  if (call.prefix === 'uda') {
    const user = context.functions.aggregate(call.name.text);
    if (user === null) throw new PlanError(`Function 'uda.${call.name.text}' is unknown.`, call.span);
    return { ...base, kind: 'user', user, values: [argumentValue(call.arguments[0], call, context)] };
  }
  const orders = (call.over?.orderBy ?? []).map((item) => ({
    expression: compileExpression(item.expression, context),
    descending: item.descending,
  }));
  switch (name) {
    case 'percentile_cont':
    case 'percentile_disc':
      return percentile(call, name, orders, base);
    case 'collect':
      return { ...base, kind: 'collect', ...rowOrValue(call.arguments[0], scope, context) };
    case 'topone':
      if (orders.length === 0) throw new PlanError('TopOne needs OVER (ORDER BY …).', call.span);
      return { ...base, kind: 'topOne', orders, ...rowOrValue(call.arguments[0], scope, context) };
    case 'collecttop': {
      if (orders.length === 0) throw new PlanError('CollectTop needs OVER (ORDER BY …).', call.span);
      const [count] = call.arguments;
      if (count?.kind !== 'number' || count.numeric !== 'bigint')
        throw new PlanError('CollectTop: the first argument must be an integer literal.', call.span);
      return {
        ...base,
        kind: 'collectTop',
        parameter: Number(count.text),
        orders,
        ...rowOrValue(call.arguments[1], scope, context),
      };
    }
    default:
      break;
  }
  const kind = simpleKinds[name];
  if (kind === undefined) throw new PlanError(`Aggregate '${call.name.text}' is not supported.`, call.span);
  const [argument] = call.arguments;
  if (kind !== 'count') return { ...base, kind, values: [argumentValue(argument, call, context)] };
  const whole =
    argument === undefined || argument.kind === 'starArgument' || (argument.kind === 'path' && namesSource(argument, scope));
  if (whole && !call.distinct) return { ...base, kind, values: [] };
  return { ...base, kind: call.distinct ? 'countDistinct' : 'count', values: [argumentValue(argument, call, context)] };
}

function percentile(
  call: Call,
  name: string,
  orders: AggregatePlan['orders'],
  base: Omit<AggregatePlan, 'kind' | 'values'>,
): AggregatePlan {
  const [p] = call.arguments;
  const [order] = orders;
  if (p?.kind !== 'number' || Number(p.text) < 0 || Number(p.text) > 1)
    throw new PlanError(`${call.name.text}: the argument must be a literal from 0 to 1.`, call.span);
  if (order === undefined || orders.length > 1)
    throw new PlanError(`${call.name.text} needs OVER (ORDER BY one expression).`, call.span);
  if ((call.over?.partitionBy.length ?? 0) > 0)
    throw new PlanError(`${call.name.text} takes no PARTITION BY: put the key into GROUP BY.`, call.span);
  const kind = name === 'percentile_cont' ? 'percentileCont' : 'percentileDisc';
  return { ...base, kind, parameter: Number(p.text), orders, values: [order.expression] };
}

function namesSource(argument: Argument, scope: SourcesScope): boolean {
  return (
    argument.kind === 'path' &&
    argument.parts.length === 1 &&
    scope.sources.some(({ name }) => name.toLowerCase() === argument.parts[0]?.text.toLowerCase())
  );
}

function argumentValue(argument: Argument | undefined, call: Call, context: CompileContext): Expression {
  if (argument === undefined || argument.kind === 'starArgument' || argument.kind === 'unit') {
    throw new PlanError(`${call.name.text} needs an expression as its argument.`, call.span);
  }
  return compileExpression(argument, context);
}

/** The value, or without an argument the whole row, in parts that become a record only when somebody looks at it. */
export function rowOrValue(
  argument: Argument | undefined,
  scope: SourcesScope,
  context: CompileContext,
): { readonly values: readonly Expression[]; readonly partNames: readonly (string | null)[] | null } {
  if (argument !== undefined && argument.kind !== 'starArgument' && argument.kind !== 'unit') {
    return { values: [compileExpression(argument, context)], partNames: null };
  }
  const columns = scope.sources.flatMap(({ relation }) => starExpressions(relation, scope));
  return { values: columns.map(({ expression }) => expression), partNames: columns.map(({ name }) => name) };
}

function starExpressions(
  relation: Relation,
  scope: SourcesScope,
): readonly { readonly name: string | null; readonly expression: Expression }[] {
  return relation.star().map(({ name, slot }) => ({ name, expression: scope.column(slot) }));
}
