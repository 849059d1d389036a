/** One run of a query over prepared events, with what became of each, and what was there at given moments. Knows no expectation. */
import {
  type CompatibilityLevel,
  compile,
  createJob,
  type InputOptions,
  type Job,
  type OutputRow,
  type QueryWatch,
  type RejectedEvent,
  type TimedEvent,
  type TimePolicies,
  type UserFunctions,
} from '@asaql/engine';
import type { Diagnostic } from '@asaql/parser';
import type { PreparedEvent } from './prepare-events.ts';

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

export interface RunSettings {
  readonly query: string;
  readonly policies: TimePolicies | null;
  readonly compatibilityLevel: CompatibilityLevel;
  readonly functions: UserFunctions;
  readonly inputs: Readonly<Record<string, InputOptions>>;
  readonly startMs: number;
  /** Moments of the wall clock at which to look, rising. */
  readonly momentsMs: readonly number[];
  readonly watch: QueryWatch | null;
}

export interface TimedRow {
  readonly row: OutputRow;
  /** System.Timestamp(). */
  readonly timestampMs: number;
}

/** What became of one event, by its place in the list of events. */
export interface EventFate {
  /** null: dropped before it had one. */
  readonly timestampMs: number | null;
  readonly eventTimeMs: number | null;
  readonly adjusted: 'late' | 'outOfOrder' | null;
  readonly dropped: { readonly reason: RejectedEvent['reason']; readonly message: string } | null;
}

export interface Moment {
  readonly rows: ReadonlyMap<string, readonly TimedRow[]>;
  readonly watermarkMs: number;
}

export type RunResult =
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: 'done';
      /** By output in lower case. */
      readonly rows: ReadonlyMap<string, readonly TimedRow[]>;
      readonly outputs: readonly string[];
      readonly fates: readonly EventFate[];
      readonly moments: readonly Moment[];
      /** The message with which the run failed; what came before it is there. */
      readonly error: string | null;
    };

/** Throws only where the program itself is wrong. */
export function runEvents(settings: RunSettings, events: readonly PreparedEvent[]): RunResult {
  const { query, policies, compatibilityLevel, functions, inputs, watch } = settings;
  const compiled = compile(query, { policies, compatibilityLevel, functions, inputs, watch });
  if (!compiled.ok) return { kind: 'refused', diagnostics: compiled.diagnostics };
  const read = new Set(compiled.plan.inputs.map((name) => name.toLowerCase()));
  const run = new Run(settings);
  const job = createJob(compiled.plan, { timed: (event) => run.timed(event) });
  let error: string | null = null;
  try {
    run.all(job, events, read);
  } catch (failure) {
    if ((failure as Error).name !== 'EngineError' && (failure as Error).name !== 'UserFunctionError') throw failure;
    error = (failure as Error).message;
  }
  const { rows, moments } = run;
  return { kind: 'done', rows, outputs: compiled.plan.outputs, fates: run.fates(events.length), moments, error };
}

class Run {
  readonly rows = new Map<string, TimedRow[]>();
  readonly moments: Moment[] = [];
  readonly #settings: RunSettings;
  readonly #fates = new Map<number, EventFate>();
  /** By input and partition: places of its events in the list. */
  readonly #pushed = new Map<string, number[]>();
  readonly #encoder = new TextEncoder();

  constructor(settings: RunSettings) {
    this.#settings = settings;
  }

  fates(count: number): readonly EventFate[] {
    const none: EventFate = { timestampMs: null, eventTimeMs: null, adjusted: null, dropped: null };
    return Array.from({ length: count }, (_, index) => this.#fates.get(index) ?? none);
  }

  /** Dropped events are told with their reason by `takeRejected`. */
  timed({ input, partition, index, eventTimeMs, timestampMs, outcome, policy }: TimedEvent): void {
    const place = this.#placeOf(input, partition, index);
    if (place === undefined || outcome === 'dropped') return;
    const adjusted = policy === null || policy.kind === 'early' ? null : policy.kind;
    this.#fates.set(place, { timestampMs, eventTimeMs, adjusted, dropped: null });
  }

  #placeOf(input: string, partition: number, index: number): number | undefined {
    return this.#pushed.get(`${input.toLowerCase()} ${partition}`)?.[index];
  }

  all(job: Job, events: readonly PreparedEvent[], read: ReadonlySet<string>): void {
    const { momentsMs } = this.#settings;
    let moment = 0;
    const lookUntil = (ms: number) => {
      for (; moment < momentsMs.length && (momentsMs[moment] as number) < ms; moment += 1)
        this.#look(job, momentsMs[moment] as number);
    };
    const isReference = (input: string) => this.#settings.inputs[input]?.kind === 'reference';
    events.forEach((event, place) => {
      if (!read.has(event.input.toLowerCase())) return;
      if (!isReference(event.input)) lookUntil(event.arrivalTimeMs);
      this.#push(job, event, place);
    });
    lookUntil(Number.POSITIVE_INFINITY);
    job.end();
    this.#work(job);
  }

  #push(job: Job, event: PreparedEvent, place: number): void {
    const { input, partition } = event;
    const key = `${input.toLowerCase()} ${partition}`;
    const known = this.#pushed.get(key);
    if (known === undefined) this.#pushed.set(key, [place]);
    else known.push(place);
    const bytes = this.#encoder.encode(event.text);
    const [starts, ends] = [Int32Array.of(0), Int32Array.of(bytes.length)];
    const arrivalTimeMs = Float64Array.of(event.arrivalTimeMs);
    job.push({ input, partition, count: 1, bytes, starts, ends, arrivalTimeMs, processedTimeMs: event.arrivalTimeMs });
    this.#takeRejected(job);
    this.#work(job);
  }

  #takeRejected(job: Job): void {
    for (const { input, partition, index, reason, message } of job.takeRejected()) {
      const place = this.#placeOf(input, partition, index);
      if (place === undefined) continue;
      const known = this.#fates.get(place);
      this.#fates.set(place, {
        timestampMs: null,
        eventTimeMs: known?.eventTimeMs ?? null,
        adjusted: null,
        dropped: { reason, message },
      });
    }
  }

  /** The wall clock is at `ms`, and nothing more has arrived before it. */
  #look(job: Job, ms: number): void {
    job.advance(ms);
    this.#work(job);
    const rows = new Map([...this.rows].map(([name, known]) => [name, [...known]]));
    this.moments.push({ rows, watermarkMs: job.metrics().watermarkMs });
  }

  #work(job: Job): void {
    while (job.step());
    for (const { output, rows, timestampsMs } of job.take()) {
      const timed = rows.map((row, index) => ({ row, timestampMs: timestampsMs[index] as number }));
      const known = this.rows.get(output.toLowerCase());
      if (known === undefined) this.rows.set(output.toLowerCase(), timed);
      else known.push(...timed);
    }
  }
}
