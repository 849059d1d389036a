/**
 * Runs a job over the seeded generator in simulated time and measures what it does to the services around it: rows, bytes, keys
 * and request units of each output, and what an event costs the engine compared with one that is only passed through.
 * Takes as long as the engine needs, not as long as the simulated time. Knows no price.
 */
import { compile, createJob, type InputBatch, type Job, type OutputBatch } from '@asaql/engine';
import { createGenerator } from '@asaql/generator';
import { enrichEvent, validateBody } from '@asaql/runtime';
import type { JobProject, OutputDefinition } from '../job/project.ts';
import { DocumentWrites, type WriteLoad } from './document-writes.ts';

export interface LoadOptions {
  readonly project: JobProject;
  readonly eventsPerSecond: number;
  readonly users: number;
  readonly seed: number;
  /** Simulated before anything is measured: windows and sessions are full by then. */
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
  /** A monotonic clock, ms: what the engine's work is measured with. */
  readonly clockMs: () => number;
  /** Told once a simulated second; throws to cancel. */
  readonly onSecond?: (second: number, seconds: number) => void;
}

export interface OutputLoad {
  readonly output: string;
  readonly target: string;
  readonly rowsPerSecond: number;
  readonly bytesPerRow: number;
  /** Null for an output that is no container. */
  readonly writes: WriteLoad | null;
}

export interface Load {
  readonly simulatedSeconds: number;
  readonly measuredSeconds: number;
  readonly events: number;
  readonly bytesPerEvent: number;
  readonly outputs: readonly OutputLoad[];
  /** What the Functions app stores of each valid event. */
  readonly processed: WriteLoad;
  /** Request units a second of each container: its outputs, added up before the busiest seconds are looked for. */
  readonly containers: Readonly<Record<string, Float64Array>>;
  readonly stateBytes: number;
  /** The engine's work for an event, as a multiple of its work for an event of `SELECT *`. */
  readonly workRatio: number;
  readonly engineEventsPerSecond: number;
}

const startMs = Date.parse('2026-01-15T12:00:00Z');

/** Throws an Error with one line where the query cannot be compiled. */
export function measureLoad(options: LoadOptions): Load {
  const { project, eventsPerSecond, users, seed, warmUpSeconds, measuredSeconds } = options;
  const seconds = warmUpSeconds + measuredSeconds;
  const generator = createGenerator({ seed, users, eventsPerSecond, startTimeMs: startMs });
  const job = timedJob(project.query, project, options.clockMs);
  const passing = timedJob(`SELECT * INTO passed FROM [${project.input.name}]`, project, options.clockMs);
  const outputs = new Map(
    project.outputs.map((definition) => [definition.name, new OutputMeter(definition, seconds, warmUpSeconds)]),
  );
  const processed = new DocumentWrites(seconds, warmUpSeconds);
  let events = 0;
  let bytes = 0;
  for (let second = 0; second < seconds; second++) {
    options.onSecond?.(second, seconds);
    const nowMs = startMs + (second + 1) * 1000;
    const bodies = generator.takeUntil(nowMs);
    const batch = batchOf(project.input.name, bodies, nowMs);
    for (const output of job.run(batch)) outputs.get(output.output)?.take(output, second);
    if (second >= warmUpSeconds) passing.run(batch);
    for (const { body } of bodies) store(processed, body, second, nowMs);
    events += batch.count;
    bytes += batch.bytes.length;
  }
  return {
    simulatedSeconds: seconds,
    measuredSeconds,
    events,
    bytesPerEvent: bytes / events,
    outputs: [...outputs.values()].map((meter) => meter.load(measuredSeconds)),
    processed: processed.load(),
    containers: addedUp([...outputs.values()]),
    stateBytes: job.stateBytes(),
    workRatio: job.msPerEvent() / passing.msPerEvent(),
    engineEventsPerSecond: 1000 / job.msPerEvent(),
  };
}

