/** JSON text to typed values, for what is looked into only now and then (whole records, arrays). Knows no columns. */
import { parseDateTimeText } from '../expressions/datetime-text.ts';
import { DateTime, int64Max, int64Min, RecordValue, type Value } from '../expressions/value.ts';
import type { CompatibilityLevel } from '../plan/options.ts';
import { valueFromJson } from './json-text.ts';

/**
 * A number without fraction or exponent is a bigint, any other a float; a bigint that needs more than 64 bits a RangeError.
 * The text must be valid JSON.
 */
export function readJson(text: string, level: CompatibilityLevel): Value {
  return valueFromJson<Value>(text, {
    number: readNumber,
    text: level === '1.0' ? readText : (plain) => plain,
    word: (value) => (value === null ? null : readBoolean(value, level)),
    array: (items) => items,
    record: (entries) => new RecordValue(entries),
  });
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
