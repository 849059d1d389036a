/**
 * The anomaly-detection functions from the tree.
 * Rules: https://learn.microsoft.com/stream-analytics-query/anomalydetection-spikeanddip-azure-stream-analytics
 * and https://learn.microsoft.com/stream-analytics-query/anomalydetection-changepoint-azure-stream-analytics
 */
import type { Argument, Call } from '@asaql/parser';
import { type CompileContext, compileExpression } from '../expressions/from-tree.ts';
import type { AnalyticPlan } from './nodes.ts';
import { PlanError } from './plan-error.ts';

export type AnomalyPlan = Extract<AnalyticPlan, { kind: 'anomaly' }>;

const modes = ['spikes', 'dips', 'spikesanddips'] as const;

export function anomalyFromTree(
  call: Call,
  common: Pick<AnomalyPlan, 'key' | 'partition' | 'when' | 'limitUs'>,
  context: CompileContext,
): AnomalyPlan {
  const [value, confidence, historySize, mode] = call.arguments;
  const spikes = call.name.text.toLowerCase() === 'anomalydetection_spikeanddip';
  const wanted = spikes ? 4 : 3;
  if (call.arguments.length !== wanted || value === undefined || value.kind === 'starArgument' || value.kind === 'unit')
    throw new PlanError(
      `${call.name.text} takes ${wanted} arguments: a number, the confidence, the history size${spikes ? ', the mode' : ''}.`,
      call.span,
    );
  const plan = {
    kind: 'anomaly',
    ...common,
    value: compileExpression(value, context),
    confidence: literal(
      confidence,
      call,
      'the confidence must be a number from 1 to 100',
      (number) => number >= 1 && number <= 100,
    ),
    historySize: literal(
      historySize,
      call,
      'the history size must be a whole number of events',
      (number) => Number.isInteger(number) && number >= 1,
    ),
  } as const;
  return { ...plan, method: spikes ? modeOf(mode, call) : 'changePoint' };
}

function literal(argument: Argument | undefined, call: Call, what: string, fits: (number: number) => boolean): number {
  const number = argument?.kind === 'number' ? Number(argument.text) : Number.NaN;
  if (fits(number)) return number;
  throw new PlanError(`${call.name.text}: ${what}.`, argument?.span ?? call.span);
}

function modeOf(argument: Argument | undefined, call: Call): AnomalyPlan['method'] {
  const text = argument?.kind === 'string' ? argument.value.toLowerCase() : '';
  const mode = modes.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new PlanError(`${call.name.text}: the mode must be 'spikes', 'dips' or 'spikesanddips'.`, argument?.span ?? call.span);
}
