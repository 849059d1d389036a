/** Expected rows against those that came: which are equal, which belong together and differ, which are missing or too many. */
import type { OutputRow, OutputValue } from '@asaql/engine';
import type { ExpectedRow, RowsExpectation } from './test-case.ts';
import { instantMs, relativeMs } from './time-text.ts';

export type CompareOptions = Pick<RowsExpectation, 'order' | 'columns' | 'tolerance'> & { readonly startMs: number };

export interface DifferentColumn {
  readonly column: string;
  readonly expected: OutputValue | undefined;
  readonly actual: OutputValue | undefined;
}

/** Positions in the lists of expected and actual rows. */
export type RowDifference =
  | {
      readonly kind: 'different';
      readonly expected: number;
      readonly actual: number;
      readonly columns: readonly DifferentColumn[];
    }
  | { readonly kind: 'missing'; readonly expected: number }
  | { readonly kind: 'unexpected'; readonly actual: number };

export interface Comparison {
  readonly differences: readonly RowDifference[];
  /** All rows are equal, but not in this order: the first expected row that stands elsewhere. */
  readonly disorder: { readonly expected: number; readonly actual: number } | null;
}

export function compareRows(expected: readonly ExpectedRow[], actual: readonly OutputRow[], options: CompareOptions): Comparison {
  const partner = new Map<number, number>();
  const free = new Set(actual.keys());
  expected.forEach((row, index) => {
    for (const candidate of candidates(free, index)) {
      if (differencesOf(row, actual[candidate] as OutputRow, options).length > 0) continue;
      partner.set(index, candidate);
      free.delete(candidate);
      break;
    }
  });
  const left = expected.flatMap((_, index) => (partner.has(index) ? [] : [index]));
  const differences = paired(expected, actual, left, [...free], options);
  const moved = [...partner].sort(([a], [b]) => a - b).find(([index, at]) => index !== at);
  const isDisordered = options.order === 'exact' && differences.length === 0 && moved !== undefined;
  return { differences, disorder: isDisordered ? { expected: moved[0], actual: moved[1] } : null };
}

/** A row's own position first: rows that are alike keep their order. */
function* candidates(free: ReadonlySet<number>, own: number): Generator<number> {
  if (free.has(own)) yield own;
  for (const each of free) if (each !== own) yield each;
}

/** At most so many pairs are weighed; beyond it rows are missing or unexpected, unpaired. */
const pairsMax = 250_000;

/** Nearest rows first: those with the most equal columns. */
function paired(
  expected: readonly ExpectedRow[],
  actual: readonly OutputRow[],
  left: readonly number[],
  free: readonly number[],
  options: CompareOptions,
): readonly RowDifference[] {
  const pairs: {
    readonly kind: 'different';
    expected: number;
    actual: number;
    columns: readonly DifferentColumn[];
    share: number;
  }[] = [];
  if (left.length * free.length <= pairsMax) {
    for (const index of left) {
      for (const candidate of free) {
        const columns = differencesOf(expected[index] as ExpectedRow, actual[candidate] as OutputRow, options);
        const compared = comparedColumns(expected[index] as ExpectedRow, actual[candidate] as OutputRow, options).length;
        pairs.push({
          kind: 'different',
          expected: index,
          actual: candidate,
          columns,
          share: 1 - columns.length / Math.max(1, compared),
        });
      }
    }
  }
  pairs.sort(
    (a, b) => b.share - a.share || a.expected - b.expected || Math.abs(a.expected - a.actual) - Math.abs(b.expected - b.actual),
  );
  const takenExpected = new Set<number>();
  const takenActual = new Set<number>();
  const found: RowDifference[] = [];
  for (const { share, ...pair } of pairs) {
    if (share < 0.34 || takenExpected.has(pair.expected) || takenActual.has(pair.actual)) continue;
    takenExpected.add(pair.expected);
    takenActual.add(pair.actual);
    found.push(pair);
  }
  for (const index of left) if (!takenExpected.has(index)) found.push({ kind: 'missing', expected: index });
  for (const index of free) if (!takenActual.has(index)) found.push({ kind: 'unexpected', actual: index });
  return found.sort((a, b) => orderOf(a) - orderOf(b));
}

function orderOf(difference: RowDifference): number {
  return difference.kind === 'unexpected' ? difference.actual + 0.5 : difference.expected;
}

function comparedColumns(expected: ExpectedRow, actual: OutputRow, { columns }: CompareOptions): readonly string[] {
  if (columns === 'named') return Object.keys(expected);
  if (columns === 'all')
    return [...new Set([...Object.keys(expected), ...Object.keys(actual).filter((name) => !hasName(expected, name))])];
  return columns;
}

const hasName = (row: ExpectedRow, name: string) => Object.keys(row).some((each) => each.toLowerCase() === name.toLowerCase());

export function columnOf(row: ExpectedRow | OutputRow, name: string): OutputValue | undefined {
  if (name in row) return row[name];
  const key = Object.keys(row).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : row[key];
}

export function differencesOf(expected: ExpectedRow, actual: OutputRow, options: CompareOptions): readonly DifferentColumn[] {
  return comparedColumns(expected, actual, options).flatMap((column) => {
    const [wanted, given] = [columnOf(expected, column), columnOf(actual, column)];
    const tolerance = options.tolerance[column] ?? options.tolerance['*'] ?? 0;
    return sameValue(wanted, given, tolerance, options.startMs) ? [] : [{ column, expected: wanted, actual: given }];
  });
}

/** What is left out and null are one; datetimes are compared as instants, relative ones from the start. */
export function sameValue(
  expected: OutputValue | undefined,
  actual: OutputValue | undefined,
  tolerance: number,
  startMs: number,
): boolean {
  const [a, b] = [expected ?? null, actual ?? null];
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance;
  if (typeof a === 'string' && typeof b === 'string') return sameInstant(a, b, startMs);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, index) => sameValue(each, b[index], tolerance, startMs));
  }
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameValue(columnOf(a, name), columnOf(b, name), tolerance, startMs));
}

function sameInstant(expected: string, actual: string, startMs: number): boolean {
  const actualMs = instantMs(actual);
  if (actualMs === null) return false;
  const expectedMs = relativeMs(expected, startMs) ?? instantMs(expected);
  return expectedMs !== null && Math.abs(expectedMs - actualMs) < 0.0005;
}
