/**
 * Text of rows that must wait until the run is over: in memory while it is short, in a temporary file when it is long. Must
 * not know what the rows are for.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memoryCharsMax = 16 << 20;
const pieceBytes = 1 << 20;

export class RowSpool {
  rows = 0;
  #texts: string[] = [];
  #chars = 0;
  #folder: string | null = null;
  #file = -1;
  #bytes = 0;

  /** Adds a row's text, which ends with a line end. */
  add(text: string): void {
    this.rows += 1;
    this.#texts.push(text);
    this.#chars += text.length;
    if (this.#chars > memoryCharsMax) this.#toFile();
  }

  #toFile(): void {
    if (this.#folder === null) {
      this.#folder = mkdtempSync(join(tmpdir(), 'asaql-rows-'));
      this.#file = openSync(join(this.#folder, 'rows'), 'w+');
    }
    const bytes = Buffer.from(this.#texts.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#bytes += bytes.length;
    this.#texts = [];
    this.#chars = 0;
  }

  /** Everything that was added, whole rows at a time. */
  *pieces(): Generator<string> {
    const piece = Buffer.alloc(pieceBytes);
    let rest: Buffer = Buffer.alloc(0);
    for (let at = 0; at < this.#bytes; ) {
      const count = readSync(this.#file, piece, 0, Math.min(piece.length, this.#bytes - at), at);
      at += count;
      const all = Buffer.concat([rest, piece.subarray(0, count)]);
      const end = all.lastIndexOf(0x0a) + 1;
      rest = Buffer.from(all.subarray(end));
      yield all.toString('utf8', 0, end);
    }
    if (this.#texts.length > 0) yield this.#texts.join('');
  }

  close(): void {
    if (this.#folder === null) return;
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}
