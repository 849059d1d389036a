/**
 * Sends events to an Event Hub, in order within each partition, and keeps at it until the hub has acknowledged each one.
 * A user's events share a partition. Whatever happens to the hub, nothing is lost and nothing doubled.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { GeneratedEvent } from '@asaql/generator';
import type { EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import { describeConnection, type EventHubsConnection } from '../config/connections.ts';
import type { EventSink } from './event-sink.ts';
import { createIdempotentProducer } from './idempotent-producer.ts';
import type { Ledger, LedgerRange } from './ledger.ts';

export interface HubSinkOptions {
  readonly connection: EventHubsConnection;
  readonly hub: string;
  /** Null: what was acknowledged is counted only. */
  readonly ledger: Ledger | null;
  /** One line about trouble with the hub, or its end. */
  readonly onNotice: (line: string) => void;
}

const retryDelayMs = 250;
// The SDK does not end a send whose connection breaks; sent anew, the hub knows it again.
const sendTimeoutMs = 3_000;
const connectTimeoutMs = 20_000;
const closeTimeoutMs = 2_000;
/** Events that may wait here before `send` makes the caller wait. */
const waitingMax = 20_000;
/** Characters of bodies in a batch: well below what the smallest tier takes (256 KB). */
const batchBytesMax = 200_000;

/** Errors that no second attempt heals: the address or the key is wrong. */
const hopeless: ReadonlySet<string> = new Set(['MessagingEntityNotFoundError', 'UnauthorizedError', 'ArgumentError']);
const tooLarge: ReadonlySet<string> = new Set(['MessageTooLargeError']);

export class HubSink implements EventSink {
  readonly #options: HubSinkOptions;
  readonly #producer: EventHubProducerClient;
  readonly #stopped = new AbortController();
  readonly #queues: GeneratedEvent[][] = [];
  readonly #pumps: (Promise<void> | undefined)[] = [];
  #waiting = 0;
  #acknowledged = 0;
  #refused = 0;
  #troubleSinceMs: number | undefined;
  #failure: Error | undefined;
  #onChange: (() => void)[] = [];

  private constructor(options: HubSinkOptions, producer: EventHubProducerClient) {
    this.#options = options;
    this.#producer = producer;
  }

  /** Reaches the hub, however long that takes. Rejects where the address or the key is wrong, or on `signal`. */
  static async open(options: HubSinkOptions, signal: AbortSignal): Promise<HubSink> {
    const sink = new HubSink(options, createIdempotentProducer(options.connection, options.hub));
    const giveUp = () => sink.#stopped.abort();
    signal.addEventListener('abort', giveUp);
    try {
      signal.throwIfAborted();
      const partitions = await sink.#untilDone((abortSignal) => sink.#producer.getPartitionIds({ abortSignal }));
      for (const partition of partitions) sink.#queues[Number(partition)] = [];
      return sink;
    } catch (error) {
      await sink.close();
      throw signal.aborted ? new Error(`Stopped before ${sink.#place} was reached.`) : error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get refused(): number {
    return this.#refused;
  }

  async send(events: readonly GeneratedEvent[]): Promise<void> {
    for (const event of events) {
      const partition = Number(event.userId.slice(1)) % this.#queues.length;
      this.#queues[partition]?.push(event);
      this.#waiting++;
    }
    // Only where there is work: a pump that ends at once would be noted as running after it has ended.
    for (const [partition, queue] of this.#queues.entries())
      if (queue.length > 0) this.#pumps[partition] ??= this.#pump(partition);
    await this.#changedUntil(() => this.#waiting <= waitingMax);
  }

  async flush(): Promise<void> {
    await this.#changedUntil(() => this.#waiting === 0);
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#changed();
    await Promise.all(this.#pumps);
    const closing = this.#producer
      .close()
      .catch((error: unknown) => this.#options.onNotice(`${this.#place}: ${messageOf(error)}.`));
    await within(closeTimeoutMs, closing);
  }

  /** Sends what waits for one partition, one batch after the other: that keeps its order. */
  async #pump(partition: number): Promise<void> {
    const queue = this.#queues[partition] ?? [];
    try {
      while (queue.length > 0 && this.#failure === undefined) await this.#sendNext(String(partition), queue);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#failure = error as Error;
    } finally {
      this.#pumps[partition] = undefined;
      this.#changed();
    }
  }

  async #sendNext(partitionId: string, queue: GeneratedEvent[]): Promise<void> {
    const events = queue.splice(0, bunchSize(queue));
    const noted = this.#options.ledger?.intend(events) ?? null;
    await this.#deliver(partitionId, events, noted);
  }

  /** Sends events in one batch; where that is too large, each half by itself. */
  async #deliver(partitionId: string, events: readonly GeneratedEvent[], noted: LedgerRange | null): Promise<void> {
    const batch = await this.#untilDone((abortSignal) => this.#producer.createBatch({ partitionId, abortSignal }));
    if (events.every((event) => batch.tryAdd({ body: bytesOf(event) })) && (await this.#hasTaken(batch))) {
      if (noted) this.#options.ledger?.acknowledge(noted);
      this.#acknowledged += events.length;
      this.#settled(events.length);
    } else if (events.length === 1) {
      this.#refuse(
        noted,
        `an event of ${bytesOf(events[0]).length} bytes is larger than the hub takes (${batch.maxSizeInBytes} bytes)`,
      );
    } else {
      const half = events.length >> 1;
      const first = noted && { first: noted.first, last: noted.first + half - 1 };
      const second = noted && { first: noted.first + half, last: noted.last };
      await this.#deliver(partitionId, events.slice(0, half), first);
      await this.#deliver(partitionId, events.slice(half), second);
    }
  }

  /** False where the batch, with what the SDK adds in sending, is larger than the hub takes. */
  async #hasTaken(batch: EventDataBatch): Promise<boolean> {
    try {
      await this.#untilDone((abortSignal) => this.#producer.sendBatch(batch, { abortSignal }), sendTimeoutMs);
      return true;
    } catch (error) {
      if (isOneOf(tooLarge, error)) return false;
      throw error;
    }
  }

  #refuse(noted: LedgerRange | null, reason: string): void {
    if (noted) this.#options.ledger?.refuse(noted, reason);
    this.#options.onNotice(`Not sent: ${reason}.`);
    this.#refused++;
    this.#settled(1);
  }

  #settled(count: number): void {
    this.#waiting -= count;
    this.#changed();
  }

