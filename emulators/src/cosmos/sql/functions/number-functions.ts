/** Mathematical functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/system-functions#mathematical-functions */
import { builtIn, type Family, numeric } from './built-in.ts';

export const numberFunctions: Family = {
  ABS: numeric(1, Math.abs),
  ACOS: numeric(1, Math.acos),
  ASIN: numeric(1, Math.asin),
  ATAN: numeric(1, Math.atan),
  ATN2: numeric(2, Math.atan2),
  CEILING: numeric(1, Math.ceil),
  COS: numeric(1, Math.cos),
  COT: numeric(1, (value) => 1 / Math.tan(value)),
  DEGREES: numeric(1, (value) => (value * 180) / Math.PI),
  EXP: numeric(1, Math.exp),
  FLOOR: numeric(1, Math.floor),
  LOG: builtIn(1, 2, ([value, base]) => {
    if (typeof value !== 'number' || (base !== undefined && typeof base !== 'number')) return undefined;
    const result = base === undefined ? Math.log(value) : Math.log(value) / Math.log(base);
    return Number.isFinite(result) ? result : undefined;
  }),
  LOG10: numeric(1, Math.log10),
  PI: builtIn(0, 0, () => Math.PI),
  POWER: numeric(2, (base, exponent) => base ** exponent),
  RADIANS: numeric(1, (value) => (value * Math.PI) / 180),
  ROUND: numeric(1, (value) => Math.sign(value) * Math.round(Math.abs(value))),
  SIGN: numeric(1, Math.sign),
  SIN: numeric(1, Math.sin),
  SQRT: numeric(1, Math.sqrt),
  SQUARE: numeric(1, (value) => value * value),
  TAN: numeric(1, Math.tan),
  TRUNC: numeric(1, Math.trunc),
  NUMBERBIN: builtIn(1, 2, ([value, size = 1]) =>
    typeof value === 'number' && typeof size === 'number' && size !== 0 ? Math.floor(value / size) * size : undefined,
  ),
  INTADD: integral((left, right) => left + right),
  INTSUB: integral((left, right) => left - right),
  INTMUL: integral((left, right) => left * right),
  INTDIV: integral((left, right) => (right === 0 ? Number.NaN : Math.trunc(left / right))),
  INTMOD: integral((left, right) => left % right),
};

/** Integers only, and only as long as the result is exact. */
function integral(compute: (left: number, right: number) => number): Family[string] {
  return numeric(2, (left, right) => {
    if (!Number.isInteger(left) || !Number.isInteger(right)) return Number.NaN;
    const result = compute(left as number, right as number);
    return Number.isSafeInteger(result) ? result : Number.NaN;
  });
}
