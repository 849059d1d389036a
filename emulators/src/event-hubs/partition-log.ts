// The log of one partition: segments in a folder, sequence numbers, offsets and enqueued times that only grow, group commits, duplicates
// of idempotent producers, retention. What `append` resolves for is written to the file: it outlives the process.
// Knows nothing of AMQP: events are opaque bytes; the clock and the write call are passed in.
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type BatchProducer,
  type EventsFrame,
  eventsChecksum,
  eventsFrame,
  frameContent,
  headFrame,
  lastEventAt,
  type ProducerState,
  producerAfter,
  type SegmentHead,
} from './log-frame.ts';
import { LogSegment, type StoredFrame } from './log-segment.ts';

/** Frames in memory behind the end of the log, so that readers who keep up need no file. */
const TAIL_BYTES_MAX = 1024 * 1024;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;

/** Writes all the buffers at the position, or rejects. */
export type WriteFrames = (segment: LogSegment, frames: readonly Buffer[], position: number) => Promise<void>;

export interface PartitionLogOptions {
  /** A segment is closed before it would grow beyond this. */
  readonly segmentBytesMax: number;
  readonly retentionMs: number;
  readonly now: () => number;
  /** Takes one line about something repaired or wrong. */
  readonly notice: (line: string) => void;
  readonly write: WriteFrames;
}

/** Events to append as one unit, and who published them if it was an idempotent producer. */
export interface EventBatch {
  readonly events: readonly Buffer[];
  readonly producer: BatchProducer | undefined;
}

/** The disk would not take a batch: nothing of it is in the log. */
export class LogWriteError extends Error {
  readonly code: string;
  constructor(cause: Error) {
    super(`the log cannot be written: ${cause.message}`, { cause });
    this.code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
  }
}

/** A batch of an idempotent producer does not follow its last one, or comes from one that a newer epoch replaced. */
export class ProducerOrderError extends Error {
  readonly reason: 'stale-epoch' | 'out-of-order';
  constructor(reason: 'stale-epoch' | 'out-of-order', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A place to read from: frames from `position` of the segment, of these the events from `minSequence` and `minOffset` on. */
export interface LogCursor {
  segment: LogSegment;
  position: number;
  minSequence: number;
  minOffset: number;
}

export interface LogState {
  readonly beginSequence: number;
  /** -1 where nothing was ever enqueued. */
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly lastTimeMs: number;
  readonly isEmpty: boolean;
}

/** What is wanted first: by sequence number, by offset, or by enqueued time (ms); each inclusive. */
export type SeekTarget = { readonly sequence: number } | { readonly offset: number } | { readonly timeMs: number };

interface Pending {
  readonly batch: EventBatch;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class PartitionLog {
  readonly #directory: string;
  readonly #options: PartitionLogOptions;
  #segments: LogSegment[];
  #producers: Map<number, ProducerState>;
  #nextSequence: number;
  #lastTimeMs: number;
  #lastOffset: number;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;
  /** After a failed write whose remains could not be cut off yet. */
  #hasRemains = false;
  #tail: StoredFrame[] = [];
  #tailBytes = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(directory: string, options: PartitionLogOptions, segments: LogSegment[], head: SegmentHead) {
    this.#directory = directory;
    this.#options = options;
    this.#segments = segments;
    this.#producers = new Map(head.producers);
    this.#nextSequence = head.nextSequence;
    this.#lastTimeMs = head.lastTimeMs;
    this.#lastOffset = head.lastOffset;
  }

  /** Opens the folder, made if need be: cuts a torn write off the end, and restores the state from the last segment. */
  static async open(directory: string, options: PartitionLogOptions): Promise<PartitionLog> {
    await mkdir(directory, { recursive: true });
    const segments: LogSegment[] = [];
    try {
      await loadSegments(directory, segments, options.notice);
      const last = segments.at(-1);
      const fresh: SegmentHead = { kind: 'head', nextSequence: 0, lastTimeMs: 0, lastOffset: -1, producers: new Map() };
      const log = new PartitionLog(directory, options, segments, last?.head ?? fresh);
      if (last) await log.#recover(last);
      else await log.#startSegment(0);
      await log.enforceRetention();
      return log;
    } catch (error) {
      for (const segment of segments) await segment.close();
      throw error;
    }
  }

  async #recover(last: LogSegment): Promise<void> {
    const end = await last.scan((frame) => this.#apply(frame), true);
    if (end === last.length) return;
    if (await last.hasFrameBehind(end)) {
      throw new Error(
        `${last.path} is damaged at byte ${end}, with intact events behind it. Restore the file, or delete the hub's folder.`,
      );
    }
    this.#options.notice(
      `Event Hubs: cut a torn write of ${last.length - end} bytes off ${last.path}; it was never acknowledged`,
    );
    await (await last.handle()).truncate(end);
    last.length = end;
  }

  #apply({ segment, position, bytes, content }: StoredFrame): void {
    this.#nextSequence = content.firstSequence + content.count;
    this.#lastTimeMs = content.enqueuedTimeMs;
    this.#lastOffset = segment.baseOffset + position + lastEventAt(bytes);
    if (content.producer) this.#producers.set(content.producer.id, producerAfter(content, content.producer, bytes));
  }

