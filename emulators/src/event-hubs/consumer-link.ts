// One receiver of a partition: reads the log from its place on and delivers as credit allows.
// Knows nothing of other receivers, authorisation or addresses.
import type { Sender } from 'rhea';
import rhea from 'rhea';
import type { OutgoingEvent } from './delivery-frames.ts';
import { FIRST_EVENT_AT, nextEventAt } from './log-frame.ts';
import type { StoredFrame } from './log-segment.ts';
import type { LogCursor, PartitionLog } from './partition-log.ts';
import { DeliveryChannel } from './rhea-wire.ts';

/** Events and bytes that go to the socket at a time, so that links of one connection take turns. */
const CHUNK_EVENTS_MAX = 256;
const CHUNK_BYTES_MAX = 256 * 1024;

export interface ConsumerLinkOptions {
  readonly log: PartitionLog;
  readonly cursor: LogCursor;
  /** Tells with each event how far the partition has got. */
  readonly withRuntimeMetrics: boolean;
  readonly now: () => number;
  /** The log cannot be read; the link is of no more use. */
  readonly onFailure: (error: Error) => void;
}

export class ConsumerLink {
  readonly sender: Sender;
  readonly #options: ConsumerLinkOptions;
  readonly #channel: DeliveryChannel;
  readonly #stopListening: () => void;
  readonly #ready: OutgoingEvent[] = [];
  #readyAt = 0;
  #isRunning = false;
  #isAskedAgain = false;
  #isClosed = false;
  #isHeld = false;
  #isDraining = false;
  /** The last run ended because nothing was left to deliver, or no credit. */
  #isAtEnd = false;

  constructor(sender: Sender, options: ConsumerLinkOptions) {
    this.sender = sender;
    this.#options = options;
    this.#channel = new DeliveryChannel(sender);
    this.#stopListening = options.log.onAppend(this.pump);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
  }

  /** Delivers nothing until released: its place in the log is still being looked up. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
  }

  /** The client wants what there is now, and its remaining credit back. */
  drain(): void {
    this.#isDraining = true;
    this.pump();
  }

  /** Delivers what can be delivered now; call whenever credit, window or log may have grown. */
  readonly pump = (): void => {
    if (this.#isClosed || this.#isHeld) return;
    this.#isAskedAgain = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run().then(
      () => {
        this.#isRunning = false;
        if (this.#isAskedAgain) this.pump();
        else if (this.#isDraining && this.#isAtEnd) {
          this.#isDraining = false;
          this.#channel.giveBackCredit();
        }
      },
      (error: Error) => {
        this.close();
        this.#options.onFailure(error);
      },
    );
  };

  async #run(): Promise<void> {
    const { log, cursor } = this.#options;
    this.#isAtEnd = !this.#channel.hasCredit;
    while (!this.#isClosed && this.#channel.canSend) {
      this.#isAskedAgain = false;
      if (this.#channel.whenDrained(this.pump)) return;
      if (this.#readyAt === this.#ready.length) {
        this.#ready.length = 0;
        this.#readyAt = 0;
        const read = log.read(cursor);
        const frames = read instanceof Promise ? await read : read;
        if (frames.length === 0) {
          if (this.#isAskedAgain) continue;
          this.#isAtEnd = true;
          return;
        }
        for (const frame of frames) this.#unpack(frame);
        continue;
      }
      const sent = this.#channel.send(this.#nextChunk(), this.#options.withRuntimeMetrics ? this.#metrics() : undefined);
      this.#readyAt += sent;
      if (sent === 0) break;
    }
    this.#isAskedAgain = false;
  }

  #unpack({ segment, position, bytes, content }: StoredFrame): void {
    const { minSequence, minOffset } = this.#options.cursor;
    let sequence = content.firstSequence;
    for (let at = FIRST_EVENT_AT; at < bytes.length; ) {
      const end = nextEventAt(bytes, at);
      const offset = segment.baseOffset + position + at;
      if (sequence >= minSequence && offset >= minOffset) {
        this.#ready.push({ bytes, at: at + 4, end, sequence, offset, enqueuedTimeMs: content.enqueuedTimeMs });
      }
      sequence++;
      at = end;
    }
  }

  #nextChunk(): OutgoingEvent[] {
    let bytes = 0;
    let end = this.#readyAt;
    while (end < this.#ready.length && end - this.#readyAt < CHUNK_EVENTS_MAX && bytes < CHUNK_BYTES_MAX) {
      const event = this.#ready[end++];
      if (event) bytes += event.end - event.at;
    }
    return this.#ready.slice(this.#readyAt, end);
  }

  #metrics(): Buffer {
    const { types } = rhea;
    const { lastSequence, lastOffset, lastTimeMs } = this.#options.log.state;
    const annotations = types.wrap_symbolic_map({
      last_enqueued_sequence_number: types.wrap_long(lastSequence),
      last_enqueued_offset: String(lastOffset),
      last_enqueued_time_utc: types.wrap_timestamp(lastTimeMs),
      runtime_info_retrieval_time_utc: types.wrap_timestamp(this.#options.now()),
    });
    const { Writer } = types as unknown as { Writer: new () => { write(value: unknown): void; toBuffer(): Buffer } };
    const writer = new Writer();
    writer.write(types.described(types.wrap_ulong(0x71), annotations));
    return writer.toBuffer();
  }
}
