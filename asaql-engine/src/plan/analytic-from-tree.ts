/** Analytic functions from the tree. Rules: https://learn.microsoft.com/stream-analytics-query/over-azure-stream-analytics */
import type { Argument, Call } from '@asaql/parser';
import type { Expression } from '../expressions/expression.ts';
import { type CompileContext, compileCondition, compileExpression } from '../expressions/from-tree.ts';
import { MakeRecord } from '../expressions/references.ts';
import { durationUs, lengthOfUnitUs } from '../time/duration.ts';
import { anomalyFromTree } from './anomaly-from-tree.ts';
import { aggregateFromTree, rowOrValue } from './group-from-tree.ts';
import type { AnalyticPlan } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import type { SourcesScope } from './sources-scope.ts';
import { childrenOf, isAnalyticCall, someCall } from './tree-walk.ts';

export function analyticFromTree(call: Call, context: CompileContext, scope: SourcesScope): AnalyticPlan {
  const name = call.name.text.toLowerCase();
  if (childrenOf(call).some((child) => someCall(child, isAnalyticCall)))
    throw new PlanError('Analytic functions cannot be nested: use a step.', call.span);
  const key = scope.treeText(call);
  const partition = (call.over?.partitionBy ?? []).map((part) => compileExpression(part, context));
  const when = call.over?.when == null ? null : compileCondition(call.over.when, context);
  if (name === 'isfirst') {
    const [unit, amount] = call.arguments;
    const length = unit?.kind === 'unit' ? lengthOfUnitUs(unit.unit) : undefined;
    if (length === undefined || amount?.kind !== 'number')
      throw new PlanError('ISFIRST needs a unit (day or smaller) and a number.', call.span);
    return { kind: 'isFirst', key, intervalUs: length * Number(amount.text), partition, when };
  }
  if (call.over === null || call.over.limit === null)
    throw new PlanError(`${call.name.text} needs OVER (… LIMIT DURATION(unit, length)).`, call.span);
  const limitUs = durationUs(call.over.limit);
  if (name === 'lag' || name === 'last') return lag(call, name, { key, partition, when, limitUs }, context, scope);
  if (name.startsWith('anomalydetection')) return anomalyFromTree(call, { key, partition, when, limitUs }, context);
  if (call.distinct) throw new PlanError('DISTINCT cannot be used with OVER.', call.span);
  return { kind: 'aggregate', key, aggregate: aggregateFromTree(call, context, scope), partition, when, limitUs };
}

type Common = Pick<Extract<AnalyticPlan, { kind: 'lag' }>, 'key' | 'partition' | 'when' | 'limitUs'>;

function lag(call: Call, name: 'lag' | 'last', common: Common, context: CompileContext, scope: SourcesScope): AnalyticPlan {
  const [argument, second, third] = call.arguments;
  if (argument === undefined) throw new PlanError(`${call.name.text} needs an argument.`, call.span);
  let offset = 0;
  if (name === 'lag') {
    if (second !== undefined && (second.kind !== 'number' || second.numeric !== 'bigint'))
      throw new PlanError('LAG: the offset must be an integer literal.', call.span);
    offset = second?.kind === 'number' ? Number(second.text) : 1;
    if (offset < 1) throw new PlanError('LAG: the offset must be at least 1; LAST includes the current row.', call.span);
  }
  const fallback = name === 'lag' ? third : second;
  return {
    kind: 'lag',
    ...common,
    value: wholeOrValue(argument, scope, context),
    offset,
    otherwise: fallback === undefined ? null : wholeOrValue(fallback, scope, context),
  };
}

function wholeOrValue(argument: Argument, scope: SourcesScope, context: CompileContext): Expression {
  const { values, partNames } = rowOrValue(argument, scope, context);
  if (partNames === null) return values[0] as Expression;
  return new MakeRecord(
    context.dictionary,
    values.map((value, index) => ({ name: partNames[index] ?? null, value })),
  );
}
