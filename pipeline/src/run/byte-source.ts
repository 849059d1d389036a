/** The bytes of a file, gunzipped where it is gzipped, into the caller's memory. Must not know what the bytes mean. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { UsageError } from '../cli/usage-error.ts';

const chunkBytes = 1 << 20;

export class ByteSource {
  readonly path: string;
  /** Size of the file as it lies on the disk. */
  readonly sizeBytes: number;
  /** How much of the file has been read from the disk. */
  readBytes = 0;
  readonly #file: FileHandle;
  readonly #unzipped: AsyncIterator<Buffer> | null;
  readonly #gunzip: Gunzip | null;
  #zipped: Readable | null = null;
  #pending: Buffer;

  private constructor(path: string, file: FileHandle, sizeBytes: number, head: Buffer) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#pending = head;
    const isGzip = head.length === 2 && head[0] === 0x1f && head[1] === 0x8b;
    this.#gunzip = isGzip ? createGunzip({ chunkSize: chunkBytes }) : null;
    this.#unzipped = this.#gunzip === null ? null : this.#startUnzip(this.#gunzip);
  }

  /** Gzip is known by its first bytes, whatever the file is called. Throws a UsageError where the file cannot be read. */
  static async open(path: string): Promise<ByteSource> {
    try {
      const file = await open(path, 'r');
      const stat = await file.stat();
      if (stat.isDirectory()) throw Object.assign(new Error('It is a folder'), { code: 'EISDIR' });
      const source = new ByteSource(path, file, stat.size, await firstBytes(file));
      source.readBytes = source.#pending.length;
      return source;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** Fills `into` from `offset` on, to its end or the file's. The number of bytes; 0 at the end. */
  async fill(into: Uint8Array, offset: number): Promise<number> {
    let at = offset;
    try {
      while (at < into.length) {
        const count = this.#pending.length > 0 ? this.#takePending(into, at) : await this.#read(into, at);
        if (count === 0) break;
        at += count;
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
    return at - offset;
  }

  async close(): Promise<void> {
    this.#zipped?.destroy();
    this.#gunzip?.destroy();
    await this.#file.close();
  }

  #takePending(into: Uint8Array, offset: number): number {
    const count = Math.min(this.#pending.length, into.length - offset);
    into.set(this.#pending.subarray(0, count), offset);
    this.#pending = this.#pending.subarray(count);
    return count;
  }

  async #read(into: Uint8Array, offset: number): Promise<number> {
    if (this.#unzipped === null) {
      const { bytesRead } = await this.#file.read(into, offset, into.length - offset, null);
      this.readBytes += bytesRead;
      return bytesRead;
    }
    const next = await this.#unzipped.next();
    if (next.done) return 0;
    this.#pending = next.value;
    return this.#takePending(into, offset);
  }

  #startUnzip(gunzip: Gunzip): AsyncIterator<Buffer> {
    const zipped = this.#file.createReadStream({ highWaterMark: 1 << 18, autoClose: false });
    zipped.on('data', (chunk) => {
      this.readBytes += chunk.length;
    });
    zipped.on('error', (error) => gunzip.destroy(error));
    gunzip.write(this.#pending);
    this.#pending = Buffer.alloc(0);
    zipped.pipe(gunzip);
    this.#zipped = zipped;
    return gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }
}

/** Two bytes, or as many as there are; a pipe may give them one by one. */
async function firstBytes(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(2);
  let count = 0;
  while (count < head.length) {
    const { bytesRead } = await file.read(head, count, head.length - count, null);
    if (bytesRead === 0) break;
    count += bytesRead;
  }
  return head.subarray(0, count);
}

function unreadable(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new UsageError(`${path} does not exist.`);
  if (code === 'EISDIR') return new UsageError(`${path} is a folder, not a file.`);
  return new UsageError(`${path} cannot be read: ${message}.`);
}
