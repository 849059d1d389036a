/** JSON text to typed values, for what is looked into only now and then (whole records, arrays). Knows no columns. */
import { parseDateTimeText } from '../expressions/datetime-text.ts';
import { DateTime, int64Max, int64Min, isArray, RecordValue, type Value } from '../expressions/value.ts';
import type { CompatibilityLevel } from '../plan/options.ts';

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A number without fraction or exponent is a bigint, any other a float; a bigint that needs more than 64 bits a RangeError. */
export function readJson(text: string, level: CompatibilityLevel): Value {
  const revive: Reviver = (_key, value, { source }) => {
    if (typeof value === 'number') return readNumber(source ?? String(value));
    if (typeof value === 'boolean') return readBoolean(value, level);
    if (typeof value === 'string') return level === '1.0' ? readText(value) : value;
    if (value === null || isArray(value as Value)) return value;
    return new RecordValue(Object.entries(value as { [name: string]: Value }));
  };
  return (JSON.parse as (text: string, reviver: Reviver) => Value)(text, revive);
}

export function readNumber(source: string): Value {
  if (/[.eE]/.test(source)) return Number(source);
  const value = BigInt(source);
  if (value < int64Min || value > int64Max) throw new RangeError(`${source} does not fit into a bigint (64 bits).`);
  return value;
}

/** A JSON boolean is a bit from level 1.2 on, a bigint before: https://learn.microsoft.com/azure/stream-analytics/stream-analytics-compatibility-level */
export function readBoolean(value: boolean, level: CompatibilityLevel): Value {
  if (level === '1.2') return value;
  return value ? 1n : 0n;
}

/** Level 1.0 makes datetimes of texts that look like one. */
export function readText(text: string): Value {
  const parsed = /^\d{4}-\d\d-\d\d/.test(text) ? parseDateTimeText(text) : null;
  return parsed === null ? text : new DateTime(parsed.ms, parsed.ticks);
}

/** A record that stays text until somebody looks into it. Below level 1.2 its booleans change, so its text must not be used. */
export function lazyRecord(text: string, level: CompatibilityLevel): RecordValue {
  const read = (json: string) => {
    const value = readJson(json, level);
    return value instanceof RecordValue ? value.entries() : [];
  };
  return level === '1.2' ? RecordValue.lazy(text, read) : new RecordValue(read(text));
}