  /** Tries until it works. Throws only what no further attempt can heal, or when this sink is closed. */
  async #untilDone<Result>(attempt: (signal: AbortSignal) => Promise<Result>, timeoutMs = connectTimeoutMs): Promise<Result> {
    for (;;) {
      const stopped = this.#stopped.signal;
      try {
        stopped.throwIfAborted();
        const result = await abortable(attempt, timeoutMs, stopped);
        this.#reportRecovery();
        return result;
      } catch (error) {
        if (stopped.aborted) throw error;
        if (isOneOf(tooLarge, error)) throw error;
        // Once the hub has taken events, the address and the key were right: what is wrong now may pass.
        if (isOneOf(hopeless, error) && this.#acknowledged === 0)
          throw new Error(`${this.#place}: ${messageOf(error)}`, { cause: error });
        this.#reportTrouble(error);
        await wait(retryDelayMs, undefined, { signal: stopped });
      }
    }
  }

  get #place(): string {
    return `Event hub ${this.#options.hub} at ${describeConnection(this.#options.connection)}`;
  }

  #reportTrouble(error: unknown): void {
    if (this.#troubleSinceMs !== undefined) return;
    this.#troubleSinceMs = performance.now();
    this.#options.onNotice(`${this.#place} does not take events: ${messageOf(error)}. Trying again until it does.`);
  }

  #reportRecovery(): void {
    if (this.#troubleSinceMs === undefined) return;
    const seconds = ((performance.now() - this.#troubleSinceMs) / 1000).toFixed(1);
    this.#troubleSinceMs = undefined;
    this.#options.onNotice(`${this.#place} takes events again, after ${seconds} s.`);
  }

  #changed(): void {
    const waiting = this.#onChange;
    this.#onChange = [];
    for (const resolve of waiting) resolve();
  }

  async #changedUntil(holds: () => boolean): Promise<void> {
    while (this.#failure === undefined && !this.#stopped.signal.aborted && !holds()) {
      await new Promise<void>((resolve) => this.#onChange.push(resolve));
    }
    if (this.#failure) throw this.#failure;
  }
}

/** Attempts something, for `timeoutMs` at most, and ends as soon as `stopped` says so even where the SDK would hang on. */
async function abortable<Result>(
  attempt: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number,
  stopped: AbortSignal,
): Promise<Result> {
  const ended = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (error: Error) => {
    ended.abort();
    reject(error);
  };
  const timer = setTimeout(() => end(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  const onStop = () => end(new Error('stopped'));
  stopped.addEventListener('abort', onStop);
  try {
    return await Promise.race([attempt(ended.signal), promise]);
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener('abort', onStop);
  }
}

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, wait(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

/** How many of the first events make up a batch: at least one. */
function bunchSize(queue: readonly GeneratedEvent[]): number {
  let bytes = 0;
  const end = queue.findIndex((event) => {
    bytes += event.body.length;
    return bytes > batchBytesMax;
  });
  return end < 0 ? queue.length : Math.max(1, end);
}

function bytesOf(event: GeneratedEvent | undefined): Buffer {
  const body = event?.body ?? '';
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function isOneOf(names: ReadonlySet<string>, error: unknown): boolean {
  return names.has((error as { code?: string }).code ?? '') || names.has((error as Error).name);
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors.at(-1));
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
}
