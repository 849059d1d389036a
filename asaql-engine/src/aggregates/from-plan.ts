/** Makes the aggregators of an operator from their plans, and collects the arguments they share. */
import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import type { AggregatePlan } from '../plan/nodes.ts';
import type { Aggregator } from './aggregator.ts';
import { Count } from './count.ts';
import { CountDistinct } from './count-distinct.ts';
import { Extreme, SlidingExtreme } from './extreme.ts';
import { Percentile } from './percentile.ts';
import { collected, collectedTop, RowList, topOf } from './row-list.ts';
import { Sum } from './sum.ts';
import { type RowParts, TopOne, TopOnePart } from './top-one.ts';
import { UserAggregated } from './user-aggregated.ts';
import { Variance } from './variance.ts';

export interface AggregatorMaker {
  /** The arguments of all aggregates, each once. */
  readonly inputs: readonly Expression[];
  /** New aggregators, one a plan. `removable`: rows will be removed again. */
  make(removable: boolean): Aggregator[];
}

export function aggregatorMaker(plans: readonly AggregatePlan[], dictionary: Dictionary): AggregatorMaker {
  const inputs: Expression[] = [];
  const position = (expression: Expression): number => {
    const known = inputs.findIndex((input) => input.key === expression.key);
    if (known !== -1) return known;
    inputs.push(expression);
    return inputs.length - 1;
  };
  const bound = plans.map((plan) => ({
    plan,
    values: plan.values.map(position),
    orders: plan.orders.map((order) => ({ input: position(order.expression), descending: order.descending })),
  }));
  const make = (removable: boolean): Aggregator[] => {
    const whole = new Map<string, TopOne>();
    return bound.map((one) => {
      const { plan } = one;
      if (plan.kind !== 'topOne' || removable) return makeAggregator(one, removable, dictionary);
      // Several parts of one TopOne share the row that it keeps.
      const known = whole.get(plan.key);
      if (known !== undefined) return new TopOnePart(known, plan.part);
      const top = new TopOne(one.orders, { inputs: one.values, names: plan.partNames }, plan.part, dictionary);
      whole.set(plan.key, top);
      return top;
    });
  };
  return { inputs, make };
}

function partOf(parts: RowParts, part: number | null): RowParts {
  return part === null ? parts : { inputs: [parts.inputs[part] as number], names: null };
}

interface BoundPlan {
  readonly plan: AggregatePlan;
  readonly values: readonly number[];
  readonly orders: readonly { readonly input: number; readonly descending: boolean }[];
}

function makeAggregator({ plan, values, orders }: BoundPlan, removable: boolean, dictionary: Dictionary): Aggregator {
  const input = values[0] ?? -1;
  const parts = { inputs: values, names: plan.partNames };
  switch (plan.kind) {
    case 'count':
      return new Count(input);
    case 'countDistinct':
      return new CountDistinct(input, dictionary);
    case 'sum':
      return new Sum(input, false);
    case 'avg':
      return new Sum(input, true);
    case 'min':
      return removable ? new SlidingExtreme(input, -1, dictionary) : new Extreme(input, -1, dictionary);
    case 'max':
      return removable ? new SlidingExtreme(input, 1, dictionary) : new Extreme(input, 1, dictionary);
    case 'var':
      return new Variance(input, true, false);
    case 'varp':
      return new Variance(input, false, false);
    case 'stdev':
      return new Variance(input, true, true);
    case 'stdevp':
      return new Variance(input, false, true);
    case 'percentileCont':
    case 'percentileDisc':
      return new Percentile(input, plan.parameter, plan.kind === 'percentileCont', orders[0]?.descending ?? false);
    case 'collect':
      return new RowList([], parts, collected);
    case 'collectTop':
      return new RowList(orders, parts, collectedTop(plan.parameter, orders));
    case 'topOne':
      return new RowList(orders, partOf(parts, plan.part), topOf(orders));
    case 'user':
      if (plan.user === null) throw new Error('A user-defined aggregate without its function.');
      return new UserAggregated(parts, plan.user, removable);
  }
}
