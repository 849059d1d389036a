/**
 * The events of one partition of an input with their times of arrival, from one file or from several that are merged by
 * them. Must not know the query.
 */
import type { TimeOfEvent } from './event-column.ts';
import type { EventChunk, EventReader } from './event-file.ts';

/** Good until the next one is asked for. */
export interface FeedChunk extends EventChunk {
  /** ms since 1970. */
  readonly arrivalTimeMs: Float64Array;
  /** Where an event stands in its file. */
  readonly originOf: (index: number) => EventOrigin;
}

export interface EventOrigin {
  readonly file: string;
  /** From 1; the header of a CSV file does not count. */
  readonly row: number;
}

export interface EventFeed {
  next(): Promise<FeedChunk | null>;
  readonly latestArrivalMs: number;
  readonly progress: number;
}

/** What is told of an event that never reaches the job. */
export type TellRejected = (origin: EventOrigin, reason: string, message: string, event: string) => void;

/** One file. Its events arrive in the order in which they stand there. */
export class FileFeed implements EventFeed {
  latestArrivalMs = Number.NEGATIVE_INFINITY;
  readonly file: EventReader;
  readonly #timeOf: TimeOfEvent | null;
  readonly #startMs: number;
  readonly #tellRejected: TellRejected;
  #rows = 0;
  #arrivals = new Float64Array(0);
  #rowNumbers = new Float64Array(0);
  #ended = false;

  /** Without `timeOf` every event arrives at `startMs`. */
  constructor(file: EventReader, timeOf: TimeOfEvent | null, startMs: number, tellRejected: TellRejected) {
    this.file = file;
    this.#timeOf = timeOf;
    this.#startMs = startMs;
    this.#tellRejected = tellRejected;
  }

  get progress(): number {
    return this.file.progress;
  }

  async next(): Promise<FeedChunk | null> {
    const chunk = await this.file.next();
    if (chunk === null) {
      this.#tellUnfinished();
      return null;
    }
    if (this.#arrivals.length < chunk.count) {
      this.#arrivals = new Float64Array(chunk.starts.length);
      this.#rowNumbers = new Float64Array(chunk.starts.length);
    }
    const count = this.#timeOf === null ? this.#allAtStart(chunk.count) : this.#byColumn(chunk, this.#timeOf);
    const { bytes, starts, ends } = chunk;
    return { bytes, starts, ends, count, arrivalTimeMs: this.#arrivals, originOf: (index) => this.#originOf(index) };
  }

  #originOf(index: number): EventOrigin {
    return { file: this.file.path, row: this.#rowNumbers[index] ?? 0 };
  }

  #allAtStart(count: number): number {
    for (let index = 0; index < count; index += 1) {
      this.#arrivals[index] = this.#startMs;
      this.#rowNumbers[index] = this.#rows + index + 1;
    }
    this.#rows += count;
    this.latestArrivalMs = this.#startMs;
    return count;
  }

  /** Arrival never goes back; an event without one is told and left out. */
  #byColumn(chunk: EventChunk, timeOf: TimeOfEvent): number {
    const { bytes, starts, ends } = chunk;
    let kept = 0;
    for (let index = 0; index < chunk.count; index += 1) {
      const [start, end] = [starts[index] as number, ends[index] as number];
      const arrivalMs = timeOf(bytes, start, end);
      this.#rows += 1;
      if (Number.isNaN(arrivalMs)) {
        const origin = { file: this.file.path, row: this.#rows };
        const message = 'The column of --arrival holds no time.';
        this.#tellRejected(origin, 'InvalidInputTimeStamp', message, bytes.toString('utf8', start, end));
        continue;
      }
      this.latestArrivalMs = Math.max(this.latestArrivalMs, arrivalMs);
      this.#arrivals[kept] = this.latestArrivalMs;
      this.#rowNumbers[kept] = this.#rows;
      starts[kept] = start;
      ends[kept] = end;
      kept += 1;
    }
    return kept;
  }

