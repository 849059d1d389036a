// One file of a partition's log: a head frame, then frames of events, appended only. Reads whole frames back through the page cache
// and keeps a sparse index (one entry a 128 KiB), built while writing or on the first search.
// Knows nothing of sequence assignment, retention or who reads.
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventsFrame, FRAME_PREFIX_BYTES, frameBytes, frameContent, isIntact, type SegmentHead } from './log-frame.ts';

const INDEX_EVERY_BYTES = 128 * 1024;
const READ_BYTES = 512 * 1024;

/** A frame of events as it stands in a segment: `position` is where it begins in the file. */
export interface StoredFrame {
  readonly segment: LogSegment;
  readonly position: number;
  readonly bytes: Buffer;
  readonly content: EventsFrame;
}

interface IndexEntry {
  readonly position: number;
  readonly firstSequence: number;
  readonly timeMs: number;
}

/** What stands at a position is no intact frame. */
export class DamagedFrameError extends Error {}

/** Decides, for a search, whether an event that is wanted stands in this frame or behind it. */
export type FrameTest = (frame: StoredFrame) => boolean;

export class LogSegment {
  readonly path: string;
  /** The offset, in the partition, of the file's first byte. */
  readonly baseOffset: number;
  readonly head: SegmentHead;
  readonly headBytes: number;
  /** Bytes that are committed; readers never look beyond. */
  length: number;
  next: LogSegment | undefined;
  isDeleted = false;
  #handle: Promise<FileHandle> | undefined;
  #index: IndexEntry[] | undefined;

  private constructor(path: string, baseOffset: number, head: SegmentHead, headBytes: number, length: number) {
    this.path = path;
    this.baseOffset = baseOffset;
    this.head = head;
    this.headBytes = headBytes;
    this.length = length;
  }

  static pathOf(directory: string, baseOffset: number): string {
    return join(directory, `${String(baseOffset).padStart(20, '0')}.log`);
  }

  /** A new file; its head is written with its first events, so `length` is 0 until then. */
  static async create(directory: string, baseOffset: number, head: Buffer): Promise<LogSegment> {
    const path = LogSegment.pathOf(directory, baseOffset);
    const handle = await open(path, 'w+');
    const segment = new LogSegment(path, baseOffset, frameContent(head) as SegmentHead, head.length, 0);
    segment.#handle = Promise.resolve(handle);
    segment.#index = [];
    return segment;
  }

  /** Opens a file that exists; undefined if it has no intact head, that is, if its first write was torn. */
  static async load(path: string, baseOffset: number): Promise<LogSegment | undefined> {
    const handle = await open(path, 'r+');
    let segment: LogSegment | undefined;
    try {
      segment = await LogSegment.#withHead(path, baseOffset, handle);
      return segment;
    } finally {
      if (!segment) await handle.close();
    }
  }

  static async #withHead(path: string, baseOffset: number, handle: FileHandle): Promise<LogSegment | undefined> {
    const { size } = await handle.stat();
    const prefix = Buffer.alloc(FRAME_PREFIX_BYTES);
    await handle.read(prefix, 0, FRAME_PREFIX_BYTES, 0);
    const bytes = frameBytes(prefix, 0);
    const frame = Buffer.alloc(bytes !== undefined && bytes <= size ? bytes : 0);
    if (frame.length > 0) await handle.read(frame, 0, frame.length, 0);
    if (frame.length === 0 || !isIntact(frame)) return undefined;
    const head = frameContent(frame);
    if (head.kind !== 'head') throw new Error(`${path} does not begin with the head of a segment`);
    const segment = new LogSegment(path, baseOffset, head, frame.length, size);
    segment.#handle = Promise.resolve(handle);
    return segment;
  }

  handle(): Promise<FileHandle> {
    this.#handle ??= open(this.path, 'r+');
    return this.#handle;
  }

  /** Takes up frames that were just written at the end. */
  commit(frames: readonly StoredFrame[], length: number): void {
    this.length = length;
    if (this.#index) for (const frame of frames) this.#note(this.#index, frame);
  }

  #note(index: IndexEntry[], { position, content }: StoredFrame): void {
    const last = index.at(-1);
    if (last && position - last.position < INDEX_EVERY_BYTES) return;
    index.push({ position, firstSequence: content.firstSequence, timeMs: content.enqueuedTimeMs });
  }

  /**
   * Whole frames from `position` on, about 512 KiB of them, at least one.
   * @throws DamagedFrameError if what stands there is no intact frame: the file was damaged from outside.
   */
  async read(position: number): Promise<StoredFrame[]> {
    const handle = await this.handle();
    let bytes = await this.#bytes(handle, position, Math.min(READ_BYTES, this.length - position));
    const first = frameBytes(bytes, 0);
    if (first === undefined || position + first > this.length) throw this.#damaged(position);
    if (first > bytes.length) bytes = await this.#bytes(handle, position, first);
    const frames: StoredFrame[] = [];
    for (let at = 0; ; ) {
      const size = frameBytes(bytes, at);
      if (size === undefined || at + size > bytes.length) break;
      const frame = bytes.subarray(at, at + size);
      if (!isIntact(frame)) {
        if (at === 0) throw this.#damaged(position);
        break;
      }
      const content = frameContent(frame);
      if (content.kind !== 'events') throw new Error(`${this.path} holds no events at byte ${position + at}`);
      frames.push({ segment: this, position: position + at, bytes: frame, content });
      at += size;
    }
    return frames;
  }

  async #bytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await handle.read(buffer, read, length - read, position + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  }

  #damaged(position: number): DamagedFrameError {
    return new DamagedFrameError(
      `${this.path} is damaged at byte ${position}: its checksum does not hold. Restore the file, or delete the hub's folder.`,
    );
  }

  /** All frames, in order; with `untilTorn` a damaged frame ends them instead of throwing. Returns where they ended. */
  async scan(visit: (frame: StoredFrame) => void, untilTorn = false): Promise<number> {
    const index: IndexEntry[] = [];
    let position = this.headBytes;
    while (position < this.length) {
      const frames = await this.read(position).catch((error: unknown) => {
        if (untilTorn && error instanceof DamagedFrameError) return undefined;
        throw error;
      });
      if (!frames) break;
      for (const frame of frames) {
        this.#note(index, frame);
        visit(frame);
        position = frame.position + frame.bytes.length;
      }
    }
    this.#index = index;
    return position;
  }

  /** Whether an intact frame follows a damaged one at `position`: then it was no torn write, but damage in the middle. */
  async hasFrameBehind(position: number): Promise<boolean> {
    const prefix = await this.#bytes(await this.handle(), position, Math.min(FRAME_PREFIX_BYTES, this.length - position));
    const size = frameBytes(prefix, 0);
    if (size === undefined || position + size >= this.length) return false;
    return this.read(position + size).then(
      () => true,
      () => false,
    );
  }

  /** The first frame that passes the test; tests must be false for a while, then true to the end. */
  async find(isReached: FrameTest, isBefore: (entry: IndexEntry) => boolean): Promise<StoredFrame | undefined> {
    if (!this.#index) await this.scan(() => undefined);
    let position = this.headBytes;
    for (const entry of this.#index ?? []) {
      if (!isBefore(entry)) break;
      position = entry.position;
    }
    while (position < this.length) {
      for (const frame of await this.read(position)) {
        if (isReached(frame)) return frame;
        position = frame.position + frame.bytes.length;
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle) await (await handle).close();
  }

  async delete(): Promise<void> {
    this.isDeleted = true;
    await this.close();
    await unlink(this.path);
  }
}
