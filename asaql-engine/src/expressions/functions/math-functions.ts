/** Mathematical functions: https://learn.microsoft.com/stream-analytics-query/mathematical-functions-azure-stream-analytics */
import { checkedInt64, EvaluationError, typeOf, type Value } from '../value.ts';
import type { ScalarFunction } from './signature.ts';

function wrongArgument(position: string, name: string, value: Value): EvaluationError {
  const type = typeOf(value);
  return new EvaluationError(
    `The ${position} argument of function ${name} has invalid type '${type}'. Only 'bigint', 'float' is allowed.`,
  );
}

/** Half away from zero; a negative length rounds left of the point: https://learn.microsoft.com/stream-analytics-query/round-azure-stream-analytics */
const round: ScalarFunction = {
  name: 'ROUND',
  minArguments: 2,
  maxArguments: 2,
  unitFirst: false,
  evaluate: ([value = null, length = null]) => {
    if (value === null || length === null) return null;
    if (typeof length !== 'bigint') throw wrongArgument('2nd', 'round', length);
    if (typeof value === 'bigint') return roundInteger(value, length);
    if (typeof value === 'number') return roundFloat(value, Number(length));
    throw wrongArgument('1st', 'round', value);
  },
};

function roundInteger(value: bigint, length: bigint): bigint {
  if (length >= 0n) return value;
  if (length < -19n) return 0n;
  const unit = 10n ** -length;
  const half = unit / 2n;
  return checkedInt64(((value < 0n ? value - half : value + half) / unit) * unit);
}

/** Works on the shortest decimal text of the number, so that 1.005 rounds to 1.01 as a person expects. */
function roundFloat(value: number, length: number): number {
  if (!Number.isFinite(value) || length > 300) return value;
  const shifted = Number(shift(Math.abs(value), length));
  const rounded = Math.floor(shifted + 0.5);
  return Math.sign(value) * Number(shift(rounded, -length)) || 0;
}

function shift(value: number, places: number): string {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return `${digits}e${Number(exponent) + places}`;
}

export const mathFunctions: readonly ScalarFunction[] = [round];
