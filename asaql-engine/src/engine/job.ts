/** A running job: takes batches, moves time on in bounded steps, gives rows. Knows no connector, no clock, no I/O. */
import type { Batch } from '../batch/batch.ts';
import { Dictionary } from '../batch/dictionary.ts';
import { EvaluationError } from '../expressions/value.ts';
import { frontHalf } from '../plan/front-half.ts';
import { nodesFor, type Plan } from '../plan/plan.ts';
import { isWhole, sealed } from '../state/seal.ts';
import { StateReader } from '../state/state-reader.ts';
import { StateWriter, stateVersion } from '../state/state-writer.ts';
import type { InputBatch, Job, JobMetrics, OutputBatch, OutputRow, RejectedEvent, TimedEvent } from './contract.ts';
import { EngineError } from './engine-error.ts';
import { type Handover, HandoverReader, HandoverWriter } from './handover.ts';
import { InputReader } from './input-reader.ts';
import { type Component, inputOptionsOf, type Wiring, wire } from './operators-from-plan.ts';
import { assertStateWithin, stateBytesMaxDefault } from './state-limit.ts';

export interface JobOptions {
  /** About how many rows of one input a step works on. */
  readonly rowsPerStep?: number;
  /** How many distinct texts are kept before those that nobody needs any more are forgotten. */
  readonly textsMax?: number;
  /** About how much memory its state may take before the job stops with an EngineError rather than fill the memory; 1 GiB. */
  readonly stateBytesMax?: number;
  /** Is told what became of every event that could be read, once for each reading of its input. Costs nothing when left out. */
  readonly timed?: (event: TimedEvent) => void;
}

const signature = 0x41534151;

export function createJob(plan: Plan, options: JobOptions = {}): Job {
  return new EngineJob(plan, options, null);
}

/** Whether a job of the plan can be cut in two halves, for two threads. */
export function canCut(plan: Plan): boolean {
  return frontHalf(nodesFor(plan, new Dictionary())) !== null;
}

/** The half that takes events. What it hands over goes to a back half of the same plan, in order. */
export function createFrontJob(plan: Plan, options: JobOptions = {}): FrontJob {
  return new EngineJob(plan, options, 'front');
}

/** The half that gives rows: the same as those of the whole job. */
export function createBackJob(plan: Plan, options: JobOptions = {}): BackJob {
  return new EngineJob(plan, options, 'back');
}

export interface FrontJob extends Pick<Job, 'push' | 'step' | 'endPartition' | 'end' | 'takeRejected' | 'metrics'> {
  takeHandover(): Handover;
}

export interface BackJob extends Pick<Job, 'take'> {
  accept(handover: Handover): void;
}

class EngineJob implements Job, FrontJob, BackJob {
  readonly #plan: Plan;
  readonly #rowsPerStep: number;
  readonly #textsMax: number;
  #textsLimit: number;
  readonly #stateBytesMax: number;
  #dictionary = new Dictionary();
  #wiring: Wiring;
  #readers: ReadonlyMap<string, InputReader>;
  #rejected: RejectedEvent[] = [];
  #rejectedCount = 0;
  #ended = false;
  readonly #timed: ((event: TimedEvent) => void) | null;
  readonly #half: 'front' | 'back' | null;
  readonly #handovers = new HandoverWriter(this.#dictionary);
  readonly #accepted = new HandoverReader(this.#dictionary);

  constructor(plan: Plan, options: JobOptions, half: 'front' | 'back' | null) {
    this.#plan = plan;
    this.#rowsPerStep = options.rowsPerStep ?? 8192;
    this.#textsMax = options.textsMax ?? 1 << 20;
    this.#textsLimit = this.#textsMax;
    this.#stateBytesMax = options.stateBytesMax ?? stateBytesMaxDefault;
    this.#timed = options.timed ?? null;
    this.#half = half;
    this.#wiring = this.#wire();
    this.#readers = this.#makeReaders();
  }

