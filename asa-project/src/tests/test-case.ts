/** What a query test is, whichever format it was written in. Knows no format and runs nothing. */
import type { OutputValue, TimePolicies } from '@asaql/engine';
import type { CompatibilityLevel } from '@asaql/parser';

/** From 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something in a test file that cannot be understood: a line that says what to do. */
export interface TestProblem extends Place {
  /** Relative to the project's folder, as all paths here. */
  readonly path: string;
  readonly message: string;
}

export interface TestFile {
  readonly path: string;
  readonly format: 'yaml' | 'testConfig';
  readonly cases: readonly TestCase[];
  readonly problems: readonly TestProblem[];
}

export interface TestCase {
  readonly name: string;
  readonly description: string | null;
  readonly place: Place;
  /** A path, a text, or what the project says: the query of the test file's name, else the project's own. */
  readonly query: { readonly path: string } | { readonly text: string } | null;
  /** The moment that `+5s` counts from. */
  readonly startMs: number;
  /** 'project': as JobConfig.json says. null: none, rows are taken in order of event time. */
  readonly policies: TimePolicies | 'project' | null;
  /** null: the project's. */
  readonly compatibilityLevel: CompatibilityLevel | null;
  readonly inputs: readonly TestInput[];
  readonly expect: Expectations;
}

export interface TestInput {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  readonly place: Place;
  readonly source: InputSource;
  /** Columns whose relative times (`+5s`) are written out; the columns of TIMESTAMP BY are found in the query. */
  readonly timeColumns: readonly string[];
  /** The column that holds the time of arrival. */
  readonly arrivalColumn: string | null;
}

export type InputSource =
  | { readonly kind: 'rows'; readonly rows: readonly TestRow[] }
  | { readonly kind: 'file'; readonly path: string; readonly place: Place }
  | { readonly kind: 'generate'; readonly request: GenerateRequest };

/** One event as it is written in the test. */
export interface TestRow {
  readonly place: Place;
  /** The members of its JSON object, each with the JSON text of its value. */
  readonly members: readonly { readonly name: string; readonly json: string }[];
  /** The event's exact text, in place of an object. */
  readonly raw: string | null;
  readonly arrives: string | null;
  readonly partition: number;
}

/** What the seeded generator is asked for. */
export interface GenerateRequest {
  readonly seed: number;
  readonly eventsPerSecond: number;
  readonly durationMs: number;
  readonly users: number;
  readonly scenarios: readonly string[];
}

export interface Expectations {
  readonly outputs: readonly RowsExpectation[];
  readonly steps: readonly RowsExpectation[];
  readonly by: readonly MomentExpectation[];
  /** null: not said; then no event may be dropped. */
  readonly dropped: EventsExpectation | null;
  /** null: not said. */
  readonly adjusted: EventsExpectation | null;
  /** null: the query must have no error. */
  readonly diagnostics: readonly DiagnosticExpectation[] | null;
  /** The message, or part of it, with which the run must fail. */
  readonly error: { readonly text: string; readonly place: Place } | null;
  /** Only for testConfig.json: outputs that are not listed must give no rows. */
  readonly othersEmpty: boolean;
}

export type ExpectedRow = { readonly [column: string]: OutputValue };

export interface RowsExpectation {
  /** Of the output or step. */
  readonly name: string;
  readonly place: Place;
  /** `rows` null: only their number counts. */
  readonly rows: readonly { readonly values: ExpectedRow; readonly place: Place | null }[] | null;
  readonly file: { readonly path: string; readonly place: Place } | null;
  readonly count: number | null;
  readonly order: 'any' | 'exact';
  /** all: those of expected and actual row; named: those that the expected row names; a list: only these. */
  readonly columns: 'all' | 'named' | readonly string[];
  /** Largest difference of two numbers that are still equal; by column, `*` for the rest. */
  readonly tolerance: Readonly<Record<string, number>>;
  /** testConfig.json: false where the output is not looked at. */
  readonly required: boolean;
}

/** What must be there at a moment of the wall clock. */
export interface MomentExpectation {
  readonly place: Place;
  readonly atMs: number;
  readonly outputs: readonly RowsExpectation[];
  readonly watermarkMs: number | null;
}

export interface EventsExpectation {
  readonly place: Place;
  readonly count: number;
  /** null: only the number counts. */
  readonly events: readonly ExpectedEvent[] | null;
}

export interface ExpectedEvent {
  readonly place: Place;
  /** null: any input. */
  readonly input: string | null;
  /** From 1, in the order of the input. */
  readonly row: number;
  /** Dropped: why. Adjusted: `late` or `outOfOrder`. */
  readonly reason: string | null;
  /** Adjusted: the timestamp it gets. */
  readonly timestampMs: number | null;
}

export interface DiagnosticExpectation {
  readonly place: Place;
  readonly code: string;
  readonly line: number | null;
}
