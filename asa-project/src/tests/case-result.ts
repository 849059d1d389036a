/** What came of a test, as plain data: for the command, for an editor, across processes. */
import type { OutputRow } from '@asaql/engine';
import type { DifferentColumn } from './compare-rows.ts';
import type { ExpectedRow, Place } from './test-case.ts';

export interface CaseResult {
  /** The test file, relative to the project's folder. */
  readonly file: string;
  readonly name: string;
  readonly place: Place;
  /** broken: it could not be run as it stands. */
  readonly status: 'passed' | 'failed' | 'broken';
  readonly durationMs: number;
  readonly failures: readonly Failure[];
  readonly counts: CaseCounts;
  /** What the run reached of its query, for the coverage; null where nothing was run. */
  readonly reached: { readonly query: string; readonly text: string; readonly keys: readonly string[] } | null;
  /** The rows that came, by output as the test or the query names it. */
  readonly actual: Readonly<Record<string, readonly OutputRow[]>>;
  /** Rows of the steps that the test names. */
  readonly actualSteps: Readonly<Record<string, readonly OutputRow[]>>;
  /** Rows by moment of `by`, in their order. */
  readonly actualMoments: readonly Readonly<Record<string, readonly OutputRow[]>>[];
}

export interface CaseCounts {
  readonly events: number;
  readonly dropped: number;
  readonly late: number;
  readonly outOfOrder: number;
  readonly rows: Readonly<Record<string, number>>;
}

export type Failure = RowsFailure | MessageFailure;

export interface MessageFailure {
  readonly kind: 'message';
  readonly place: Place;
  readonly message: string;
  readonly details: readonly string[];
}

export interface RowsFailure {
  readonly kind: 'rows';
  readonly subject: 'output' | 'step';
  readonly name: string;
  readonly place: Place;
  /** The moment of `by`, as a clock shows it; null: the end. */
  readonly by: string | null;
  readonly expectedCount: number;
  readonly actualCount: number;
  readonly rows: readonly RowReport[];
  readonly disorder: string | null;
  /** Events that no row holds, or that a policy moved or dropped, each a line. */
  readonly events: readonly string[];
}

export interface RowReport {
  readonly kind: 'different' | 'missing' | 'unexpected';
  readonly expected: ExpectedRow | null;
  readonly actual: OutputRow | null;
  readonly columns: readonly DifferentColumn[];
  readonly place: Place | null;
  /** Where the row came from, or why it cannot come; each a line. */
  readonly origin: readonly string[];
}
