/**
 * Mathematical functions: https://learn.microsoft.com/stream-analytics-query/mathematical-functions-azure-stream-analytics
 *
 * The reference says nothing of results that are no number or too large: they fail, as in T-SQL. A bigint stays exact.
 */
import { checkedInt64, EvaluationError, type Value } from '../value.ts';
import { type CallArguments, nullIfAnyNull } from './call-arguments.ts';
import type { ScalarFunction } from './signature.ts';

/** https://learn.microsoft.com/stream-analytics-query/abs-azure-stream-analytics */
const abs = sameType(
  'ABS',
  (value) => checkedInt64(value < 0n ? -value : value),
  (value) => Math.abs(value),
);

/** https://learn.microsoft.com/stream-analytics-query/ceiling-azure-stream-analytics */
const ceiling = sameType('CEILING', (value) => value, Math.ceil);

/** https://learn.microsoft.com/stream-analytics-query/floor-azure-stream-analytics */
const floor = sameType('FLOOR', (value) => value, Math.floor);

/** https://learn.microsoft.com/stream-analytics-query/sign-azure-stream-analytics */
const sign = sameType('SIGN', (value) => (value > 0n ? 1n : value < 0n ? -1n : 0n), Math.sign);

/** https://learn.microsoft.com/stream-analytics-query/exp-azure-stream-analytics */
const exp = nullIfAnyNull('EXP', 1, (args) => finite(args, Math.exp(args.float(0))));

/** https://learn.microsoft.com/stream-analytics-query/square-azure-stream-analytics */
const square = nullIfAnyNull('SQUARE', 1, (args) => finite(args, args.float(0) ** 2));

/** "The value must be non-negative": https://learn.microsoft.com/stream-analytics-query/sqrt-azure-stream-analytics */
const sqrt = nullIfAnyNull('SQRT', 1, (args) => {
  const value = args.float(0);
  if (value < 0) throw args.wrongValue(0, `is ${value}: a square root needs a value that is not negative.`);
  return finite(args, Math.sqrt(value));
});

/**
 * The type of the first argument: a bigint result is exact, and what is no whole number is cut off (POWER(2, -1) is 0), as in
 * T-SQL. https://learn.microsoft.com/stream-analytics-query/power-azure-stream-analytics
 */
const power = nullIfAnyNull('POWER', 2, (args) => {
  const base = typeof args.value(0) === 'bigint' ? args.number(0) : args.float(0);
  const exponent = args.number(1);
  if (Number(base) === 0 && Number(exponent) < 0) {
    throw new EvaluationError('Divide by zero: function power has 0 as base and a negative exponent.');
  }
  if (typeof base === 'number') return finite(args, base ** Number(exponent));
  if (typeof exponent === 'bigint' && exponent >= 0n) return integerPower(args, base, exponent);
  const result = finite(args, Number(base) ** Number(exponent));
  return checkedInt64(BigInt(Math.trunc(result)));
});

function integerPower(args: CallArguments, base: bigint, exponent: bigint): bigint {
  if (base === 0n || base === 1n) return exponent === 0n ? 1n : base;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (exponent > 63n) throw overflow(args);
  return checkedInt64(base ** exponent);
}

/**
 * Half away from zero; a negative length rounds left of the point.
 * https://learn.microsoft.com/stream-analytics-query/round-azure-stream-analytics
 */
const round = nullIfAnyNull('ROUND', 2, (args) => {
  const value = args.number(0);
  const length = args.value(1);
  if (typeof length !== 'bigint') throw args.wrongType(1, "'bigint'");
  return typeof value === 'bigint' ? roundInteger(value, length) : finite(args, roundFloat(value, length));
});

function roundInteger(value: bigint, length: bigint): bigint {
  if (length >= 0n) return value;
  // Beyond 19 digits nothing is left, and 10 to that power would be a needlessly long number.
  if (length < -19n) return 0n;
  const unit = 10n ** -length;
  const half = unit / 2n;
  return checkedInt64(((value < 0n ? value - half : value + half) / unit) * unit);
}

/** Works on the shortest decimal text of the number, so that 1.005 rounds to 1.01 as a person expects. */
function roundFloat(value: number, length: bigint): number {
  // A double has no digit beyond the 324th place, and none to the left of the 309th.
  if (!Number.isFinite(value) || length > 324n) return value;
  if (length < -309n) return 0;
  const places = Number(length);
  // Of a value that is not negative Math.round takes the half away from zero, and exactly, which x + 0.5 is not.
  const rounded = Math.round(Number(shift(Math.abs(value), places)));
  // So many digits are kept that the shifted number is beyond the doubles: there is nothing to round.
  if (!Number.isFinite(rounded)) return value;
  return Math.sign(value) * Number(shift(rounded, -places));
}

function shift(value: number, places: number): string {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return `${digits}e${Number(exponent) + places}`;
}

/** A function of one bigint or float that returns the same type. */
function sameType(name: string, ofInteger: (value: bigint) => bigint, ofFloat: (value: number) => number): ScalarFunction {
  return nullIfAnyNull(name, 1, (args): Value => {
    const value = args.number(0);
    // + 0 makes 0 of the -0 that a float may become.
    return typeof value === 'bigint' ? ofInteger(value) : ofFloat(value) + 0;
  });
}

function finite(args: CallArguments, result: number): number {
  if (Number.isNaN(result)) {
    throw new EvaluationError(`The result of function ${args.name} for ${args.values.join(', ')} is no number.`);
  }
  if (!Number.isFinite(result)) throw overflow(args);
  return result + 0;
}

function overflow(args: CallArguments): EvaluationError {
  return new EvaluationError(
    `Arithmetic overflow: the result of function ${args.name} for ${args.values.join(', ')} is too large.`,
  );
}

export const mathFunctions: readonly ScalarFunction[] = [abs, ceiling, exp, floor, power, round, sign, sqrt, square];
