/**
 * A query over files, to the end of the data: opens the files, feeds the job and hands its rows on as they come. Must not
 * know options of a command line nor where the rows go.
 */
import { statSync } from 'node:fs';
import {
  type CompatibilityLevel,
  type CompileResult,
  compile,
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
import { timeOfColumn } from './event-column.ts';
import { type EventFeed, type EventOrigin, FileFeed, MergedFeed, SequentialFeed } from './event-feed.ts';
import { EventFile, type EventReader } from './event-file.ts';

/** Files of one input, in order. */
export interface InputFiles {
  readonly name: string;
  readonly paths: readonly string[];
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
}

interface PlannedRequest extends RunRequest {
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
  const kinds = Object.fromEntries(given.references.map(({ name }) => [name, { kind: 'reference' as const }]));
  const compiled = planWith(given, given.policies, kinds);
  if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
  const request: PlannedRequest = { ...given, inputsByArrival: compiled.plan.inputsByArrival };
  assertFit(compiled.plan, request);
  if (request.policies !== null) return attempt(request, outlets, asGiven(request.policies, request), false);
  if (!canRepeat(request)) return attempt(request, outlets, null, false);
  let told = 0;
  const telling = (rejected: Rejected) => {
    told += 1;
    outlets.rejected(rejected);
  };
  const hopeful = await attempt(request, { ...outlets, rejected: telling }, nearlyOrdered, true);
  if (hopeful !== 'disordered') return hopeful;
  let again = 0;
  const tellingNew = (rejected: Rejected) => {
    again += 1;
    if (again > told) outlets.rejected(rejected);
  };
  return attempt(request, { ...outlets, rejected: tellingNew }, null, false);
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

function attempt(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: false,
): Promise<RunOutcome>;
function attempt(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: boolean,
): Promise<RunOutcome | 'disordered'>;
/** With `inOrder` the run ends as soon as a row's time would have to be changed. */
async function attempt(
  request: PlannedRequest,
  outlets: RunOutlets,
  policies: TimePolicies | null,
  inOrder: boolean,
): Promise<RunOutcome | 'disordered'> {
  const opened: EventReader[] = [];
  try {
    const streams = await openAll(request.inputs, opened);
    const references = await openAll(request.references, opened);
    const options = Object.fromEntries([
      ...streams.map((files) => [files.name, inputOptions(files, request)] as const),
      ...references.map((files) => [files.name, { ...inputOptions(files, request), kind: 'reference' as const }] as const),
    ]);
    const compiled = planWith(request, policies, options);
    if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
    const statistics = await new Run(compiled.plan, request, outlets, inOrder).toTheEnd(references, streams);
    return statistics === 'disordered' ? statistics : { kind: 'done', statistics };
  } finally {
    for (const file of opened) await file.close();
  }
}

function planWith(
  { query, compatibilityLevel, functions }: RunRequest,
  policies: TimePolicies | null,
  inputs: { readonly [name: string]: InputOptions },
): CompileResult {
  return compile(query, { compatibilityLevel, policies, inputs, functions });
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
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

interface OpenedFiles {
  readonly name: string;
  readonly files: readonly EventReader[];
}

async function openAll(inputs: readonly InputFiles[], opened: EventReader[]): Promise<readonly OpenedFiles[]> {
  const result: OpenedFiles[] = [];
  for (const { name, paths } of inputs) {
    const files: EventReader[] = [];
    for (const path of paths) {
      const file = await EventFile.open(path);
      opened.push(file);
      files.push(file);
      const [head] = files;
      if (formatOf(head) !== formatOf(file)) {
        throw new UsageError(
          `${path} is not written as ${head?.path} is: files of one input are all JSON, CSV with one header, or Avro with one schema.`,
        );
      }
    }
    result.push({ name, files });
  }
  return result;
}

function formatOf(file: EventReader | undefined): string {
  return JSON.stringify([file?.csv, file?.avroSchema]);
}

/**
 * Without a column of arrival each file is a partition. Since every row then arrives at its own event time, that is what
 * merging the files by arrival gives: what has been read of a file never lies before what is still to come of another.
 */
function inputOptions(opened: OpenedFiles, request: PlannedRequest): InputOptions {
  const { files } = opened;
  const csv = files[0]?.csv ?? null;
  const avroSchema = files[0]?.avroSchema ?? null;
  return {
    partitions: isOneLane(opened, request) ? 1 : Math.max(1, files.length),
    ...(avroSchema === null ? {} : { format: 'avro' as const, avroSchema }),
    ...(csv === null ? {} : { format: 'csv', csvColumns: csv.columns, csvDelimiter: csv.delimiter }),
  };
}

/** Rows that all arrive at once come in the order of their files: then none has to wait for another. */
function isOneLane({ name }: OpenedFiles, { arrivalColumn, inputsByArrival }: PlannedRequest): boolean {
  return arrivalColumn !== null || inputsByArrival.some((other) => sameName(other, name));
}

interface Lane {
  readonly input: string;
  readonly partition: number;
  readonly feed: EventFeed;
  pushed: number;
  ended: boolean;
}

/** How long work goes on before signals and the screen get their turn. */
const turnMs = 50;

class Run {
  readonly #job: Job;
  readonly #request: PlannedRequest;
  readonly #outlets: RunOutlets;
  readonly #inOrder: boolean;
  #events = 0;
  #rows = 0;
  #dropped = 0;
  #turnEndMs = 0;

  constructor(plan: Plan, request: PlannedRequest, outlets: RunOutlets, inOrder: boolean) {
    this.#job = createJob(plan);
    this.#inOrder = inOrder;
    this.#request = request;
    this.#outlets = outlets;
    outlets.outputs(plan.outputs);
  }

  async toTheEnd(references: readonly OpenedFiles[], streams: readonly OpenedFiles[]): Promise<RunStatistics | 'disordered'> {
    const { signal } = this.#outlets;
    for (const lane of references.flatMap((files) => this.#lanes(files, null))) {
      while (!lane.ended && !signal.aborted) await this.#pushNext(lane);
    }
    const lanes = streams.flatMap((files) => this.#lanes(files, this.#request.arrivalColumn));
    for (let lane = nextLane(lanes); lane !== null && !signal.aborted; lane = nextLane(lanes)) {
      await this.#pushNext(lane);
      if (this.#inOrder && this.#job.metrics().adjustedEvents > 0) return 'disordered';
      this.#outlets.progress(lanes.reduce((sum, { feed }) => sum + feed.progress, 0) / lanes.length, this.#events);
      await this.#work();
    }
    if (!signal.aborted) {
      this.#job.end();
      await this.#work();
    }
    return {
      events: this.#events,
      rows: this.#rows,
      dropped: this.#dropped,
      adjusted: this.#job.metrics().adjustedEvents,
      stopped: signal.aborted,
    };
  }

  #lanes(opened: OpenedFiles, arrivalColumn: string | null): readonly Lane[] {
    const { name, files } = opened;
    const joined = (all: readonly FileFeed[]) => (arrivalColumn === null ? new SequentialFeed(all) : new MergedFeed(all));
    const feeds = files.map((file) => {
      const timeOf = arrivalColumn === null ? null : timeOfColumn(arrivalColumn, file);
      return new FileFeed(file, timeOf, this.#request.startMs, (origin, reason, message, event) => {
        this.#events += event === '' ? 0 : 1;
        this.#reject(name, origin, reason, message, event);
      });
    });
    const lanes: readonly EventFeed[] = isOneLane(opened, this.#request) && feeds.length > 1 ? [joined(feeds)] : feeds;
    return lanes.map((feed, partition) => ({ input: name, partition, feed, pushed: 0, ended: false }));
  }

  #reject(input: string, { file, row }: EventOrigin, reason: string, message: string, event: string): void {
    this.#dropped += 1;
    this.#outlets.rejected({ input, file, row, reason, message, event });
  }

  async #pushNext(lane: Lane): Promise<void> {
    const chunk = await lane.feed.next();
    if (chunk === null) {
      lane.ended = true;
      // What others still bring waits for this one no longer.
      this.#job.endPartition(lane.input, lane.partition);
      return;
    }
    const { bytes, count, starts, ends, arrivalTimeMs } = chunk;
    const { input, partition } = lane;
    const processedTimeMs = this.#request.startMs;
    this.#job.push({ input, partition, count, bytes, starts, ends, arrivalTimeMs, processedTimeMs });
    // Readings of the input each reject for themselves; an event is told of once.
    const told = new Set<string>();
    for (const { index, reason, message } of this.#job.takeRejected()) {
      const key = `${index} ${reason}`;
      if (told.has(key)) continue;
      told.add(key);
      const at = index - lane.pushed;
      const event = bytes.toString('utf8', starts[at], ends[at]);
      this.#reject(input, chunk.originOf(at), reason, message, event);
    }
    lane.pushed += count;
    this.#events += count;
  }

  async #work(): Promise<void> {
    while (!this.#outlets.signal.aborted && this.#job.step()) {
      this.#take();
      if (performance.now() < this.#turnEndMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      this.#turnEndMs = performance.now() + turnMs;
    }
    this.#take();
  }

  #take(): void {
    for (const { output, rows } of this.#job.take()) {
      this.#rows += rows.length;
      this.#outlets.rows(output, rows);
    }
  }
}

/** The one whose events arrived longest ago, then the one that is read least: no input runs far ahead of another. */
function nextLane(lanes: readonly Lane[]): Lane | null {
  let next: Lane | null = null;
  for (const lane of lanes) {
    if (lane.ended) continue;
    const { latestArrivalMs, progress } = lane.feed;
    if (next === null || latestArrivalMs < next.feed.latestArrivalMs) next = lane;
    else if (latestArrivalMs === next.feed.latestArrivalMs && progress < next.feed.progress) next = lane;
  }
  return next;
}
