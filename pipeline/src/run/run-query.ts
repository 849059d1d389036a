/**
 * A query over files, to the end of the data, on one thread or on two; rows are handed on as they come. Must not know options
 * of a command line nor where the rows go.
 */
import { statSync } from 'node:fs';
import {
  type CompatibilityLevel,
  type CompileResult,
  canCut,
  compile,
  createBackJob,
  createJob,
  type InputOptions,
  type Job,
  noUserFunctions,
  type OutputRow,
  type Plan,
  type TimePolicies,
  type UserFunctions,
} from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import { type FileRunOutcome, runFiles, sameName } from './file-run.ts';
import { runFrontThread } from './front-thread.ts';

/** Files of one input, in order. */
export interface InputFiles {
  readonly name: string;
  readonly paths: readonly string[];
  /** Reference data of several moments: from when each file holds, ms since 1970, in order. */
  readonly snapshotsMs?: readonly number[];
}

export interface RunRequest {
  readonly query: string;
  readonly inputs: readonly InputFiles[];
  readonly references: readonly InputFiles[];
  readonly compatibilityLevel: CompatibilityLevel;
  /** null: rows are taken in order of event time. */
  readonly policies: TimePolicies | null;
  /** null: a row arrives at its own event time, and at the start of the run where the query gives it none. */
  readonly arrivalColumn: string | null;
  readonly functions: UserFunctions;
  /** The start of the run, ms since 1970. */
  readonly startMs: number;
  /** 2: decoding has a thread of its own; 1 unless said otherwise. The rows are the same, in the same order. */
  readonly cores?: 1 | 2;
}

export interface PlannedRequest extends RunRequest {
  /** Inputs that the query takes by their time of arrival only. */
  readonly inputsByArrival: readonly string[];
}

export interface Rejected {
  readonly input: string;
  readonly file: string;
  readonly row: number;
  readonly reason: string;
  readonly message: string;
  /** The event as it stands in the file. */
  readonly event: string;
}

/** Where everything goes that comes of a run. */
export interface RunOutlets {
  /** Before the first row. Once more where the run begins anew: what was given before does not count. */
  readonly outputs: (names: readonly string[]) => void;
  readonly rows: (output: string, rows: readonly OutputRow[]) => void;
  readonly rejected: (rejected: Rejected) => void;
  /** After every piece of work: 0 … 1, and the events so far. */
  readonly progress: (fraction: number, events: number) => void;
  readonly signal: AbortSignal;
}

export interface RunStatistics {
  readonly events: number;
  readonly rows: number;
  readonly dropped: number;
  readonly adjusted: number;
  readonly stopped: boolean;
}

export type RunOutcome =
  | { readonly kind: 'refused'; readonly diagnostics: Extract<CompileResult, { ok: false }>['diagnostics'] }
  | { readonly kind: 'done'; readonly statistics: RunStatistics };

/**
 * Without time policies rows are taken in order of event time, for which all of them would have to wait for the last. Most
 * files are nearly in order: then rows that wait for this long give the same. Where one comes still later, the run begins
 * anew and all rows wait.
 */
const expectedDisorderMs = 60_000;

/** Throws a UsageError where files and query do not fit or a file cannot be read, an EngineError where the query fails on the data. */
export async function runQuery(given: RunRequest, outlets: RunOutlets): Promise<RunOutcome> {
  const compiled = planWith(given, given.policies, referenceKinds(given));
  if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
  const request: PlannedRequest = { ...given, inputsByArrival: compiled.plan.inputsByArrival };
  assertFit(compiled.plan, request);
  if (request.policies !== null) return settled(attempt(request, outlets, asGiven(request.policies, request), false));
  if (!canRepeat(request)) return settled(attempt(request, outlets, null, false));
  let told = 0;
  const telling = (rejected: Rejected) => {
    told += 1;
    outlets.rejected(rejected);
  };
  const hopeful = await attempt(request, { ...outlets, rejected: telling }, nearlyOrdered, true);
  if (hopeful.kind !== 'disordered') return hopeful;
  let again = 0;
  const tellingNew = (rejected: Rejected) => {
    again += 1;
    if (again > told) outlets.rejected(rejected);
  };
  return settled(attempt(request, { ...outlets, rejected: tellingNew }, null, false));
}

