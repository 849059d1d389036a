/** What became of rows that gave nothing: told on standard error, or written to a file. Must not know why they were rejected. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../cli/usage-error.ts';
import type { Rejected } from './run-query.ts';

export interface RejectedReport {
  tell(rejected: Rejected): void;
  close(): void;
}

const terminalLinesMax = 20;

/** A line each; on a terminal the first ones and how many more there were. */
export class RejectedLines implements RejectedReport {
  readonly #write: (text: string) => void;
  readonly #linesMax: number;
  #count = 0;

  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write;
    this.#linesMax = isTerminal ? terminalLinesMax : Number.POSITIVE_INFINITY;
  }

  tell({ file, row, reason, message }: Rejected): void {
    this.#count += 1;
    if (this.#count <= this.#linesMax) this.#write(`${file}: row ${row}: ${reason}: ${message}\n`);
  }

  close(): void {
    const more = this.#count - this.#linesMax;
    if (more > 0) this.#write(`… and ${more} rows more: --errors FILE lists them all.\n`);
  }
}

/** NDJSON: `{"input","file","row","reason","message","event"}`. */
export class RejectedFile implements RejectedReport {
  readonly #file: number;
  #text = '';

  /** Throws a UsageError where the file cannot be written. */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
    }
  }

  tell(rejected: Rejected): void {
    this.#text += `${JSON.stringify(rejected)}\n`;
    if (this.#text.length > 1 << 16) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }
}
