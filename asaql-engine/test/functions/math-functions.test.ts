/** Numbers. Rows marked "page" are examples of the reference. */
import { date, record, table } from './function-table.ts';

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const notNumber = /The 1st argument of function \w+ has invalid type 'nvarchar\(max\)'\. Only 'bigint', 'float' is allowed\./;
const notFloat = /The 1st argument of function \w+ has invalid type 'nvarchar\(max\)'\. Only 'float' is allowed\./;

table('ABS', [
  [[-5n], 5n],
  [[-1.5], 1.5],
  [[0n], 0n],
  [[-0], 0],
  [[int64Max], int64Max],
  [[int64Min], /Arithmetic overflow/],
  [[null], null],
  [['-1'], notNumber],
  [[true], /has invalid type 'bit'/],
]);

table('CEILING', [
  [[1.2], 2],
  [[-1.2], -1],
  [[-0.5], 0],
  [[7n], 7n],
  [[int64Max], int64Max],
  [[1e300], 1e300],
  [[null], null],
  [['1.2'], notNumber],
]);

table('FLOOR', [
  [[1.8], 1],
  [[-1.2], -2],
  [[0], 0],
  [[-7n], -7n],
  [[int64Min], int64Min],
  [[null], null],
  [['1.2'], notNumber],
]);

table('SIGN', [
  [[-3n], -1n],
  [[0n], 0n],
  [[3n], 1n],
  [[-0.1], -1],
  [[0], 0],
  [[-0], 0],
  [[2.5], 1],
  [[null], null],
  [['1'], notNumber],
]);

table('EXP', [
  [[0n], 1],
  [[1], Math.E],
  [['0'], 1],
  [[-1000], 0],
  [[710], /Arithmetic overflow: the result of function exp for 710 is too large\./],
  [[null], null],
  [['x'], notFloat],
  [[date('2024-01-01')], /has invalid type 'datetime'/],
]);

table('SQUARE', [
  [[3n], 9],
  [[-1.5], 2.25],
  [['2'], 4],
  [[0n], 0],
  [[int64Max], 2 ** 126],
  [[1e200], /Arithmetic overflow/],
  [[null], null],
  [['x'], notFloat],
]);

table('SQRT', [
  [[9n], 3],
  [[2], Math.SQRT2],
  [[0n], 0],
  [['16'], 4],
  [[-1n], /The 1st argument of function sqrt is -1: a square root needs a value that is not negative\./],
  [[null], null],
  [['x'], notFloat],
]);

table('POWER', [
  [[2n, 10n], 1024n],
  [[2.5, 2n], 6.25],
  [['2', 3n], 8],
  [[2n, 62n], 2n ** 62n],
  // Exact beyond 2^53.
  [[3n, 39n], 3n ** 39n],
  [[-2n, 63n], int64Min],
  [[2n, 63n], /Arithmetic overflow/],
  [[10n, int64Max], /Arithmetic overflow/],
  [[1n, int64Max], 1n],
  [[-1n, int64Max], -1n],
  [[-1n, int64Min], 1n],
  [[0n, 0n], 1n],
  [[0n, 5n], 0n],
  [[5n, 0n], 1n],
  [[0, 0n], 1],
  // A bigint stays a bigint, so what is no whole number is cut off.
  [[2n, -1n], 0n],
  [[2n, 0.5], 1n],
  [[9n, 0.5], 3n],
  [[9, 0.5], 3],
  [[0n, -1n], /Divide by zero/],
  [[0, -1n], /Divide by zero/],
  [[-8, 0.5], /The result of function power for -8, 0\.5 is no number\./],
  [[10, 400n], /Arithmetic overflow/],
  [[null, 2n], null],
  [[2n, null], null],
  [['x', 2n], notFloat],
  [[2n, '2'], /The 2nd argument of function power has invalid type 'nvarchar\(max\)'\. Only 'bigint', 'float' is allowed\./],
]);

table('ROUND', [
  // page
  [[1n, 0n], 1n],
  [[0n, 0n], 0n],
  [[-1n, 0n], -1n],
  [[1, 0n], 1],
  [[0.5, 0n], 1],
  [[-0.5, 0n], -1],
  [[1.234, 2n], 1.23],
  [[1.234, 10n], 1.234],
  [[123.4, -1n], 120],
  [[123.4, -10n], 0],
  [[501.0101, -3n], 1000],
  [[123.9995, 3n], 124],
  // The input-validation article.
  [[1.7145, 2n], 1.71],
  [[-4.85436, 2n], -4.85],
  [[1.005, 2n], 1.01],
  [[-2.5, 0n], -3],
  [[0.49999999999999994, 0n], 0],
  [[4503599627370497, 0n], 4503599627370497],
  [[-0.4, 0n], -0 + 0],
  [[1e-7, 7n], 1e-7],
  [[1.5e300, 300n], 1.5e300],
  [[5e-324, 2n ** 62n], 5e-324],
  [[1.7e308, -308n], /Arithmetic overflow/],
  [[1.2e308, -308n], 1e308],
  [[155n, -1n], 160n],
  [[-155n, -1n], -160n],
  [[5n, -1n], 10n],
  [[4n, -1n], 0n],
  [[int64Max, -1n], /Arithmetic overflow/],
  [[int64Max, -2n], 9223372036854775800n],
  [[int64Max, -19n], /Arithmetic overflow/],
  [[int64Max, -20n], 0n],
  [[4n * 10n ** 18n, -19n], 0n],
  [[123n, -(2n ** 62n)], 0n],
  [[null, 2n], null],
  [[1.5, null], null],
  [['1.5', 2n], notNumber],
  [[record({}), 2n], /has invalid type 'record'/],
  [[1.5, 1.5], /The 2nd argument of function round has invalid type 'float'\. Only 'bigint' is allowed\./],
]);