  get #active(): LogSegment {
    const active = this.#segments.at(-1);
    if (!active) throw new Error('the log is not open');
    return active;
  }

  get state(): LogState {
    const first = this.#segments[0] ?? this.#active;
    const beginSequence = first.head.nextSequence;
    return {
      beginSequence,
      lastSequence: this.#nextSequence - 1,
      lastOffset: this.#lastOffset,
      lastTimeMs: this.#lastTimeMs,
      isEmpty: beginSequence === this.#nextSequence,
    };
  }

  producer(id: number): ProducerState | undefined {
    return this.#producers.get(id);
  }

  /** Raises a producer's epoch before it sends: whoever still publishes under an older one is refused from now on. */
  fenceProducer(id: number, epoch: number): void {
    const known = this.#producers.get(id);
    if (known && known.epoch < epoch) this.#producers.set(id, { ...known, epoch });
  }

  /**
   * Appends a batch; resolves when it is written, or was before (a duplicate of an idempotent producer).
   * @throws LogWriteError if the disk would not take it, ProducerOrderError if it is out of its producer's order.
   */
  append(batch: EventBatch): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the log is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ batch, resolve, reject });
      this.#draining ??= Promise.resolve().then(() => this.#drain());
    });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        let bytes = 0;
        let count = 0;
        for (const { batch } of this.#queue) {
          if (count > 0 && bytes > GROUP_BYTES_MAX) break;
          for (const event of batch.events) bytes += event.length;
          count++;
        }
        await this.#commit(this.#queue.splice(0, count));
      }
    } finally {
      this.#draining = undefined;
    }
  }

  /** Writes a group of batches in one go; answers each of them. */
  async #commit(group: Pending[]): Promise<void> {
    const producers = new Map<number, ProducerState>();
    const accepted: Pending[] = [];
    const frames: Buffer[] = [];
    const timeMs = Math.max(this.#options.now(), this.#lastTimeMs);
    let sequence = this.#nextSequence;
    for (const pending of group) {
      const { events, producer } = pending.batch;
      const known = producer && (producers.get(producer.id) ?? this.#producers.get(producer.id));
      const fresh = freshEvents(events, producer, known);
      if (fresh instanceof ProducerOrderError) {
        pending.reject(fresh);
        continue;
      }
      accepted.push(pending);
      if (fresh.events.length === 0) continue;
      const count = fresh.events.length;
      const content = {
        kind: 'events',
        firstSequence: sequence,
        count,
        enqueuedTimeMs: timeMs,
        producer: fresh.producer,
      } as const;
      const frame = eventsFrame(content, fresh.events);
      frames.push(frame);
      sequence += count;
      if (fresh.producer) producers.set(fresh.producer.id, producerAfter(content, fresh.producer, frame));
    }
    try {
      if (frames.length > 0) await this.#write(frames);
    } catch (error) {
      const failure = error instanceof LogWriteError ? error : new LogWriteError(error as Error);
      for (const pending of accepted) pending.reject(failure);
      return;
    }
    for (const pending of accepted) pending.resolve();
  }

  async #write(frames: readonly Buffer[]): Promise<void> {
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    let segment = this.#active;
    if (this.#hasRemains) await this.#cutRemains(segment);
    if (segment.length > segment.headBytes && segment.length + bytes > this.#options.segmentBytesMax) {
      segment = await this.#startSegment(segment.baseOffset + segment.length);
      await this.enforceRetention();
    }
    const start = segment.length;
    try {
      await this.#options.write(segment, frames, start);
    } catch (error) {
      this.#hasRemains = true;
      await this.#cutRemains(segment).catch(() => undefined);
      throw error;
    }
    this.#take(segment, frames, start);
  }

  #take(segment: LogSegment, frames: readonly Buffer[], start: number): void {
    let position = start;
    const stored = frames.map((bytes) => {
      const frame = { segment, position, bytes, content: frameContent(bytes) as EventsFrame };
      position += bytes.length;
      return frame;
    });
    segment.commit(stored, position);
    for (const frame of stored) {
      this.#apply(frame);
      this.#tail.push(frame);
      this.#tailBytes += frame.bytes.length;
    }
    let dropped = 0;
    while (this.#tailBytes > TAIL_BYTES_MAX && dropped < this.#tail.length - 1)
      this.#tailBytes -= this.#tail[dropped++]?.bytes.length ?? 0;
    if (dropped > 0) this.#tail.splice(0, dropped);
    for (const listener of this.#listeners) listener();
  }

  /** Cuts off what a failed write left behind, so that it cannot come back as events at the next start. */
  async #cutRemains(segment: LogSegment): Promise<void> {
    await (await segment.handle()).truncate(segment.length);
    this.#hasRemains = false;
  }

  /** Begins a file whose head carries the state, so that only the last file need be read at a start. */
  async #startSegment(baseOffset: number): Promise<LogSegment> {
    const oldest = this.#options.now() - this.#options.retentionMs;
    for (const [id, producer] of this.#producers) if (producer.lastUsedMs < oldest) this.#producers.delete(id);
    const head = headFrame({
      nextSequence: this.#nextSequence,
      lastTimeMs: this.#lastTimeMs,
      lastOffset: this.#lastOffset,
      producers: this.#producers,
    });
    const segment = await LogSegment.create(this.#directory, baseOffset, head);
    try {
      await this.#options.write(segment, [head], 0);
    } catch (error) {
      await segment.delete();
      throw error;
    }
    segment.commit([], head.length);
    const previous = this.#segments.at(-1);
    if (previous) previous.next = segment;
    this.#segments.push(segment);
    return segment;
  }

  /** Deletes whole segments that hold nothing younger than the retention. */
  async enforceRetention(): Promise<void> {
    const oldest = this.#options.now() - this.#options.retentionMs;
    if (this.#lastTimeMs < oldest && !this.#draining && !this.#isClosed && this.#active.length > this.#active.headBytes) {
      this.#draining = this.#startSegment(this.#active.baseOffset + this.#active.length).then(
        () => undefined,
        (error: Error) => this.#options.notice(`Event Hubs: retention waits for the disk: ${error.message}`),
      );
      await this.#draining;
      this.#draining = this.#queue.length > 0 ? this.#drain() : undefined;
    }
    for (let second = this.#segments[1]; second && second.head.lastTimeMs < oldest; second = this.#segments[1]) {
      const first = this.#segments.shift();
      this.#tail = this.#tail.filter((frame) => frame.segment !== first);
      await first?.delete();
    }
  }

  /** Calls back after each commit, until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A cursor at the first event at or behind the target: the oldest where the target is gone, the end where it is yet to come. */
  async seek(target: SeekTarget): Promise<LogCursor> {
    const isBehind = (segment: LogSegment): boolean => {
      if ('sequence' in target) return segment.head.nextSequence > target.sequence;
      if ('offset' in target) return segment.baseOffset > target.offset;
      return segment.head.lastTimeMs >= target.timeMs;
    };
    let segment: LogSegment | undefined = this.#segments[0];
    for (const candidate of this.#segments) {
      if (isBehind(candidate)) break;
      segment = candidate;
    }
    const bounds = { minSequence: 'sequence' in target ? target.sequence : 0, minOffset: 'offset' in target ? target.offset : 0 };
    for (; segment; segment = segment.next) {
      const found = await findIn(segment, target);
      if (found) return { segment, position: found.position, ...bounds };
      if (segment.isDeleted) return this.seek(target);
    }
    return { ...this.end(), ...bounds };
  }

  /** A cursor behind the last event. */
  end(): LogCursor {
    return { segment: this.#active, position: this.#active.length, minSequence: this.#nextSequence, minOffset: 0 };
  }

  /** The frames at the cursor, which moves behind them; none at the end of the log. At once where they are still in memory. */
  read(cursor: LogCursor): StoredFrame[] | Promise<StoredFrame[]> {
    if (cursor.segment.isDeleted) this.#toOldest(cursor);
    while (cursor.position >= cursor.segment.length) {
      if (!cursor.segment.next) return [];
      cursor.segment = cursor.segment.next;
      cursor.position = cursor.segment.headBytes;
    }
    const { segment, position } = cursor;
    const oldest = this.#tail[0];
    if (
      oldest &&
      (segment.baseOffset > oldest.segment.baseOffset || (segment === oldest.segment && position >= oldest.position))
    ) {
      const from = this.#tail.findLastIndex((frame) => frame.segment === segment && frame.position === position);
      if (from >= 0) return this.#moved(cursor, this.#tail.slice(from));
    }
    return segment.read(position).then(
      (frames) => this.#moved(cursor, frames),
      (error: unknown) => {
        if (!segment.isDeleted) throw error;
        this.#toOldest(cursor);
        return this.read(cursor);
      },
    );
  }

  #toOldest(cursor: LogCursor): void {
    cursor.segment = this.#segments[0] ?? this.#active;
    cursor.position = cursor.segment.headBytes;
  }

  #moved(cursor: LogCursor, frames: StoredFrame[]): StoredFrame[] {
    const last = frames.at(-1);
    if (last) {
      cursor.segment = last.segment;
      cursor.position = last.position + last.bytes.length;
    }
    return frames;
  }

  /** Waits for what is being written, then closes the files; nothing more is accepted. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#draining) await this.#draining;
    for (const segment of this.#segments) await segment.close();
  }
}

/** The frame of a segment that holds the first event at or behind the target; undefined if none does, or the segment is gone. */
async function findIn(segment: LogSegment, target: SeekTarget): Promise<StoredFrame | undefined> {
  const { baseOffset } = segment;
  try {
    return await segment.find(
      ({ position, bytes, content }) => {
        if ('sequence' in target) return content.firstSequence + content.count > target.sequence;
        if ('offset' in target) return baseOffset + position + bytes.length > target.offset;
        return content.enqueuedTimeMs >= target.timeMs;
      },
      (entry) => {
        if ('sequence' in target) return entry.firstSequence <= target.sequence;
        if ('offset' in target) return baseOffset + entry.position <= target.offset;
        return entry.timeMs < target.timeMs;
      },
    );
  } catch (error) {
    if (segment.isDeleted) return undefined;
    throw error;
  }
}