interface TimedJob {
  run(batch: InputBatch): OutputBatch[];
  msPerEvent(): number;
  stateBytes(): number;
}

function timedJob(query: string, { compatibilityLevel, policies }: JobProject, clockMs: () => number): TimedJob {
  const compiled = compile(query, { compatibilityLevel, policies });
  if (!compiled.ok) {
    const [first] = compiled.diagnostics;
    throw new Error(`The query cannot be run, so nothing can be measured: ${first?.code} ${first?.message}`);
  }
  const job: Job = createJob(compiled.plan);
  let events = 0;
  let spentMs = 0;
  return {
    run(batch) {
      const beganMs = clockMs();
      job.push(batch);
      while (job.step());
      const rows = job.take();
      spentMs += clockMs() - beganMs;
      events += batch.count;
      job.takeRejected();
      return rows;
    },
    msPerEvent: () => spentMs / events,
    stateBytes: () => job.checkpoint().length,
  };
}

class OutputMeter {
  readonly definition: OutputDefinition;
  readonly #measuredFrom: number;
  readonly writes: DocumentWrites | null;
  #rows = 0;
  #bytes = 0;

  constructor(definition: OutputDefinition, seconds: number, measuredFrom: number) {
    this.definition = definition;
    this.#measuredFrom = measuredFrom;
    this.writes = definition.kind === 'cosmos' ? new DocumentWrites(seconds, measuredFrom) : null;
  }

  get target(): string {
    return this.definition.kind === 'cosmos' ? this.definition.container : this.definition.filesystem;
  }

  take({ rows }: OutputBatch, second: number): void {
    for (const row of rows) {
      if (this.definition.kind === 'cosmos')
        this.writes?.write(second, row, String(row.id), String(row[this.definition.partitionKeyField]));
      if (second < this.#measuredFrom) continue;
      this.#rows++;
      // A line of the file, with its end.
      this.#bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    }
  }

  load(measuredSeconds: number): OutputLoad {
    return {
      output: this.definition.name,
      target: this.target,
      rowsPerSecond: this.#rows / measuredSeconds,
      bytesPerRow: this.#rows === 0 ? 0 : this.#bytes / this.#rows,
      writes: this.writes?.load() ?? null,
    };
  }
}

function addedUp(meters: readonly OutputMeter[]): Record<string, Float64Array> {
  const containers: Record<string, Float64Array> = {};
  for (const { target, writes } of meters) {
    if (writes === null) continue;
    const sum = containers[target] ?? new Float64Array(writes.requestUnits.length);
    writes.requestUnits.forEach((units, second) => {
      sum[second] = (sum[second] ?? 0) + units;
    });
    containers[target] = sum;
  }
  return containers;
}

function store(processed: DocumentWrites, body: string | Uint8Array, second: number, nowMs: number): void {
  const validation = validateBody(typeof body === 'string' ? Buffer.from(body) : body);
  if (validation.kind === 'invalid') return;
  const document = enrichEvent(validation.event, nowMs);
  processed.write(second, document, document.id, document.content_id);
}

function batchOf(
  input: string,
  events: readonly { readonly body: string | Uint8Array; readonly sendTimeMs: number }[],
  nowMs: number,
): InputBatch {
  const bodies = events.map(({ body }) => (typeof body === 'string' ? Buffer.from(body) : body));
  const starts = new Int32Array(bodies.length);
  const ends = new Int32Array(bodies.length);
  let at = 0;
  bodies.forEach((body, index) => {
    starts[index] = at;
    at += body.length;
    ends[index] = at;
  });
  return {
    input,
    partition: 0,
    count: bodies.length,
    bytes: Buffer.concat(bodies),
    starts,
    ends,
    arrivalTimeMs: Float64Array.from(events, ({ sendTimeMs }) => sendTimeMs),
    processedTimeMs: nowMs,
  };
}
