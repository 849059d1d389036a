/** Runs a query over events in memory: what most tests of the engine need. */
import {
  type CompileOptions,
  compile,
  createJob,
  type InputBatch,
  type Job,
  type OutputRow,
  type Plan,
  type RejectedEvent,
} from '@asaql/engine';

export interface TestEvent {
  readonly body: string | Uint8Array | { readonly [column: string]: unknown };
  readonly arrivalMs?: number;
  readonly partition?: number;
}

export function planOf(query: string, options: Partial<CompileOptions> = {}): Plan {
  const compiled = compile(query, options);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((diagnostic) => diagnostic.message).join('; '));
  return compiled.plan;
}

/** Events of one partition as a batch. */
export function batchOf(input: string, events: readonly TestEvent[], partition = 0): InputBatch {
  const encoder = new TextEncoder();
  const encoded = events.map(({ body }) =>
    body instanceof Uint8Array ? body : encoder.encode(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  const bytes = new Uint8Array(encoded.reduce((sum, one) => sum + one.length, 0));
  const starts = new Int32Array(events.length);
  const ends = new Int32Array(events.length);
  let at = 0;
  encoded.forEach((one, index) => {
    bytes.set(one, at);
    starts[index] = at;
    at += one.length;
    ends[index] = at;
  });
  const arrivalTimeMs = Float64Array.from(events, (event) => event.arrivalMs ?? 0);
  return { input, partition, count: events.length, bytes, starts, ends, arrivalTimeMs, processedTimeMs: 0 };
}

export interface Collected {
  readonly rows: { [output: string]: OutputRow[] };
  readonly rejected: RejectedEvent[];
}

export function collect(job: Job, into: Collected): void {
  while (job.step());
  for (const { output, rows } of job.take()) {
    into.rows[output] ??= [];
    into.rows[output].push(...rows);
  }
  into.rejected.push(...job.takeRejected());
}

export interface RunOptions {
  readonly batchRows?: number;
  readonly rowsPerStep?: number;
  readonly textsMax?: number;
  /** Goes on in a new job from a checkpoint after every batch. */
  readonly checkpoints?: boolean;
}

/** All events of one input (or several: `input` by event), to the end. */
export function runEvents(
  plan: Plan,
  inputs: { readonly [input: string]: readonly TestEvent[] },
  options: RunOptions = {},
): Collected {
  const { batchRows = 1000, checkpoints = false, ...jobOptions } = options;
  const collected: Collected = { rows: {}, rejected: [] };
  let job = createJob(plan, jobOptions);
  for (const [input, events] of Object.entries(inputs)) {
    for (let from = 0; from < events.length; from += batchRows) {
      const part = events.slice(from, from + batchRows);
      for (const partition of new Set(part.map((event) => event.partition ?? 0))) {
        job.push(
          batchOf(
            input,
            part.filter((event) => (event.partition ?? 0) === partition),
            partition,
          ),
        );
      }
      collect(job, collected);
      if (!checkpoints) continue;
      const checkpoint = job.checkpoint();
      job = createJob(plan, jobOptions);
      job.restore(checkpoint);
    }
  }
  job.end();
  collect(job, collected);
  return collected;
}

/** A small seeded source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
