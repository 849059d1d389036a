/**
 * Runs a compiled query over a hub: source → engine → sinks, with a checkpoint that is committed only behind the outputs.
 * Holds the engine's one thread; knows no SDK.
 */
import type { Job, RejectedEvent } from '@asaql/engine';
import { type Positions, writeCheckpoint } from './checkpoint-file.ts';
import type { HubBatch } from './hub-source.ts';
import { inputBatch } from './input-batch.ts';
import type { OutputSink } from './output-sink.ts';

export interface LocalJobOptions {
  readonly input: string;
  readonly engine: Job;
  readonly sinks: ReadonlyMap<string, OutputSink>;
  readonly queryHash: string;
  readonly positions: Positions;
  readonly checkpointPath: string;
  readonly nowMs: () => number;
  readonly onRejectedEvent: (event: RejectedEvent, batch: HubBatch) => void;
}

/** Above this many unwritten rows the source waits for the sinks. */
const pendingRowsMax = 50_000;

export class LocalJob {
  readonly #options: LocalJobOptions;
  readonly #positions: Record<string, number>;
  /** Arrival time of the last event read of each partition, ms. */
  readonly #lastArrivalMs = new Map<number, number>();
  readonly #lastCaughtUpMs = new Map<number, number>();
  #checkpointing: Promise<void> | null = null;
  #ended = false;

  constructor(options: LocalJobOptions) {
    this.#options = options;
    this.#positions = { ...options.positions };
  }

  get positions(): Positions {
    return { ...this.#positions };
  }

  /** Takes a batch of the source; resolves when the next one may come. */
  async accept(batch: HubBatch): Promise<void> {
    const { engine, input, nowMs } = this.#options;
    engine.push(inputBatch(input, batch, nowMs()));
    this.#positions[String(batch.partition)] = batch.lastSequenceNumber;
    this.#lastArrivalMs.set(batch.partition, batch.events.at(-1)?.enqueuedTimeUtc.getTime() ?? 0);
    this.#drain(batch);
    while (this.pendingRows() > pendingRowsMax) await this.settled();
  }

  /**
   * The partitions that were read to their end at `atMs`. Where all are known up to a moment, the job's time may move to
   * it although nothing arrives: windows close on an idle input too.
   */
  caughtUp(partitions: readonly { readonly partition: string; readonly lastSequenceNumber: number }[], atMs: number): void {
    if (this.#ended) return;
    let known = Number.POSITIVE_INFINITY;
    for (const { partition, lastSequenceNumber } of partitions) {
      const number = Number(partition);
      if (lastSequenceNumber <= (this.#positions[partition] ?? -1)) this.#lastCaughtUpMs.set(number, atMs);
      known = Math.min(known, Math.max(this.#lastCaughtUpMs.get(number) ?? 0, this.#lastArrivalMs.get(number) ?? 0));
    }
    if (known > 0 && Number.isFinite(known)) {
      this.#options.engine.advance(known);
      this.#drain(null);
    }
  }

  /** The inputs have ended: the last windows close. Resolves when every row is written and the checkpoint says so. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#checkpointing;
    this.#options.engine.end();
    this.#drain(null);
    await this.settled();
    await writeCheckpoint(this.#options.checkpointPath, {
      queryHash: this.#options.queryHash,
      positions: this.#positions,
      state: null,
    });
  }

  /** One at a time; a call while one is under way waits for that one. */
  checkpoint(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#checkpointing ??= this.#commit().finally(() => {
      this.#checkpointing = null;
    });
    return this.#checkpointing;
  }

  async #commit(): Promise<void> {
    // State and positions belong to one moment: nothing is awaited between them.
    const state = this.#options.engine.checkpoint();
    const positions = this.positions;
    await this.settled();
    await writeCheckpoint(this.#options.checkpointPath, { queryHash: this.#options.queryHash, positions, state });
  }

  pendingRows(): number {
    let rows = 0;
    for (const sink of this.#options.sinks.values()) rows += sink.pendingRows();
    return rows;
  }

  async settled(): Promise<void> {
    await Promise.all([...this.#options.sinks.values()].map((sink) => sink.settled()));
  }

  #drain(batch: HubBatch | null): void {
    const { engine, sinks, onRejectedEvent } = this.#options;
    while (engine.step()) {
      // Each step is a bounded piece of work.
    }
    for (const output of engine.take()) {
      const sink = sinks.get(output.output);
      if (!sink) throw new Error(`The query writes to ${output.output}, which the project does not define.`);
      sink.write(output);
    }
    for (const rejected of engine.takeRejected()) if (batch) onRejectedEvent(rejected, batch);
  }
}