/** Loads the folder's files in order; a last one whose very first write was torn holds nothing and is removed. */
async function loadSegments(directory: string, segments: LogSegment[], notice: (line: string) => void): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^\d{20}\.log$/.test(name)).sort();
  for (const name of names) {
    const path = join(directory, name);
    const segment = await LogSegment.load(path, Number(basename(name, '.log')));
    if (segment) {
      const previous = segments.at(-1);
      if (previous) previous.next = segment;
      segments.push(segment);
    } else if (name === names.at(-1)) {
      notice(`Event Hubs: removed ${path}, whose first write was torn`);
      await unlink(path);
    } else {
      throw new Error(`${path} is damaged: it has no intact head. Restore the file, or delete the hub's folder.`);
    }
  }
}

/** Those events of a batch that its producer has not published yet; its numbers are 32 bits and wrap. */
function freshEvents(
  events: readonly Buffer[],
  producer: BatchProducer | undefined,
  known: ProducerState | undefined,
): EventBatch | ProducerOrderError {
  if (!producer || !known || producer.epoch > known.epoch) return { events, producer };
  if (producer.epoch < known.epoch) {
    return new ProducerOrderError(
      'stale-epoch',
      `producer ${producer.id} publishes with epoch ${producer.epoch}, but ${known.epoch} was seen`,
    );
  }
  const ahead = (producer.firstSequence - known.lastSequence) | 0;
  if (ahead > 1) {
    const message = `producer ${producer.id} sent sequence number ${producer.firstSequence}, but ${(known.lastSequence + 1) | 0} is expected`;
    return new ProducerOrderError('out-of-order', message);
  }
  if (producer.firstSequence === known.firstSequence && ahead <= 0 && !isSameBatch(events, producer, known)) {
    // A producer that gave up on a batch, which was stored all the same, goes on with its number: to take that for a duplicate would lose it.
    const message = `producer ${producer.id} sent sequence number ${producer.firstSequence} again, with other events`;
    return new ProducerOrderError('out-of-order', message);
  }
  const repeated = Math.min(1 - ahead, events.length);
  return {
    events: events.slice(repeated),
    producer: { ...producer, firstSequence: (producer.firstSequence + repeated) | 0 },
  };
}

function isSameBatch(events: readonly Buffer[], producer: BatchProducer, known: ProducerState): boolean {
  const isAsLong = ((producer.firstSequence + events.length - 1) | 0) === known.lastSequence;
  return isAsLong && eventsChecksum(eventsFrame({ firstSequence: 0, enqueuedTimeMs: 0, producer }, events)) === known.checksum;
}
