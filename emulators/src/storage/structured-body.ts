// Structured bodies (XSM/1.0), which carry a CRC-64 with every segment: undone as they come in, made as they go out. Little-endian:
// a header (version, whole length, flags, number of segments), then per segment a header (number, length), its bytes and their CRC,
// and at the end the CRC of all bytes. Seen in @azure/storage-common 12.
import { closeSync, readSync } from 'node:fs';
import { Crc64 } from './crc64.ts';
import type { FileSlice } from './reply.ts';
import { fault, StorageError } from './storage-error.ts';

/** The only form there is of the header x-ms-structured-body. */
export const structuredForm = 'XSM/1.0; properties=crc64';

const HEADER_BYTES = 13;
const SEGMENT_HEADER_BYTES = 10;
const CRC_BYTES = 8;
const SEGMENT_BYTES_MAX = 4 << 20;
const READ_BYTES = 256 * 1024;

/** The content of a structured body; throws where a checksum is wrong or the form broken. */
export async function* decodeStructured(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source);
  const header = await reader.exactly(HEADER_BYTES);
  if (header[0] !== 1) throw malformed(`version ${header[0]}`);
  const checked = (header.readUInt16LE(9) & 1) === 1;
  const segments = header.readUInt16LE(11);
  const whole = new Crc64();
  for (let segment = 1; segment <= segments; segment++) {
    const segmentHeader = await reader.exactly(SEGMENT_HEADER_BYTES);
    if (segmentHeader.readUInt16LE(0) !== segment)
      throw malformed(`segment ${segmentHeader.readUInt16LE(0)} where ${segment} was due`);
    const crc = new Crc64();
    for (let left = Number(segmentHeader.readBigUInt64LE(2)); left > 0; ) {
      const part = await reader.upTo(left);
      left -= part.length;
      crc.update(part);
      whole.update(part);
      yield part;
    }
    if (checked && !crc.digest().equals(await reader.exactly(CRC_BYTES))) throw fault('crc64Mismatch');
  }
  if (checked && !whole.digest().equals(await reader.exactly(CRC_BYTES))) throw fault('crc64Mismatch');
  if (!(await reader.isAtEnd())) throw malformed('bytes after its end');
}

/** How long the structured form of so many bytes is. */
export function structuredLength(size: number): number {
  return HEADER_BYTES + size + Math.ceil(size / SEGMENT_BYTES_MAX) * (SEGMENT_HEADER_BYTES + CRC_BYTES) + CRC_BYTES;
}

/** The structured form of a part of a file; closes the file. */
export async function* encodeStructured({ fd, start, size }: FileSlice): AsyncGenerator<Uint8Array> {
  try {
    const segments = Math.ceil(size / SEGMENT_BYTES_MAX);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(1, 0);
    header.writeBigUInt64LE(BigInt(structuredLength(size)), 1);
    header.writeUInt16LE(1, 9);
    header.writeUInt16LE(segments, 11);
    yield header;
    const whole = new Crc64();
    for (let segment = 1; segment <= segments; segment++) {
      const offset = (segment - 1) * SEGMENT_BYTES_MAX;
      const length = Math.min(SEGMENT_BYTES_MAX, size - offset);
      const segmentHeader = Buffer.alloc(SEGMENT_HEADER_BYTES);
      segmentHeader.writeUInt16LE(segment, 0);
      segmentHeader.writeBigUInt64LE(BigInt(length), 2);
      yield segmentHeader;
      const crc = new Crc64();
      for (const part of readParts(fd, start + offset, length)) {
        crc.update(part);
        whole.update(part);
        yield part;
      }
      yield crc.digest();
    }
    yield whole.digest();
  } finally {
    closeSync(fd);
  }
}

function* readParts(fd: number, start: number, length: number): Generator<Buffer> {
  for (let done = 0; done < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - done));
    const read = readSync(fd, buffer, 0, buffer.length, start + done);
    if (read === 0) throw new Error('The file became shorter while it was read.');
    done += read;
    yield buffer.subarray(0, read);
  }
}

/** Takes bytes out of a stream in the sizes that the form asks for. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async upTo(size: number): Promise<Buffer> {
    if (await this.isAtEnd()) throw fault('bodyIncomplete');
    const part = this.#chunk.subarray(0, size);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }

  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const part = await this.upTo(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done) return true;
      this.#chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    return false;
  }
}

function malformed(what: string): StorageError {
  return new StorageError(400, 'InvalidInput', `The structured body cannot be read: ${what}.`);
}
