/** The bytes of a file, gunzipped where it is gzipped, into the caller's memory. Must not know what the bytes mean. */
import { type FileHandle, open } from 'node:fs/promises';
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
  #pending: Buffer = Buffer.alloc(0);

  private constructor(path: string, file: FileHandle, sizeBytes: number, isGzip: boolean) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#gunzip = isGzip ? createGunzip({ chunkSize: chunkBytes }) : null;
    this.#unzipped = this.#gunzip === null ? null : this.#startUnzip(this.#gunzip);
  }

  /** Gzip is known by its first bytes, whatever the file is called. Throws a UsageError where the file cannot be read. */
  static async open(path: string): Promise<ByteSource> {
    try {
      const file = await open(path, 'r');
      const head = Buffer.alloc(2);
      const { bytesRead } = await file.read(head, 0, 2, 0);
      const { size } = await file.stat();
      return new ByteSource(path, file, size, bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** Fills `into` from `offset` on, to its end or the file's. The number of bytes; 0 at the end. */
  async fill(into: Uint8Array, offset: number): Promise<number> {
    let at = offset;
    try {
      while (at < into.length) {
        const count = this.#unzipped === null ? await this.#readPlain(into, at) : await this.#readUnzipped(into, at);
        if (count === 0) break;
        at += count;
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
    return at - offset;
  }

  async close(): Promise<void> {
    this.#gunzip?.destroy();
    await this.#file.close();
  }

  async #readPlain(into: Uint8Array, offset: number): Promise<number> {
    const { bytesRead } = await this.#file.read(into, offset, into.length - offset, this.readBytes);
    this.readBytes += bytesRead;
    return bytesRead;
  }

  async #readUnzipped(into: Uint8Array, offset: number): Promise<number> {
    while (this.#pending.length === 0) {
      const next = await this.#unzipped?.next();
      if (next === undefined || next.done) return 0;
      this.#pending = next.value;
    }
    const count = Math.min(this.#pending.length, into.length - offset);
    into.set(this.#pending.subarray(0, count), offset);
    this.#pending = this.#pending.subarray(count);
    return count;
  }

  #startUnzip(gunzip: Gunzip): AsyncIterator<Buffer> {
    const zipped = this.#file.createReadStream({ start: 0, highWaterMark: 1 << 18, autoClose: false });
    zipped.on('data', (chunk) => {
      this.readBytes += chunk.length;
    });
    zipped.on('error', (error) => gunzip.destroy(error));
    zipped.pipe(gunzip);
    return gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new UsageError(`${path} does not exist.`);
  if (code === 'EISDIR') return new UsageError(`${path} is a folder, not a file.`);
  return new UsageError(`${path} cannot be read: ${message}.`);
}