  #tellUnfinished(): void {
    const { unfinished } = this.file;
    if (unfinished === null || this.#ended) return;
    this.#ended = true;
    this.#tellRejected({ file: this.file.path, row: this.#rows }, 'InputDeserializerError.InvalidData', unfinished, '');
  }
}

const mergedBytes = 1 << 20;
const mergedEvents = 4096;

interface Head {
  readonly feed: FileFeed;
  chunk: FeedChunk | null;
  index: number;
}

/** Files one after the other. */
export class SequentialFeed implements EventFeed {
  readonly #feeds: readonly FileFeed[];
  #at = 0;

  constructor(feeds: readonly FileFeed[]) {
    this.#feeds = feeds;
  }

  get latestArrivalMs(): number {
    return this.#feeds[Math.min(this.#at, this.#feeds.length - 1)]?.latestArrivalMs ?? Number.NEGATIVE_INFINITY;
  }

  get progress(): number {
    return this.#feeds.reduce((sum, feed) => sum + feed.progress, 0) / this.#feeds.length;
  }

  async next(): Promise<FeedChunk | null> {
    for (; this.#at < this.#feeds.length; this.#at += 1) {
      const chunk = await this.#feeds[this.#at]?.next();
      if (chunk != null) return chunk;
    }
    return null;
  }
}

/** Several files of one input as one: by arrival, ties in the order of the files. */
export class MergedFeed implements EventFeed {
  latestArrivalMs = Number.NEGATIVE_INFINITY;
  readonly #heads: readonly Head[];
  #started = false;
  #bytes = Buffer.allocUnsafe(mergedBytes);
  readonly #starts = new Int32Array(mergedEvents);
  readonly #ends = new Int32Array(mergedEvents);
  readonly #arrivals = new Float64Array(mergedEvents);
  readonly #origins: EventOrigin[] = [];

  constructor(feeds: readonly FileFeed[]) {
    this.#heads = feeds.map((feed) => ({ feed, chunk: null, index: 0 }));
  }

  get progress(): number {
    return this.#heads.reduce((sum, { feed }) => sum + feed.progress, 0) / this.#heads.length;
  }

  async next(): Promise<FeedChunk | null> {
    if (!this.#started) for (const head of this.#heads) await refill(head);
    this.#started = true;
    let count = 0;
    let at = 0;
    while (count < mergedEvents) {
      const head = this.#earliest();
      if (head?.chunk == null) break;
      const { bytes, starts, ends, arrivalTimeMs, originOf } = head.chunk;
      const [start, end] = [starts[head.index] as number, ends[head.index] as number];
      if (at + end - start > this.#bytes.length) {
        if (count > 0) break;
        this.#bytes = Buffer.allocUnsafe(end - start);
      }
      bytes.copy(this.#bytes, at, start, end);
      this.#starts[count] = at;
      at += end - start;
      this.#ends[count] = at;
      this.#arrivals[count] = this.latestArrivalMs = arrivalTimeMs[head.index] as number;
      this.#origins[count] = originOf(head.index);
      count += 1;
      head.index += 1;
      if (head.index >= head.chunk.count) await refill(head);
    }
    if (count === 0) return null;
    return {
      bytes: this.#bytes,
      count,
      starts: this.#starts,
      ends: this.#ends,
      arrivalTimeMs: this.#arrivals,
      originOf: (index) => this.#origins[index] ?? { file: '', row: 0 },
    };
  }

  #earliest(): Head | null {
    let earliest: Head | null = null;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const head of this.#heads) {
      const arrivalMs = head.chunk?.arrivalTimeMs[head.index];
      if (arrivalMs === undefined || !(arrivalMs < earliestMs)) continue;
      earliest = head;
      earliestMs = arrivalMs;
    }
    return earliest;
  }
}

/** Chunks can be empty: every event in them was rejected. */
async function refill(head: Head): Promise<void> {
  head.index = 0;
  do head.chunk = await head.feed.next();
  while (head.chunk?.count === 0);
}