/** Only a run that hopes for order can be disappointed. */
async function settled(run: ReturnType<typeof attempt>): Promise<RunOutcome> {
  const outcome = await run;
  if (outcome.kind === 'disordered') throw new Error('A run that waits for all rows found them in disorder.');
  return outcome;
}

/** Rows that arrive at their own event time are never late and never early: only their order can be wrong. */
function asGiven(policies: TimePolicies, { arrivalColumn }: RunRequest): TimePolicies {
  if (arrivalColumn !== null) return policies;
  return { ...policies, lateArrivalMs: Number.POSITIVE_INFINITY, earlyArrivalMs: Number.POSITIVE_INFINITY };
}

const nearlyOrdered: TimePolicies = {
  lateArrivalMs: Number.POSITIVE_INFINITY,
  earlyArrivalMs: Number.POSITIVE_INFINITY,
  outOfOrderMs: expectedDisorderMs,
  action: 'adjust',
};

/** A pipe cannot be read twice, and a function may remember that it was called. */
function canRepeat({ inputs, references, functions }: RunRequest): boolean {
  const paths = [...inputs, ...references].flatMap((files) => files.paths);
  return functions === noUserFunctions && paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}

/** With `inOrder` the run ends as soon as a row's time would have to be changed. */
async function attempt(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: boolean,
): Promise<RunOutcome | { readonly kind: 'disordered' }> {
  let rows = 0;
  const give: RunOutlets['rows'] = (output, some) => {
    rows += some.length;
    outlets.rows(output, some);
  };
  const run = request.cores === 2 && request.functions === noUserFunctions ? onTwoThreads : onOneThread;
  const outcome = await run(request, { ...outlets, rows: give }, policies, inOrder);
  return outcome.kind === 'done' ? { kind: 'done', statistics: { ...outcome.statistics, rows } } : outcome;
}

async function onOneThread(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: boolean,
): Promise<FileRunOutcome> {
  let job: Job | null = null;
  const jobFrom = (plan: Plan): Job => {
    outlets.outputs(plan.outputs);
    job = createJob(plan);
    return job;
  };
  const passOn = () => {
    for (const { output, rows } of job?.take() ?? []) outlets.rows(output, rows);
  };
  return runFiles(request, policies, inOrder, jobFrom, { ...outlets, passOn });
}

/** Where the job can be cut in two: this thread runs the back half. */
async function onTwoThreads(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: boolean,
): Promise<FileRunOutcome> {
  const compiled = planWith(request, policies, referenceKinds(request));
  if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
  if (!canCut(compiled.plan)) return onOneThread(request, outlets, policies, inOrder);
  outlets.outputs(compiled.plan.outputs);
  const back = createBackJob(compiled.plan);
  return runFrontThread(request, policies, inOrder, {
    ...outlets,
    handover: (handover) => {
      back.accept(handover);
      for (const { output, rows } of back.take()) outlets.rows(output, rows);
    },
  });
}

function referenceKinds({ references }: RunRequest): { readonly [name: string]: InputOptions } {
  return Object.fromEntries(
    references.map(({ name, snapshotsMs }) => [name, { kind: 'reference' as const, snapshots: snapshotsMs !== undefined }]),
  );
}

function planWith(
  { query, compatibilityLevel, functions }: RunRequest,
  policies: TimePolicies | null,
  inputs: { readonly [name: string]: InputOptions },
): CompileResult {
  return compile(query, { compatibilityLevel, policies, inputs, functions });
}

const listed = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Every input that the query reads has files, and no other has. */
function assertFit(plan: Plan, { inputs, references }: RunRequest): void {
  const given = [...inputs, ...references];
  const unread = given.find(({ name }) => !plan.inputs.some((read) => sameName(read, name)));
  if (unread !== undefined) throw new UsageError(`The query reads no input '${unread.name}'. It reads ${listed(plan.inputs)}.`);
  const missing = plan.inputs.filter((read) => !given.some(({ name }) => sameName(read, name)));
  if (missing.length === 0) return;
  throw new UsageError(
    `The query reads ${listed(plan.inputs)}, and there is no file for ${listed(missing)}: give --input ${missing[0]}=FILE, or --reference ${missing[0]}=FILE.`,
  );
}
