/** The limit on what a job may hold: an error that says what holds it and what to do, long before the memory is full. */
import { EvaluationError } from '../expressions/value.ts';
import type { Operator } from '../operators/operator.ts';
import type { PlanNode } from '../plan/nodes.ts';

/** Well below what V8 gives a process by default, for the figures are estimates. */
export const stateBytesMaxDefault = 1 << 30;

const holders: { readonly [kind in PlanNode['kind']]: readonly [what: string, advice: string] } = {
  source: [
    'rows of an input that wait for their turn',
    'lower the late arrival or out-of-order tolerance, or give time policies where there are none',
  ],
  aggregate: ['open windows', 'shorten the window, or group by a key with fewer values'],
  analytic: ['histories of analytic functions', 'shorten LIMIT DURATION, or partition by a key with fewer values'],
  join: ['rows that a JOIN keeps', 'narrow the DATEDIFF bound, or filter both sides in steps before'],
  union: ['rows of a UNION whose other branch lags behind', 'see that all inputs go on'],
  match: ['rows that may still belong to a match', 'shorten LIMIT DURATION of MATCH_RECOGNIZE'],
  filter: ['rows', 'filter more'],
  project: ['rows', 'filter more'],
  apply: ['rows', 'filter more'],
  output: ['rows', 'take them'],
};

/** Throws an EvaluationError where operators hold more than the limit together. */
export function assertStateWithin(operators: ReadonlyMap<Operator, PlanNode['kind']>, bytesMax: number): void {
  let total = 0;
  let largest = 0;
  let holder: PlanNode['kind'] = 'source';
  for (const [operator, kind] of operators) {
    const { heldBytes } = operator;
    total += heldBytes;
    if (heldBytes <= largest) continue;
    largest = heldBytes;
    holder = kind;
  }
  if (total <= bytesMax) return;
  const [what, advice] = holders[holder];
  throw new EvaluationError(
    `The job holds about ${sizeText(total)}, more than its limit of ${sizeText(bytesMax)}, most of it ${what}: ${advice}.`,
  );
}

function sizeText(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.ceil(bytes / (1 << 20))} MB`;
}
