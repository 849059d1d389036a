/**
 * A file of events, read in pieces of a megabyte or so whatever its length. Finds out by its name and its first bytes how
 * its events are written. Must not know what is done with them.
 */
import { extname } from 'node:path';
import { csvFields } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { AvroFile, isAvro } from './avro-file.ts';
import { ByteSource } from './byte-source.ts';
import { CsvSplitter, EventSpans, type EventSplitter, JsonSplitter, jsonEnd, LineSplitter } from './event-splitter.ts';

/** Events as they lie in the file's bytes; good until the next one is asked for. */
export interface EventChunk {
  readonly bytes: Buffer;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A file of events in whatever format. */
export interface EventReader {
  readonly path: string;
  /** Header and delimiter of a CSV file. */
  readonly csv: CsvFormat | null;
  /** The schema of an Avro file; null: JSON or CSV. */
  readonly avroSchema: string | null;
  /** How much of the file has been read, 0 … 1. */
  readonly progress: number;
  /** What is wrong with the end of the file, once it has been read. */
  readonly unfinished: string | null;
  /** The next events, at least one; null at the end. */
  next(): Promise<EventChunk | null>;
  close(): Promise<void>;
}

export interface CsvFormat {
  readonly columns: readonly string[];
  readonly delimiter: string;
}

const bufferBytes = 1 << 20;
/** An event must fit into one piece of memory that the offsets can address. */
const eventBytesMax = 1 << 29;

export class EventFile implements EventReader {
  readonly path: string;
  readonly avroSchema = null;
  readonly #source: ByteSource;
  #csv: CsvFormat | null = null;
  #splitter: EventSplitter = new LineSplitter();
  #buffer: Buffer = Buffer.allocUnsafe(bufferBytes);
  #from = 0;
  #to = 0;
  #isEnd = false;
  #filling: Promise<void> | null = null;
  #failure: Error | null = null;
  readonly #spans = new EventSpans();

  private constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#source = source;
  }

  /** Throws a UsageError where the file cannot be read. */
  static async open(path: string): Promise<EventReader> {
    const file = new EventFile(path, await ByteSource.open(path));
    try {
      await file.#fill();
      if (!isAvro(file.#buffer.subarray(0, file.#to))) {
        file.#recognise();
        return file;
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return AvroFile.open(path);
  }

  /** Header and delimiter of a CSV file; null: JSON. */
  get csv(): CsvFormat | null {
    return this.#csv;
  }

  /** How much of the file has been read, 0 … 1. */
  get progress(): number {
    return this.#isEnd || this.#source.sizeBytes === 0 ? 1 : this.#source.readBytes / this.#source.sizeBytes;
  }

  /** What is wrong with the end of the file, once it has been read. */
  get unfinished(): string | null {
    return this.#splitter.unfinished;
  }

  /** The next events, at least one; null at the end. */
  async next(): Promise<EventChunk | null> {
    const spans = this.#spans;
    spans.count = 0;
    while (spans.count === 0) {
      await this.#filling;
      this.#filling = null;
      if (this.#failure !== null) throw this.#failure;
      if (this.#isEnd && this.#from === this.#to) return null;
      if (!this.#isEnd && this.#to < this.#buffer.length) await this.#fill();
      this.#from = this.#splitter.split(this.#buffer, this.#from, this.#to, this.#isEnd, spans);
      // What has been marked must stay where it is until the next call; only what is left of an event moves then.
      if (spans.count === 0 && !this.#isEnd) this.#makeRoom();
    }
    const chunk = { bytes: this.#buffer, count: spans.count, starts: spans.starts, ends: spans.ends };
    if (!this.#isEnd) this.#moveOn();
    return chunk;
  }

  async close(): Promise<void> {
    await this.#filling;
    await this.#source.close();
  }

  async #fill(): Promise<void> {
    const wanted = this.#buffer.length - this.#to;
    const count = await this.#source.fill(this.#buffer, this.#to);
    this.#to += count;
    if (count < wanted) this.#isEnd = true;
  }

  #spare: Buffer = Buffer.alloc(0);

  /** The unfinished rest goes to the other buffer, since the chunk still lies in this one. */
  #moveOn(): void {
    const other = this.#spare.length === this.#buffer.length ? this.#spare : Buffer.allocUnsafe(this.#buffer.length);
    this.#buffer.copy(other, 0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    this.#spare = this.#buffer;
    this.#buffer = other;
    // Reads on while the chunk is worked on. A failure is kept until somebody asks for more.
    this.#filling = this.#fill().catch((error: Error) => {
      this.#failure = error;
    });
  }

  #makeRoom(): void {
    if (this.#from > 0) {
      this.#buffer.copy(this.#buffer, 0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
    }
    if (this.#to < this.#buffer.length) return;
    if (this.#buffer.length >= eventBytesMax) {
      throw new UsageError(`${this.path} holds an event of more than ${eventBytesMax >> 20} MB: that is no event.`);
    }
    const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
    this.#buffer.copy(larger, 0, 0, this.#to);
    this.#buffer = larger;
  }

  #recognise(): void {
    const buffer = this.#buffer;
    if (this.#to >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) this.#from = 3;
    const name = this.path.replace(/\.gz$/i, '');
    if (extname(name).toLowerCase() === '.csv') {
      this.#readHeader();
      return;
    }
    const first = firstOf(buffer, this.#from, this.#to);
    const isArray = buffer[first] === 0x5b;
    const namesLines = ['.ndjson', '.jsonl'].includes(extname(name).toLowerCase());
    if (isArray || (!namesLines && buffer[first] === 0x7b && !isLineByLine(buffer, first, this.#to)))
      this.#splitter = new JsonSplitter();
  }

  #readHeader(): void {
    const lineEnd = this.#buffer.subarray(0, this.#to).indexOf(0x0a, this.#from);
    const end = lineEnd === -1 ? this.#to : lineEnd;
    const text = this.#buffer.toString('utf8', this.#from, end).replace(/\r$/, '');
    if (text.trim() === '') throw new UsageError(`${this.path} has no header: the first line of a CSV file names its columns.`);
    const delimiter = [',', ';', '\t', '|'].find((candidate) => text.includes(candidate)) ?? ',';
    this.#csv = { columns: csvFields(text, delimiter).map((name) => name.trim()), delimiter };
    this.#splitter = new CsvSplitter(delimiter);
    this.#from = lineEnd === -1 ? this.#to : end + 1;
  }
}

function firstOf(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] as number) <= 0x20) at += 1;
  return at;
}

/**
 * Whether each line is an object, and not each object several lines. The first object tells; where it is broken, one of the
 * first lines that is an object of its own, at the margin.
 */
function isLineByLine(bytes: Buffer, from: number, to: number): boolean {
  const first = jsonEnd(bytes, from, to);
  if (first !== -1 && isJson(bytes.toString('utf8', from, first))) return !bytes.subarray(from, first).includes(0x0a);
  let at = from;
  for (let line = 0; line < 5 && at < to; line += 1) {
    const found = bytes.indexOf(0x0a, at);
    const end = found === -1 || found >= to ? to : found;
    const close = bytes[at] === 0x7b ? jsonEnd(bytes, at, end) : -1;
    if (close !== -1 && firstOf(bytes, close, end) === end) return true;
    at = end + 1;
  }
  return false;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
