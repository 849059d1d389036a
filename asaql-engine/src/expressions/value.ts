/**
 * A value of the language at run time, its types, and equality and order between values.
 * Must not know batches, columns or the syntax tree.
 *
 * | ASA type      | here                                             |
 * |---------------|--------------------------------------------------|
 * | bigint        | JavaScript `bigint`, exact, within 64 bits        |
 * | float         | JavaScript `number`                              |
 * | nvarchar(max) | `string`                                         |
 * | bit           | `boolean`                                        |
 * | datetime      | `DateTime`, 100 ns steps                         |
 * | record        | `RecordValue`                                    |
 * | array         | `readonly Value[]`                               |
 *
 * Types: https://learn.microsoft.com/stream-analytics-query/data-types-azure-stream-analytics
 */
import { formatDateTime } from './datetime-text.ts';
import { RecordValue } from './record-value.ts';

export { RecordValue } from './record-value.ts';

export type Value = null | boolean | bigint | number | string | DateTime | RecordValue | readonly Value[];

export type TypeName = 'bigint' | 'float' | 'nvarchar(max)' | 'datetime' | 'bit' | 'record' | 'array';

export const int64Min = -(2n ** 63n);
export const int64Max = 2n ** 63n - 1n;

/** An instant in UTC. `ms` is a whole number of milliseconds since 1970; `ticks` (0 … 9999) the 100 ns steps beyond it. */
export class DateTime {
  readonly ms: number;
  readonly ticks: number;

  constructor(ms: number, ticks = 0) {
    this.ms = ms;
    this.ticks = ticks;
  }

  /** From microseconds since 1970 (the unit of the engine's time line). */
  static fromUs(us: number): DateTime {
    const ms = Math.floor(us / 1000);
    return new DateTime(ms, Math.round(us - ms * 1000) * 10);
  }

  /** From 100 ns steps since 1970, exact. */
  static fromTicks(ticks: bigint): DateTime {
    const rest = ((ticks % 10000n) + 10000n) % 10000n;
    return new DateTime(Number((ticks - rest) / 10000n), Number(rest));
  }

  /** Microseconds since 1970, the last tick cut off. */
  toUs(): number {
    return this.ms * 1000 + Math.floor(this.ticks / 10);
  }

  /** 100 ns steps since 1970, exact. */
  toTicks(): bigint {
    return BigInt(this.ms) * 10000n + BigInt(this.ticks);
  }

  compare(other: DateTime): number {
    return this.ms - other.ms || this.ticks - other.ticks;
  }

  /** `2026-01-15T12:00:10.0000000Z`, as ASA prints it. */
  toString(): string {
    return formatDateTime(this.ms, this.ticks);
  }
}

/** A failure that depends on the data: the job stops with it, as in the service (`CAST`, a wrong argument type). */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The type of a value; null has none. */
export function typeOf(value: Value): TypeName | null {
  switch (typeof value) {
    case 'bigint':
      return 'bigint';
    case 'number':
      return 'float';
    case 'string':
      return 'nvarchar(max)';
    case 'boolean':
      return 'bit';
    default:
      if (value === null) return null;
      if (value instanceof DateTime) return 'datetime';
      return isArray(value) ? 'array' : 'record';
  }
}

/** Wraps a result to 64 bits or fails: the language knows no larger integer. */
export function checkedInt64(value: bigint): bigint {
  if (value < int64Min || value > int64Max) {
    throw new EvaluationError(`Arithmetic overflow: ${value} does not fit into a bigint (64 bits).`);
  }
  return value;
}

/** `=` between two values that are not null; bigint and float compare by value, record and array by content. */
export function valuesEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (typeof left === 'bigint' && typeof right === 'number') return Number(left) === right && BigInt(right) === left;
  if (typeof left === 'number' && typeof right === 'bigint') return valuesEqual(right, left);
  if (left instanceof DateTime && right instanceof DateTime) return left.compare(right) === 0;
  if (isArray(left) && isArray(right)) {
    return left.length === right.length && left.every((item, index) => valuesEqual(item, right[index] ?? null));
  }
  if (left instanceof RecordValue && right instanceof RecordValue) return left.equals(right, valuesEqual);
  return false;
}

/** A total order for MIN, MAX and ORDER BY: null first, then bit, numbers, datetimes, texts, records and arrays by their text. */
export function compareValues(left: Value, right: Value): number {
  const leftRank = rank(left);
  const rightRank = rank(right);
  if (leftRank !== rightRank) return leftRank - rightRank;
  switch (leftRank) {
    case 0:
      return 0;
    case 3:
      return (left as DateTime).compare(right as DateTime);
    case 5: {
      const a = valueText(left);
      const b = valueText(right);
      return a < b ? -1 : a > b ? 1 : 0;
    }
    default: {
      const a = left as number;
      const b = right as number;
      return a < b ? -1 : a > b ? 1 : 0;
    }
  }
}

function rank(value: Value): number {
  switch (typeof value) {
    case 'boolean':
      return 1;
    case 'bigint':
    case 'number':
      return 2;
    case 'string':
      return 4;
    default:
      return value === null ? 0 : value instanceof DateTime ? 3 : 5;
  }
}

/** A canonical text of any value, one to one for equal values of one type; used as a key and to order records and arrays. */
export function valueText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(valueText).join(',')}]`;
  if (value instanceof RecordValue) {
    const parts = value.entries().map(([name, item]) => `${JSON.stringify(name.toLowerCase())}:${valueText(item)}`);
    return `{${parts.sort().join(',')}}`;
  }
  return String(value);
}
