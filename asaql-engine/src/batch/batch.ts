/** Rows in columns, in order of their timestamps. Valid until its maker makes the next one; who keeps rows copies them. */
import { Column } from './column.ts';
import type { Dictionary } from './dictionary.ts';

export interface Batch {
  readonly count: number;
  /** System.Timestamp() of each row, µs since 1970, never falling. */
  readonly timestamps: Float64Array;
  readonly columns: readonly Column[];
}

/** Collects rows that come one by one, or from several batches, into columns of its own. */
export class BatchBuilder {
  count = 0;
  #capacity = 64;
  timestamps: Float64Array<ArrayBuffer> = new Float64Array(64);
  readonly columns: Column[];

  constructor(dictionary: Dictionary, columnCount: number) {
    this.columns = Array.from({ length: columnCount }, () => new Column(dictionary, 64));
  }

  /** Opens a row and returns its number; the caller fills every column of it. */
  open(timestampUs: number): number {
    const row = this.count;
    this.reserve(row + 1);
    this.timestamps[row] = timestampUs;
    this.count = row + 1;
    return row;
  }

  reserve(count: number): void {
    if (count <= this.#capacity) return;
    this.#capacity = Math.max(count, this.#capacity * 2);
    this.#grow(this.#capacity);
  }

  #grow(count: number): void {
    if (count > this.timestamps.length) {
      const grown = new Float64Array(Math.max(count, this.timestamps.length * 2));
      grown.set(this.timestamps);
      this.timestamps = grown;
    }
    for (const column of this.columns) column.reserve(count);
  }

  /** Appends rows `[from, to)` of a batch of the same columns. */
  append(batch: Batch, from: number, to: number): void {
    this.reserve(this.count + to - from);
    this.timestamps.set(batch.timestamps.subarray(from, to), this.count);
    for (let index = 0; index < this.columns.length; index += 1) {
      (this.columns[index] as Column).copyRange(this.count, batch.columns[index] as Column, from, to);
    }
    this.count += to - from;
  }

  /** What was collected; the builder must be cleared before it collects anew. */
  batch(): Batch {
    return { count: this.count, timestamps: this.timestamps, columns: this.columns };
  }

  clear(): void {
    this.count = 0;
    for (const column of this.columns) column.clear();
  }

  /** Drops the first `count` rows. */
  dropFirst(count: number): void {
    const rest = this.count - count;
    this.timestamps.copyWithin(0, count, this.count);
    for (const column of this.columns) {
      column.tags.copyWithin(0, count, this.count);
      column.nums.copyWithin(0, count, this.count);
      if (column.others !== null) column.others = column.others.slice(count, this.count);
    }
    this.count = rest;
  }
}
