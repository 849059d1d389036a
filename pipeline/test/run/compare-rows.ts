/** Whether rows are what a case expects: multisets, numbers within 1e-9, datetimes as instants, only the listed columns. */
import type { OutputRow, OutputValue } from '@asaql/engine';

export interface CompareOptions {
  readonly prefix: boolean;
  readonly unorderedArrays: boolean;
}

/** What is wrong, or null. */
export function differenceOf(
  actual: readonly OutputRow[],
  expected: readonly OutputRow[],
  options: CompareOptions,
): string | null {
  if (options.prefix ? actual.length < expected.length : actual.length !== expected.length) {
    return `${actual.length} rows instead of ${expected.length}: ${JSON.stringify(actual)}`;
  }
  const candidates = options.prefix ? actual.slice(0, expected.length) : [...actual];
  for (const row of expected) {
    const found = candidates.findIndex((candidate) => sameRow(candidate, row, options));
    if (found === -1) return `No row ${JSON.stringify(row)} among ${JSON.stringify(candidates)}`;
    candidates.splice(found, 1);
  }
  return null;
}

function sameRow(actual: OutputRow, expected: OutputRow, options: CompareOptions): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const key =
      Object.keys(actual).find((candidate) => candidate === name) ??
      Object.keys(actual).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    return sameValue(key === undefined ? null : (actual[key] ?? null), value, options);
  });
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function sameValue(actual: OutputValue, expected: OutputValue, options: CompareOptions): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(actual), Math.abs(expected));
  }
  if (typeof actual === 'string' && typeof expected === 'string') {
    if (actual === expected) return true;
    return instant.test(actual) && instant.test(expected) && instantOf(actual) === instantOf(expected);
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) return false;
    if (!options.unorderedArrays) return actual.every((item, index) => sameValue(item, expected[index] ?? null, options));
    const left = [...expected];
    return actual.every((item) => {
      const found = left.findIndex((candidate) => sameValue(item, candidate, options));
      if (found !== -1) left.splice(found, 1);
      return found !== -1;
    });
  }
  if (isRecord(actual) && isRecord(expected)) return sameRow(actual, expected, options);
  return actual === expected;
}

function isRecord(value: OutputValue): value is OutputRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function instantOf(text: string): number {
  const cut = text.replace(/\.(\d{3})\d*/, '.$1');
  return Date.parse(/Z|[+-]\d\d:\d\d$/.test(cut) ? cut : `${cut}Z`);
}
