/**
 * Rows into line-delimited JSON files of a Data Lake filesystem, under a path pattern (output-path.ts). Each run
 * of the job writes files of its own; after a crash rows since the last checkpoint are written again (at least once, as the
 * service delivers).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { jsonOfOutput, type OutputBatch } from '@asaql/engine';
import type { DataLakeFileClient, DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { OutputPath } from './output-path.ts';
import { type OutputSink, retryDelayMs, type SinkEvents } from './output-sink.ts';
import { PendingRows } from './pending-rows.ts';

const chunkBytesMax = 4_000_000;
const filesMax = 48;

export interface LakeSinkOptions {
  readonly output: string;
  readonly filesystem: DataLakeFileSystemClient;
  /** For example `asa-archive/{date}/{time}`; as `OutputPath` takes it. */
  readonly pathPattern: string;
  /** Names this run's files. */
  readonly runId: string;
  readonly events: SinkEvents;
}

interface Line {
  readonly text: string;
  readonly timestampMs: number;
  readonly ticket: number;
}

interface LakeFile {
  readonly client: DataLakeFileClient;
  /** Bytes flushed so far; null until asked. */
  length: number | null;
  waiting: Line[];
}

export class LakeSink implements OutputSink {
  readonly #options: LakeSinkOptions;
  readonly #path: OutputPath;
  readonly #files = new Map<string, LakeFile>();
  readonly #pending = new PendingRows();
  readonly #stop = new AbortController();
  #pump: Promise<void> | null = null;

  constructor(options: LakeSinkOptions) {
    this.#options = options;
    this.#path = new OutputPath(options.pathPattern);
  }

  write(batch: OutputBatch): void {
    if (batch.rows.length === 0) return;
    const ticket = this.#pending.open();
    this.#pending.add(ticket, batch.rows.length);
    batch.rows.forEach((row, index) => {
      const timestampMs = batch.timestampsMs[index] ?? 0;
      const file = this.#file(this.#path.of(row, timestampMs));
      file.waiting.push({ text: `${jsonOfOutput(row)}\n`, timestampMs, ticket });
    });
    this.#pump ??= this.#run();
  }

  settled(): Promise<void> {
    return this.#pending.settled();
  }

  pendingRows(): number {
    return this.#pending.total;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#pump;
  }

  #file(folder: string): LakeFile {
    const path = `${folder}/${this.#options.runId}.json`;
    let file = this.#files.get(path);
    if (!file) {
      file = { client: this.#options.filesystem.getFileClient(path), length: null, waiting: [] };
      this.#files.set(path, file);
    }
    return file;
  }

  async #run(): Promise<void> {
    for (;;) {
      const next = [...this.#files].find(([, file]) => file.waiting.length > 0);
      if (!next || this.#stop.signal.aborted) break;
      const [, file] = next;
      const lines = takeChunk(file);
      await this.#append(file, Buffer.from(lines.map((line) => line.text).join('')));
      if (this.#stop.signal.aborted) break;
      for (const line of lines) this.#pending.remove(line.ticket);
      this.#options.events.onWritten(
        this.#options.output,
        lines.map((line) => line.timestampMs),
      );
    }
    // Hours come and go; one that gets a late row is asked for its length again.
    for (const path of [...this.#files.keys()].sort().slice(0, -filesMax)) this.#files.delete(path);
    this.#pump = null;
  }

  /** Appends until it is in. What the file holds decides whether a flush whose answer was lost has happened. */
  async #append(file: LakeFile, bytes: Buffer): Promise<void> {
    let before: number | null = null;
    for (let attempt = 0; !this.#stop.signal.aborted; attempt++) {
      try {
        const length = file.length ?? (await lengthOf(file.client));
        before ??= length;
        if (length < before + bytes.length) {
          await file.client.append(bytes, before, bytes.length);
          await file.client.flush(before + bytes.length);
        }
        file.length = before + bytes.length;
        return;
      } catch (error) {
        file.length = null;
        const delayMs = retryDelayMs(attempt, null);
        this.#options.events.onRetry(this.#options.output, (error as Error).message, delayMs);
        await wait(delayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }
}

/** Makes the file where it is missing. */
async function lengthOf(client: DataLakeFileClient): Promise<number> {
  await client.createIfNotExists();
  return (await client.getProperties()).contentLength ?? 0;
}

function takeChunk(file: LakeFile): Line[] {
  let bytes = 0;
  let count = 0;
  while (count < file.waiting.length && bytes < chunkBytesMax) bytes += file.waiting[count++]?.text.length ?? 0;
  const lines = file.waiting.slice(0, count);
  file.waiting = file.waiting.slice(count);
  return lines;
}
