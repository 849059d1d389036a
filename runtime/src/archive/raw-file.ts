/**
 * A file of the raw archive, appended to by one writer at a time, each line exactly once: a batch is appended and made
 * visible by one request at the position where the file is known to end, so a second writer or a repeated batch is refused
 * instead of doubled; and what the file's last line says was archived is not archived again. Knows no trigger.
 *
 * Azure takes 50,000 appends a file. host.json gathers 100 events or half a second, so that an hour of one partition stays below:
 * 7,200 appends at a trickle, 36,000 at the 1,000 events/s that a throughput unit lets in.
 */
import type { DataLakeFileClient, DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { isNotFound, readRange } from '../lake/read-file.ts';
import type { ReceivedEvent } from '../trigger-batch.ts';
import { parseRawLine, rawLineOf } from './raw-line.ts';

/** Where a file ends, and what its last line holds. */
interface FileEnd {
  length: number;
  lastSequenceNumber: number;
  lastEnqueuedTimeMs: number;
  /** The file does not end with a line end: somebody else wrote to it. */
  torn: boolean;
}

export interface AppendOutcome {
  readonly appended: number;
  /** Events that an earlier delivery of the same batch has archived. */
  readonly skipped: number;
  readonly bytes: number;
}

const tailBytes = 64 * 1024;
/** A request stays well below the service's limit; batches of large events are split. */
const appendBytesMax = 8 * 1024 * 1024;

export class RawFile {
  readonly #filesystem: DataLakeFileSystemClient;
  readonly #client: DataLakeFileClient;
  readonly #path: string;
  #end: FileEnd | null = null;

  constructor(filesystem: DataLakeFileSystemClient, path: string) {
    this.#filesystem = filesystem;
    this.#client = filesystem.getFileClient(path);
    this.#path = path;
  }

  /** Throws what the lake answers. It may be called again with the same events: lines that got there are then skipped. */
  async append(events: readonly ReceivedEvent[], partition: string, archivedAt: string): Promise<AppendOutcome> {
    try {
      const end = this.#end ?? (await this.#findEnd());
      this.#end = end;
      const fresh = events.filter((event) => !isArchived(event, end));
      let bytes = 0;
      for (const piece of piecesOf(fresh, partition, archivedAt)) {
        const text = end.torn ? Buffer.concat([Buffer.from('\n'), piece.text]) : piece.text;
        await this.#client.append(text, end.length, text.byteLength, { flush: true });
        end.length += text.byteLength;
        end.torn = false;
        end.lastSequenceNumber = piece.last.sequenceNumber;
        end.lastEnqueuedTimeMs = piece.last.enqueuedTimeMs;
        bytes += text.byteLength;
      }
      return { appended: fresh.length, skipped: events.length - fresh.length, bytes };
    } catch (error) {
      // The request may have done its work before its answer was lost, and another writer may have been here: look again.
      this.#end = null;
      throw error;
    }
  }

  async #findEnd(): Promise<FileEnd> {
    const nothing = { length: 0, lastSequenceNumber: -1, lastEnqueuedTimeMs: Number.NEGATIVE_INFINITY, torn: false };
    let length: number;
    try {
      length = Number((await this.#client.getProperties()).contentLength ?? 0);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#client.createIfNotExists();
      return nothing;
    }
    if (length === 0) return nothing;
    for (let size = tailBytes; ; size *= 8) {
      const from = Math.max(0, length - size);
      const tail = await readRange(this.#filesystem, this.#path, from, length - from);
      const torn = tail.at(-1) !== 10;
      const lineEnd = tail.lastIndexOf(10);
      const lineStart = lineEnd <= 0 ? -1 : tail.lastIndexOf(10, lineEnd - 1);
      if (lineEnd < 0 && from === 0) return { ...nothing, length, torn };
      if (lineEnd < 0 || (lineStart < 0 && from > 0)) continue;
      const line = parseRawLine(tail.toString('utf8', lineStart + 1, lineEnd));
      return { length, lastSequenceNumber: line.sequence_number, lastEnqueuedTimeMs: Date.parse(line.enqueued_time), torn };
    }
  }
}

/**
 * Sequence numbers grow within a partition, and so do lines in its file. A lower number that was enqueued later belongs to
 * a hub that has been made anew: it is another event.
 */
function isArchived(event: ReceivedEvent, end: FileEnd): boolean {
  return event.sequenceNumber <= end.lastSequenceNumber && event.enqueuedTimeMs <= end.lastEnqueuedTimeMs;
}

function* piecesOf(
  events: readonly ReceivedEvent[],
  partition: string,
  archivedAt: string,
): Generator<{ text: Buffer; last: ReceivedEvent }> {
  let lines: string[] = [];
  let length = 0;
  let last: ReceivedEvent | undefined;
  for (const event of events) {
    const line = rawLineOf(event, partition, archivedAt);
    if (last !== undefined && length + line.length > appendBytesMax) {
      yield { text: Buffer.from(lines.join('')), last };
      lines = [];
      length = 0;
    }
    lines.push(line, '\n');
    length += line.length + 1;
    last = event;
  }
  if (last !== undefined) yield { text: Buffer.from(lines.join('')), last };
}
