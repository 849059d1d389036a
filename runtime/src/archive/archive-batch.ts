/**
 * What archiveRaw does with one batch: every event, malformed ones included, into the file of its partition and hour. It
 * comes back only when all lines are in the lake.
 */
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { type BatchLog, endToEnd } from '../batch-log.ts';
import { type Retry, untilDone } from '../retry/backoff.ts';
import type { ReceivedBatch } from '../trigger-batch.ts';
import { RawFile } from './raw-file.ts';
import { rawFilePath } from './raw-line.ts';

/** The files that are being appended to: where each ends is known without asking. One instance per filesystem and process. */
export class RawArchive {
  readonly #filesystem: DataLakeFileSystemClient;
  /** By partition: the newest file only, older ones are looked up again in the rare case that they are needed. */
  readonly #open = new Map<string, { path: string; file: RawFile }>();

  constructor(filesystem: DataLakeFileSystemClient) {
    this.#filesystem = filesystem;
  }

  file(partition: string, path: string): RawFile {
    const open = this.#open.get(partition);
    if (open?.path === path) return open.file;
    const file = new RawFile(this.#filesystem, path);
    this.#open.set(partition, { path, file });
    return file;
  }
}

/** Throws only where the lake stays away longer than the budget; the batch is then to be delivered again. */
export async function archiveBatch(batch: ReceivedBatch, archive: RawArchive, retry: Retry): Promise<BatchLog> {
  const { ambient } = retry;
  const startMs = ambient.nowMs();
  const archivedAt = new Date(startMs).toISOString();
  const sums = { appended: 0, skipped: 0, bytes: 0, waits: 0 };
  const counted: Retry = {
    ...retry,
    onWait: (wait) => {
      sums.waits += 1;
      retry.onWait?.(wait);
    },
  };
  for (const [path, events] of Map.groupBy(batch.events, (event) => rawFilePath(batch.partition, event.enqueuedTimeMs))) {
    const file = archive.file(batch.partition, path);
    const outcome = await untilDone('The lake', () => file.append(events, batch.partition, archivedAt), counted);
    sums.appended += outcome.appended;
    sums.skipped += outcome.skipped;
    sums.bytes += outcome.bytes;
  }
  const doneMs = ambient.nowMs();
  return {
    partition: batch.partition,
    firstSequenceNumber: batch.events[0]?.sequenceNumber ?? -1,
    lastSequenceNumber: batch.events.at(-1)?.sequenceNumber ?? -1,
    eventsReceived: batch.events.length,
    eventsArchived: sums.appended,
    eventsAlreadyArchived: sums.skipped,
    retries: sums.waits,
    lakeMs: doneMs - startMs,
    lakeBytes: sums.bytes,
    durationMs: doneMs - startMs,
    ...endToEnd(
      batch.events.map((event) => event.enqueuedTimeMs),
      doneMs,
    ),
  };
}
