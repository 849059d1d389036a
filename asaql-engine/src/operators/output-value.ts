/** Values as output rows carry them, and rows as JSON text. Knows no columns. */
import { valueFromJson } from '../decode/json-text.ts';
import type { OutputRow, OutputValue } from '../engine/contract.ts';
import { DateTime, isArray, type RecordValue, type Value } from '../expressions/value.ts';

/** JSON knows no NaN and no infinity: they go out as text, as .NET writes them. */
export function outputValue(value: Value): OutputValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return outputInteger(value);
  if (value instanceof DateTime) return value.toString();
  if (isArray(value)) return value.map(outputValue);
  const record = value as RecordValue;
  if (record.json !== null) return outputFromJson(record.json);
  return Object.fromEntries(record.entries().map(([name, item]) => [name, outputValue(item)]));
}

function outputInteger(value: bigint): OutputValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** JSON text that was read, as it was: only where it may hold an integer that no double holds, digit by digit. */
export function outputFromJson(json: string): OutputValue {
  if (!/\d{16}/.test(json)) return JSON.parse(json) as OutputValue;
  return valueFromJson<OutputValue>(json, {
    number: (source) => (/[.eE]/.test(source) ? Number(source) : outputInteger(BigInt(source))),
    text: (text) => text,
    word: (value) => value,
    array: (items) => items,
    record: (entries) => Object.fromEntries(entries),
  });
}

/** What of JSON.rawJSON is used; the language's own types do not know it yet. */
interface RawJson {
  rawJSON(text: string): unknown;
}

/** A row, or a value in it, as JSON on one line, integers of any size with all their digits. */
export function jsonOfOutput(row: OutputRow | OutputValue): string {
  try {
    return JSON.stringify(row);
  } catch (error) {
    // JSON.stringify refuses a bigint: only then each value is looked at.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(row, (_name, value: unknown) =>
      typeof value === 'bigint' ? (JSON as unknown as RawJson).rawJSON(String(value)) : value,
    );
  }
}