  #wire(): Wiring {
    const send = (node: number, batch: Batch) => this.#handovers.batch(node, batch);
    const half =
      this.#half === 'front' ? ({ kind: 'front', send } as const) : this.#half === 'back' ? ({ kind: 'back' } as const) : null;
    return wire(nodesFor(this.#plan, this.#dictionary), this.#plan.options, this.#dictionary, half);
  }

  #makeReaders(): ReadonlyMap<string, InputReader> {
    for (const source of this.#wiring.sources) source.timed = this.#timed;
    for (const operator of this.#wiring.operators) operator.heldBytesMax = this.#stateBytesMax;
    const { options } = this.#plan;
    return new Map(
      this.#plan.inputs.map((input) => {
        const sources = this.#wiring.sources.filter((source) => source.node.input.toLowerCase() === input.toLowerCase());
        return [
          input.toLowerCase(),
          new InputReader(input, sources, inputOptionsOf(options, input), options.compatibilityLevel, this.#dictionary),
        ];
      }),
    );
  }

  push(batch: InputBatch): void {
    if (this.#ended) throw new Error('The job has ended: nothing more can be pushed.');
    const reader = this.#readers.get(batch.input.toLowerCase());
    if (reader === undefined) throw new EngineError(`The query reads no input '${batch.input}'.`);
    guarded(() => reader.push(batch, (event) => this.#reject(event)));
    guarded(() => assertStateWithin(this.#wiring.kinds, this.#stateBytesMax));
  }

  #reject(event: RejectedEvent): void {
    this.#rejected.push(event);
    this.#rejectedCount += 1;
  }

  advance(nowMs: number): void {
    for (const source of this.#wiring.sources) source.idle(nowMs * 1000);
  }

  endPartition(input: string, partition: number): void {
    for (const source of this.#wiring.sources) {
      if (source.node.input.toLowerCase() === input.toLowerCase()) source.endPartition(partition);
    }
  }

  end(): void {
    this.#ended = true;
    for (const source of this.#wiring.sources) source.end();
  }

  step(): boolean {
    for (const [index, component] of this.#wiring.components.entries()) {
      const [only] = component.sources;
      const streams = component.sources.length === 1 && only !== undefined && only.inOrder && only.hasWaiting;
      let targetUs = Number.POSITIVE_INFINITY;
      for (const source of component.sources) targetUs = Math.min(targetUs, source.watermarkUs);
      if (!streams && !(targetUs > component.timeUs)) continue;
      for (const source of component.sources) targetUs = Math.min(targetUs, source.instantAfter(this.#rowsPerStep, targetUs));
      guarded(() => {
        if (streams) targetUs = Math.max(component.timeUs, Math.min(targetUs, only.release(this.#rowsPerStep)));
        this.#advance(component, targetUs);
      });
      if (this.#half === 'front') this.#handovers.advance(index, targetUs);
      this.#forgetTextsIfMany();
      return true;
    }
    return false;
  }

  #advance(component: Component, us: number): void {
    component.timeUs = us;
    for (const { operator, inputLagUs } of component.operators) operator.advance(us - inputLagUs);
    assertStateWithin(this.#wiring.kinds, this.#stateBytesMax);
  }

  takeHandover(): Handover {
    return this.#handovers.take();
  }

  accept(handover: Handover): void {
    guarded(() => {
      for (const item of handover) {
        if (item.kind === 'texts') this.#accepted.texts(item);
        else if (item.kind === 'advance') this.#advance(this.#wiring.components[item.component] as Component, item.us);
        else this.#wiring.receivers.get(item.node)?.process(this.#accepted.batch(item), 0);
      }
    });
    this.#forgetTextsIfMany();
  }

  #forgetTextsIfMany(): void {
    if (this.#dictionary.size > this.#textsLimit) this.#forgetTexts();
  }

  /** Makes everything anew from its own state, so that texts which nobody holds any more are gone. */
  #forgetTexts(): void {
    const state = this.#save();
    const pending = this.#wiring.outputs.map(({ rows, timestampsMs }) => ({ rows, timestampsMs }));
    this.#dictionary = new Dictionary();
    this.#handovers.renew(this.#dictionary);
    this.#accepted.renew(this.#dictionary);
    this.#wiring = this.#wire();
    this.#readers = this.#makeReaders();
    this.#load(state);
    this.#wiring.outputs.forEach((output, index) => {
      output.rows = pending[index]?.rows ?? [];
      output.timestampsMs = pending[index]?.timestampsMs ?? [];
    });
    if (this.#ended) for (const source of this.#wiring.sources) source.end();
    this.#textsLimit = Math.max(this.#textsMax, this.#dictionary.size * 2);
  }

  take(): OutputBatch[] {
    return this.#wiring.outputs.flatMap((output) => {
      if (output.rows.length === 0) return [];
      const batch: { output: string; rows: OutputRow[]; timestampsMs: number[] } = {
        output: output.output,
        rows: output.rows,
        timestampsMs: output.timestampsMs,
      };
      output.rows = [];
      output.timestampsMs = [];
      return [batch];
    });
  }

  takeRejected(): RejectedEvent[] {
    const rejected = this.#rejected;
    this.#rejected = [];
    return rejected;
  }

  metrics(): JobMetrics {
    const total = (count: (source: Wiring['sources'][number]) => number) =>
      this.#wiring.sources.reduce((sum, source) => sum + count(source), 0);
    const outputRows: { [output: string]: number } = {};
    for (const { output, rowCount } of this.#wiring.outputs) outputRows[output] = (outputRows[output] ?? 0) + rowCount;
    return {
      inputEvents: [...this.#readers.values()].reduce((sum, reader) => sum + reader.events, 0),
      rejectedEvents: this.#rejectedCount,
      lateEvents: total((source) => source.counts.late),
      earlyEvents: total((source) => source.counts.early),
      outOfOrderEvents: total((source) => source.counts.outOfOrder),
      adjustedEvents: total((source) => source.counts.adjusted),
      outputRows,
      watermarkMs: Math.min(...this.#wiring.components.map((component) => component.timeUs)) / 1000,
    };
  }

  checkpoint(): Uint8Array {
    if (this.#wiring.outputs.some((output) => output.rows.length > 0) || this.#rejected.length > 0) {
      throw new Error('Take what the job has put out before you take a checkpoint.');
    }
    return this.#save();
  }

  restore(checkpoint: Uint8Array): void {
    this.#load(checkpoint);
  }

  #save(): Uint8Array {
    const writer = new StateWriter();
    writer.uint(signature);
    writer.uint(stateVersion);
    writer.text(fingerprint(this.#plan));
    writer.uint(this.#rejectedCount);
    for (const reader of this.#readers.values()) reader.save(writer);
    for (const { timeUs } of this.#wiring.components) writer.float(timeUs);
    for (const output of this.#wiring.outputs) writer.uint(output.rowCount);
    for (const operator of this.#wiring.operators) operator.save(writer);
    return sealed(writer.finish());
  }

  #load(checkpoint: Uint8Array): void {
    const reader = openCheckpoint(checkpoint, this.#plan);
    this.#rejectedCount = reader.uint();
    for (const input of this.#readers.values()) input.load(reader);
    for (const component of this.#wiring.components) component.timeUs = reader.float();
    for (const output of this.#wiring.outputs) output.rowCount = reader.uint();
    for (const operator of this.#wiring.operators) operator.load(reader);
  }
}

/** Refuses what is no checkpoint, or one of another version or query. */
function openCheckpoint(checkpoint: Uint8Array, plan: Plan): StateReader {
  let reader: StateReader;
  let version: number;
  let query: string;
  try {
    reader = new StateReader(checkpoint);
    if (reader.uint() !== signature) throw new RangeError('The signature is missing.');
    version = reader.uint();
    query = version === stateVersion ? reader.text() : '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('This is no checkpoint of a job, or it is damaged. Start the job without it.');
  }
  if (version !== stateVersion) {
    throw new EngineError(
      `The checkpoint has format version ${version}; this engine reads version ${stateVersion}. Start the job without it.`,
    );
  }
  if (query !== fingerprint(plan)) {
    throw new EngineError(
      'The checkpoint belongs to another query, compatibility level, input list or time policy. Start the job without it, or with the query as it was.',
    );
  }
  if (!isWhole(checkpoint)) throw new EngineError('The checkpoint is damaged. Start the job without it, or from an older one.');
  return reader;
}

/** Equal for plans whose states fit each other. */
function fingerprint(plan: Plan): string {
  const { compatibilityLevel, policies, inputs } = plan.options;
  const policy =
    policies === null
      ? null
      : [policies.lateArrivalMs, policies.outOfOrderMs, policies.earlyArrivalMs, policies.action].map(String);
  const text = JSON.stringify([plan.source.text, compatibilityLevel, policy, inputs]);
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  return hash.toString(16);
}

/** A failure of the query on the data stops the job with a clear message. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof EvaluationError) throw new EngineError(error.message, { cause: error });
    throw error;
  }
}
