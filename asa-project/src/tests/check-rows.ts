/** Holds rows of an output or a step against what is expected, and says of each difference where it comes from. */
import type { OutputRow } from '@asaql/engine';
import { caselessPath } from '../files/caseless-path.ts';
import type { RowReport, RowsFailure } from './case-result.ts';
import { columnOf, compareRows, type RowDifference } from './compare-rows.ts';
import type { RowExplainer } from './explain-rows.ts';
import type { TimedRow } from './run-events.ts';
import { splitEvents } from './split-events.ts';
import type { ExpectedRow, Place, RowsExpectation } from './test-case.ts';
import { type TestEnvironment, TestSetupError } from './test-environment.ts';
import { clockText, instantMs, timeMs } from './time-text.ts';

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

type PlacedRow = { readonly values: ExpectedRow; readonly place: Place | null };

/** The rows of the test or of its file; null: only their number counts. Rejects with a TestSetupError. */
export async function expectedRows(
  expectation: RowsExpectation,
  { files }: TestEnvironment,
): Promise<readonly PlacedRow[] | null> {
  const { file, rows, name } = expectation;
  if (file === null) return rows;
  const path = await caselessPath(files, file.path);
  const bytes = path === null ? null : await files.read(path);
  if (bytes === null) throw new TestSetupError(`The rows expected of '${name}' stand in ${file.path}, which is not there.`);
  return splitEvents(file.path, new TextDecoder().decode(bytes)).events.map((text, index) => {
    try {
      return { values: JSON.parse(text) as ExpectedRow, place: null };
    } catch (error) {
      throw new TestSetupError(`${file.path}: row ${index + 1} is no JSON: ${(error as Error).message}.`);
    }
  });
}

export interface RowsChecked {
  readonly expectation: RowsExpectation;
  readonly expected: readonly PlacedRow[] | null;
  readonly actual: readonly TimedRow[];
  readonly subject: 'output' | 'step';
  /** The moment of `by`, and how far the job's time had come; null: the end. */
  readonly moment: { readonly atMs: number; readonly watermarkMs: number } | null;
  readonly startMs: number;
  /** Made only where something differs. */
  readonly explainer: () => RowExplainer;
}

export function checkRows(checked: RowsChecked): RowsFailure | null {
  const { expectation, expected, actual, subject, moment, startMs } = checked;
  const { name, place, count } = expectation;
  const base = {
    kind: 'rows',
    subject,
    name,
    place,
    by: moment === null ? null : clockText(moment.atMs, startMs),
    actualCount: actual.length,
  } as const;
  if (expected === null) {
    if (count === null || count === actual.length) return null;
    return {
      ...base,
      expectedCount: count,
      rows: [],
      disorder: null,
      events: checked.explainer().absent(name, subject === 'step'),
    };
  }
  const rows = actual.map(({ row }) => row);
  const options = { ...expectation, startMs };
  const { differences, disorder } = compareRows(
    expected.map(({ values }) => values),
    rows,
    options,
  );
  const isCountWrong = count !== null && count !== actual.length;
  if (differences.length === 0 && disorder === null && !isCountWrong) return null;
  const explainer = checked.explainer();
  const ends = endColumns(actual);
  return {
    ...base,
    expectedCount: count ?? expected.length,
    rows: differences.map((difference) => reportOf(difference, checked, expected, ends, explainer)),
    disorder:
      disorder === null
        ? null
        : `The rows are those expected, in another order: expected row ${disorder.expected + 1} came as row ${disorder.actual + 1}.`,
    events: differences.length > 0 ? explainer.absent(name, subject === 'step') : [],
  };
}

/** Columns that hold the end of the row's window in every row. */
function endColumns(actual: readonly TimedRow[]): readonly string[] {
  const names = Object.keys(actual[0]?.row ?? {});
  return names.filter((name) => actual.every(({ row, timestampMs }) => instantOf(row, name) === timestampMs));
}

function instantOf(row: OutputRow, name: string): number | null {
  const value = row[name];
  return typeof value === 'string' ? instantMs(value) : null;
}

function reportOf(
  difference: RowDifference,
  { actual, expectation: { name }, subject, startMs, moment }: RowsChecked,
  expected: readonly PlacedRow[],
  ends: readonly string[],
  explainer: RowExplainer,
): RowReport {
  const isStep = subject === 'step';
  const wanted = difference.kind === 'unexpected' ? null : (expected[difference.expected] as PlacedRow);
  const came = difference.kind === 'missing' ? null : (actual[difference.actual] as TimedRow);
  const origin =
    difference.kind === 'missing' ? [] : [...explainer.origin(name, isStep, difference.actual, came?.timestampMs ?? 0)];
  if (wanted !== null) {
    const endNames = ends.length > 0 ? ends : ['window_end', 'windowEnd', 'window_end_time'];
    for (const column of endNames) {
      const value = columnOf(wanted.values, column);
      const endMs = typeof value === 'string' ? timeMs(value, startMs) : null;
      const impossible = endMs === null ? null : explainer.impossibleEnd(name, isStep, endMs);
      if (impossible !== null && !origin.includes(impossible)) origin.push(impossible);
    }
  }
  if (came === null && moment !== null)
    origin.push(
      `the watermark is ${clockText(moment.watermarkMs, startMs)} then: windows that end at it or later are still open`,
    );
  if (came === null) origin.push(...endsThatCame(actual, startMs, explainer.windowOf(name, isStep)?.text ?? null));
  return {
    kind: difference.kind,
    expected: wanted?.values ?? null,
    actual: came?.row ?? null,
    columns: difference.kind === 'different' ? difference.columns : [],
    place: wanted?.place ?? null,
    origin,
  };
}

function endsThatCame(actual: readonly TimedRow[], startMs: number, window: string | null): readonly string[] {
  if (actual.length === 0) return ['no row came'];
  const ends = [...new Set(actual.map(({ timestampMs }) => timestampMs))]
    .sort((a, b) => a - b)
    .map((ms) => clockText(ms, startMs));
  const shown = ends.length > 10 ? `${ends.slice(0, 10).join(', ')} and ${ends.length - 10} more` : ends.join(', ');
  return [window === null ? `rows came at ${shown}` : `the windows of ${window} that gave rows end at ${shown}`];
}
