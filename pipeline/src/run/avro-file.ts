/**
 * An Avro object container file, block by block: its schema, and its records as they lie in each block. Codecs null, deflate
 * and snappy: https://avro.apache.org/docs/1.11.1/specification/#object-container-files. Must not know what is done with them.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { AvroBytes, AvroError, type AvroField, avroFields, skipAvroEvent } from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import { ByteSource } from './byte-source.ts';
import type { EventChunk, EventReader } from './event-file.ts';
import { EventSpans } from './event-splitter.ts';
import { unsnappy } from './snappy.ts';

const firstBytes = 1 << 20;
const blockBytesMax = 1 << 29;

export function isAvro(head: Uint8Array): boolean {
  return head[0] === 0x4f && head[1] === 0x62 && head[2] === 0x6a && head[3] === 1;
}

export class AvroFile implements EventReader {
  readonly path: string;
  readonly csv = null;
  /** What is wrong with the file's end, once it has been read. */
  unfinished: string | null = null;
  avroSchema = '';
  readonly #source: ByteSource;
  #fields: readonly AvroField[] = [];
  #codec = 'null';
  #sync: Buffer = Buffer.alloc(16);
  #buffer: Buffer = Buffer.allocUnsafe(firstBytes);
  #from = 0;
  #to = 0;
  #isEnd = false;
  readonly #bytes = new AvroBytes();
  readonly #spans = new EventSpans();

  private constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#source = source;
  }

  /** Throws a UsageError where the file cannot be read, or its schema is not one of records. */
  static async open(path: string): Promise<AvroFile> {
    const file = new AvroFile(path, await ByteSource.open(path));
    try {
      await file.#readHeader();
      return file;
    } catch (error) {
      await file.close();
      if (error instanceof AvroError) throw new UsageError(`${path}: ${error.message}`);
      throw error;
    }
  }

  get progress(): number {
    return this.#isEnd || this.#source.sizeBytes === 0 ? 1 : this.#source.readBytes / this.#source.sizeBytes;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  async #readHeader(): Promise<void> {
    const metadata = await this.#parsed(() => {
      this.#bytes.take(4);
      const found = new Map<string, Buffer>();
      for (let count = this.#bytes.count(); count !== 0; count = this.#bytes.count()) {
        if (count < 0) this.#bytes.long();
        for (let left = Math.abs(count); left > 0; left -= 1)
          found.set(Buffer.from(this.#bytes.chunk()).toString(), Buffer.from(this.#bytes.chunk()));
      }
      const from = this.#bytes.take(16);
      this.#sync = Buffer.from(this.#buffer.subarray(from, from + 16));
      return found;
    });
    if (metadata === null) throw new AvroError('The header ends too early.');
    this.avroSchema = metadata.get('avro.schema')?.toString() ?? '';
    this.#codec = metadata.get('avro.codec')?.toString() ?? 'null';
    if (!['null', 'deflate', 'snappy'].includes(this.#codec))
      throw new AvroError(`The codec '${this.#codec}' is not known: null, deflate and snappy are.`);
    this.#fields = avroFields(this.avroSchema);
  }

  /** Parses what lies ahead; reads on while it is not all there. null: the file ends before it. */
  async #parsed<T>(parse: () => T): Promise<T | null> {
    for (;;) {
      this.#bytes.open(this.#buffer, this.#from, this.#to);
      try {
        const result = parse();
        this.#from = this.#bytes.at;
        return result;
      } catch (error) {
        if (!(error instanceof AvroError)) throw error;
        if (this.#isEnd) return null;
        await this.#readMore();
      }
    }
  }

  async #readMore(): Promise<void> {
    this.#buffer.copy(this.#buffer, 0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    if (this.#to === this.#buffer.length) {
      if (this.#to >= blockBytesMax) throw new UsageError(`${this.path} holds a block of more than ${blockBytesMax >> 20} MB.`);
      const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, 0, this.#to);
      this.#buffer = larger;
    }
    const wanted = this.#buffer.length - this.#to;
    const count = await this.#source.fill(this.#buffer, this.#to);
    this.#to += count;
    if (count < wanted) this.#isEnd = true;
  }

  /** The records of the next block; null at the end, also of a file that breaks off. */
  async next(): Promise<EventChunk | null> {
    for (;;) {
      const block = await this.#parsed(() => {
        const count = this.#bytes.count();
        const data = this.#bytes.chunk();
        const from = this.#bytes.take(16);
        return { count, data, sync: this.#buffer.subarray(from, from + 16) };
      });
      if (block === null) {
        if (this.#from < this.#to) this.unfinished = 'The Avro file breaks off within a block.';
        this.#from = this.#to;
        return null;
      }
      if (!block.sync.equals(this.#sync))
        throw new UsageError(`${this.path}: an Avro block does not end with the file's marker: it is damaged.`);
      const chunk = this.#split(Buffer.from(this.#unpacked(block.data)), block.count);
      if (chunk.count > 0) return chunk;
    }
  }

  #unpacked(data: Uint8Array): Uint8Array {
    try {
      if (this.#codec === 'null') return data;
      if (this.#codec === 'deflate') return inflateRawSync(data);
      const unpacked = unsnappy(data.subarray(0, -4));
      if (Buffer.from(data.subarray(-4)).readUInt32BE() !== crc32(unpacked)) throw new RangeError('The checksum is wrong.');
      return unpacked;
    } catch (error) {
      throw new UsageError(`${this.path}: an Avro block cannot be unpacked: ${(error as Error).message}`);
    }
  }

  #split(bytes: Buffer, count: number): EventChunk {
    const spans = this.#spans;
    spans.count = 0;
    const source = this.#bytes.open(bytes, 0, bytes.length);
    try {
      for (let left = count; left > 0; left -= 1) {
        const start = source.at;
        skipAvroEvent(this.#fields, source);
        spans.add(start, source.at);
      }
    } catch (error) {
      if (!(error instanceof AvroError)) throw error;
      throw new UsageError(`${this.path}: an Avro block does not follow the file's schema: ${error.message}`);
    }
    return { bytes, count: spans.count, starts: spans.starts, ends: spans.ends };
  }
}
