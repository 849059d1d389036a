/**
 * Feeds the events of files to a job, to the end of the data: a whole job, or the front half of one that is cut in two. Must
 * not know what comes of the job.
 */
import { type CompileResult, compile, type InputOptions, type Job, type Plan, type TimePolicies } from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import { timeOfColumn } from './event-column.ts';
import { type EventFeed, type EventOrigin, FileFeed, MergedFeed, SequentialFeed } from './event-feed.ts';

import { EventFile, type EventReader } from './event-file.ts';
import type { InputFiles, PlannedRequest, Rejected, RunStatistics } from './run-query.ts';

export const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export type FedJob = Pick<Job, 'push' | 'step' | 'endPartition' | 'end' | 'takeRejected' | 'metrics'>;

export interface FileRunOutlets {
  readonly rejected: (rejected: Rejected) => void;
  readonly progress: (fraction: number, events: number) => void;
  /** After every step: takes what the job has. Where it gives a promise, work waits for it. */
  readonly passOn: () => Promise<void> | void;
  readonly signal: AbortSignal;
}

export type FileRunOutcome =
  | { readonly kind: 'refused'; readonly diagnostics: Extract<CompileResult, { ok: false }>['diagnostics'] }
  /** Only `inOrder`: a row's time would have to be changed. */
  | { readonly kind: 'disordered' }
  | { readonly kind: 'done'; readonly statistics: Omit<RunStatistics, 'rows'> };

/** Throws a UsageError where a file cannot be read. `jobFrom` is called once, when the files are known. */
export async function runFiles(
  request: PlannedRequest,
  policies: TimePolicies | null,
  inOrder: boolean,
  jobFrom: (plan: Plan) => FedJob,
  outlets: FileRunOutlets,
): Promise<FileRunOutcome> {
  const opened: EventReader[] = [];
  try {
    const streams = await openAll(request.inputs, opened);
    const references = await openAll(request.references, opened);
    const options = Object.fromEntries([
      ...streams.map((files) => [files.name, inputOptions(files, request)] as const),
      ...references.map((files) => [files.name, referenceOptions(files, request)] as const),
    ]);
    const { query, compatibilityLevel, functions } = request;
    const compiled = compile(query, { compatibilityLevel, policies, inputs: options, functions });
    if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
    return await new FileRun(jobFrom(compiled.plan), request, outlets, inOrder).toTheEnd(references, streams);
  } finally {
    for (const file of opened) await file.close();
  }
}

interface OpenedFiles {
  readonly name: string;
  readonly snapshotsMs: readonly number[] | undefined;
  readonly files: readonly EventReader[];
}

async function openAll(inputs: readonly InputFiles[], opened: EventReader[]): Promise<readonly OpenedFiles[]> {
  const result: OpenedFiles[] = [];
  for (const { name, paths, snapshotsMs } of inputs) {
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
    result.push({ name, snapshotsMs, files });
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

/** Each file is a lane of its own, so that each snapshot has its own time. */
function referenceOptions(files: OpenedFiles, request: PlannedRequest): InputOptions {
  return { ...inputOptions(files, request), kind: 'reference', snapshots: files.snapshotsMs !== undefined };
}

/** Rows that all arrive at once come in the order of their files: then none has to wait for another. */
function isOneLane({ name, snapshotsMs }: OpenedFiles, { arrivalColumn, inputsByArrival }: PlannedRequest): boolean {
  if (snapshotsMs !== undefined) return false;
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

class FileRun {
  readonly #job: FedJob;
  readonly #request: PlannedRequest;
  readonly #outlets: FileRunOutlets;
  readonly #inOrder: boolean;
  #events = 0;
  #dropped = 0;
  #turnEndMs = 0;

  constructor(job: FedJob, request: PlannedRequest, outlets: FileRunOutlets, inOrder: boolean) {
    this.#job = job;
    this.#inOrder = inOrder;
    this.#request = request;
    this.#outlets = outlets;
  }

  async toTheEnd(references: readonly OpenedFiles[], streams: readonly OpenedFiles[]): Promise<FileRunOutcome> {
    const { signal } = this.#outlets;
    for (const lane of references.flatMap((files) => this.#lanes(files, null))) {
      while (!lane.ended && !signal.aborted) await this.#pushNext(lane);
    }
    const lanes = streams.flatMap((files) => this.#lanes(files, this.#request.arrivalColumn));
    for (let lane = nextLane(lanes); lane !== null && !signal.aborted; lane = nextLane(lanes)) {
      await this.#pushNext(lane);
      if (this.#inOrder && this.#job.metrics().adjustedEvents > 0) return { kind: 'disordered' };
      this.#outlets.progress(lanes.reduce((sum, { feed }) => sum + feed.progress, 0) / lanes.length, this.#events);
      await this.#work();
    }
    if (!signal.aborted) {
      this.#job.end();
      await this.#work();
    }
    const { adjustedEvents: adjusted } = this.#job.metrics();
    const statistics = { events: this.#events, dropped: this.#dropped, adjusted, stopped: signal.aborted };
    return { kind: 'done', statistics };
  }

  #lanes(opened: OpenedFiles, arrivalColumn: string | null): readonly Lane[] {
    const { name, files } = opened;
    const joined = (all: readonly FileFeed[]) => (arrivalColumn === null ? new SequentialFeed(all) : new MergedFeed(all));
    const feeds = files.map((file, index) => {
      const timeOf = arrivalColumn === null ? null : timeOfColumn(arrivalColumn, file);
      return new FileFeed(
        file,
        timeOf,
        opened.snapshotsMs?.[index] ?? this.#request.startMs,
        (origin, reason, message, event) => {
          this.#events += event === '' ? 0 : 1;
          this.#reject(name, origin, reason, message, event);
        },
      );
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
    const { signal, passOn } = this.#outlets;
    while (!signal.aborted && this.#job.step()) {
      const passing = passOn();
      if (passing !== undefined) await passing;
      if (performance.now() < this.#turnEndMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      this.#turnEndMs = performance.now() + turnMs;
    }
    await passOn();
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
