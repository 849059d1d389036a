/**
 * Rows into a Cosmos DB container: upserts in transactional batches, each of one partition key. A document is in one batch
 * at a time, so that its versions are written in order; of several that wait together only the newest is written.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { jsonOfOutput, type OutputBatch, type OutputRow } from '@asaql/engine';
import type { Container, OperationInput } from '@azure/cosmos';
import { type OutputSink, retryDelayMs, type SinkEvents } from './output-sink.ts';
import { PendingRows } from './pending-rows.ts';

/** Limits of a transactional batch: https://learn.microsoft.com/azure/cosmos-db/transactional-batch */
const operationsMax = 100;
const batchBytesMax = 1_500_000;
/** Batches of one partition key under way at once. */
const workersMax = 4;

interface Waiting {
  readonly row: OutputRow;
  readonly timestampMs: number;
  readonly bytes: number;
  readonly ticket: number;
}

/** One partition key: what waits for it, newest version by document id, and the ids of the batches under way. */
interface Lane {
  readonly key: string;
  readonly waiting: Map<string, Waiting>;
  readonly underWay: Set<string>;
  /** How many write batches of this lane at the moment. */
  workers: number;
}

export interface CosmosSinkOptions {
  readonly output: string;
  readonly container: Container;
  readonly partitionKeyField: string;
  readonly events: SinkEvents;
}

export class CosmosSink implements OutputSink {
  readonly #options: CosmosSinkOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #pending = new PendingRows();
  readonly #working = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(options: CosmosSinkOptions) {
    this.#options = options;
  }

  write(batch: OutputBatch): void {
    const ticket = this.#pending.open();
    batch.rows.forEach((row, index) => {
      const key = row[this.#options.partitionKeyField];
      if (typeof key !== 'string' || typeof row.id !== 'string' || row.id === '') {
        const field = typeof key !== 'string' ? this.#options.partitionKeyField : 'id';
        this.#reject(row, `the row has no text in "${field}", which the container needs`);
        return;
      }
      const lane = this.#lane(key);
      const text = jsonOfOutput(row);
      const bytes = text.length;
      // A newer version overtakes the one that waits, and goes to the end of the queue: tickets stay in order.
      const older = lane.waiting.get(row.id);
      if (older && lane.waiting.delete(row.id)) this.#pending.remove(older.ticket);
      lane.waiting.set(row.id, { row: asDocument(row, text), timestampMs: batch.timestampsMs[index] ?? 0, bytes, ticket });
      this.#pending.add(ticket);
    });
    for (const lane of this.#lanes.values()) this.#employ(lane);
  }

  settled(): Promise<void> {
    return this.#pending.settled();
  }

  pendingRows(): number {
    return this.#pending.total;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#working);
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = { key, waiting: new Map(), underWay: new Set(), workers: 0 };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #employ(lane: Lane): void {
    const wanted = Math.min(workersMax, Math.ceil(lane.waiting.size / operationsMax));
    while (lane.workers < wanted) {
      const work: Promise<void> = this.#work(lane).finally(() => this.#working.delete(work));
      this.#working.add(work);
    }
  }

  /** Ends when nothing waits but newer versions of what others have under way; those look again when they are done. */
  async #work(lane: Lane): Promise<void> {
    lane.workers++;
    for (let batch = takeBatch(lane); batch.size > 0; batch = takeBatch(lane)) {
      await this.#writeBatch(lane.key, [...batch.values()]);
      if (this.#stop.signal.aborted) return;
      for (const [id, entry] of batch) {
        lane.underWay.delete(id);
        this.#pending.remove(entry.ticket);
      }
    }
    // In one go with the last look at what waits: rows that come next find the place free.
    lane.workers--;
  }

  /** Writes a batch until it is in. One that is refused is halved until the refused row stands alone. */
  async #writeBatch(key: string, batch: readonly Waiting[]): Promise<void> {
    const operations = batch.map(({ row }): OperationInput => ({ operationType: 'Upsert', resourceBody: row as never }));
    for (let attempt = 0; !this.#stop.signal.aborted; attempt++) {
      const outcome = await this.#try(operations, key);
      if (outcome.kind === 'written') {
        this.#options.events.onWritten(
          this.#options.output,
          batch.map((entry) => entry.timestampMs),
        );
        return;
      }
      if (outcome.kind === 'refused') {
        const [first] = batch;
        if (batch.length === 1 && first) return this.#reject(first.row, outcome.reason);
        const half = Math.ceil(batch.length / 2);
        await this.#writeBatch(key, batch.slice(0, half));
        return this.#writeBatch(key, batch.slice(half));
      }
      const delayMs = retryDelayMs(attempt, outcome.askedMs);
      this.#options.events.onRetry(this.#options.output, outcome.reason, delayMs);
      await wait(delayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #try(operations: OperationInput[], key: string): Promise<Outcome> {
    try {
      const response = await this.#options.container.items.batch(operations, key, { contentResponseOnWriteEnabled: false });
      const failed = response.result?.find((one) => one.statusCode >= 400 && one.statusCode !== 424);
      const status = failed?.statusCode ?? response.code ?? 200;
      return status < 400 ? { kind: 'written' } : outcomeOf(status, `Cosmos DB answered ${status}`, null);
    } catch (error) {
      const { code, message, retryAfterInMs } = error as { code?: unknown; message?: string; retryAfterInMs?: number };
      return outcomeOf(typeof code === 'number' ? code : null, message ?? String(error), retryAfterInMs ?? null);
    }
  }

  #reject(row: OutputRow, reason: string): void {
    this.#options.events.onRejected({ output: this.#options.output, reason, row });
  }
}

type Outcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'away'; readonly reason: string; readonly askedMs: number | null };

/** Only a client error that will be the same tomorrow is a refusal: everything else is worth another try. */
function outcomeOf(status: number | null, reason: string, askedMs: number | null): Outcome {
  const refused = status !== null && (status === 400 || status === 409 || status === 413);
  return refused ? { kind: 'refused', reason } : { kind: 'away', reason, askedMs };
}

function takeBatch(lane: Lane): Map<string, Waiting> {
  const batch = new Map<string, Waiting>();
  let bytes = 0;
  for (const [id, entry] of lane.waiting) {
    if (batch.size === operationsMax || (batch.size > 0 && bytes + entry.bytes > batchBytesMax)) break;
    if (lane.underWay.has(id)) continue;
    bytes += entry.bytes;
    batch.set(id, entry);
  }
  for (const id of batch.keys()) {
    lane.waiting.delete(id);
    lane.underWay.add(id);
  }
  return batch;
}

/** Numbers of a document are doubles: an integer that needs more digits becomes the nearest one, as in the service. */
function asDocument(row: OutputRow, text: string): OutputRow {
  return /\d{16}/.test(text) ? (JSON.parse(text) as OutputRow) : row;
}
