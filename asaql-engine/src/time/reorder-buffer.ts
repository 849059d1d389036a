/**
 * Rows that wait until time has passed them, then leave in order: by timestamp, of equal ones by arrival, partition and
 * position. Whatever the partitions' interleaving was, the order is the same. Knows no policy.
 */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export class ReorderBuffer {
  readonly #rows: BatchBuilder;
  #arrivals = new Float64Array(64);
  #partitions = new Int32Array(64);
  #positions = new Float64Array(64);
  /** Rows that wait, in order; from `#head` on. */
  #order = new Int32Array(64);
  #head = 0;
  #count = 0;
  /** Rows since the last merge, not in `#order` yet. */
  #unordered = 0;
  readonly #out: Column[];
  #outTimestamps = new Float64Array(64);
  #sortKeys = new Float64Array(64);

  constructor(columnCount: number, dictionary: Dictionary) {
    this.#rows = new BatchBuilder(dictionary, columnCount);
    this.#out = Array.from({ length: columnCount }, () => new Column(dictionary, 64));
  }

  /** How many rows wait. */
  get size(): number {
    return this.#count - this.#head + this.#unordered;
  }

  /** Keeps rows of a batch: `rows[i]` with `timestamps[i]`, `count` of them, all of one partition, in order of arrival. */
  add(
    batch: Batch,
    rows: Int32Array,
    timestamps: Float64Array,
    arrivalsUs: Float64Array,
    positions: Float64Array,
    partition: number,
    count: number,
  ): void {
    this.#merge();
    const from = this.#rows.count;
    this.#reserve(from + count);
    for (let index = 0; index < count; index += 1) {
      const row = rows[index] as number;
      this.#rows.timestamps[from + index] = timestamps[index] as number;
      this.#arrivals[from + index] = arrivalsUs[row] as number;
      this.#positions[from + index] = positions[row] as number;
      this.#partitions[from + index] = partition;
    }
    this.#rows.columns.forEach((column, slot) => {
      const source = batch.columns[slot] as Column;
      if (count === batch.count) column.copyRange(from, source, 0, count);
      else for (let index = 0; index < count; index += 1) column.copy(from + index, source, rows[index] as number);
    });
    this.#rows.count = from + count;
    this.#unordered = count;
    this.#merge();
  }

  #reserve(count: number): void {
    this.#rows.reserve(count);
    if (count <= this.#arrivals.length) return;
    const size = Math.max(count, this.#arrivals.length * 2);
    const [arrivals, positions, partitions] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
    arrivals.set(this.#arrivals);
    positions.set(this.#positions);
    partitions.set(this.#partitions);
    this.#arrivals = arrivals;
    this.#positions = positions;
    this.#partitions = partitions;
  }

  /** Puts the newest rows into the order. */
  #merge(): void {
    const added = this.#unordered;
    if (added === 0) return;
    this.#unordered = 0;
    const newest = this.#sorted(this.#rows.count - added, added);
    const waiting = this.#count - this.#head;
    if (this.#head > 0) this.#order.copyWithin(0, this.#head, this.#count);
    this.#head = 0;
    this.#count = waiting + added;
    if (this.#count > this.#order.length) {
      const grown = new Int32Array(this.#count * 2);
      grown.set(this.#order.subarray(0, waiting));
      this.#order = grown;
    }
    // From the back: what is new is late in the order as a rule, so little moves.
    let left = waiting - 1;
    let right = added - 1;
    for (let target = this.#count - 1; right >= 0; target -= 1) {
      if (left >= 0 && this.#compare(this.#order[left] as number, newest[right] as number) > 0)
        this.#order[target] = this.#order[left--] as number;
      else this.#order[target] = newest[right--] as number;
    }
  }

  /** Rows `[from, from + count)` in order. They are of one partition, in order of arrival: a stable order by timestamp. */
  #sorted(from: number, count: number): Int32Array {
    const { timestamps } = this.#rows;
    const rows = new Int32Array(count);
    let inOrder = true;
    let leastUs = Number.POSITIVE_INFINITY;
    let mostUs = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < count; index += 1) {
      rows[index] = from + index;
      const us = timestamps[from + index] as number;
      if (us < mostUs) inOrder = false;
      leastUs = Math.min(leastUs, us);
      mostUs = Math.max(mostUs, us);
    }
    if (inOrder) return rows;
    if ((mostUs - leastUs + 1) * count >= Number.MAX_SAFE_INTEGER) {
      return rows.sort((a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b);
    }
    // Timestamp and position in one number: numbers are sorted without a comparison function.
    if (this.#sortKeys.length < count) this.#sortKeys = new Float64Array(count * 2);
    const keys = this.#sortKeys.subarray(0, count);
    for (let index = 0; index < count; index += 1)
      keys[index] = Math.round((timestamps[from + index] as number) - leastUs) * count + index;
    keys.sort();
    for (let index = 0; index < count; index += 1) rows[index] = from + ((keys[index] as number) % count);
    return rows;
  }

  #compare(a: number, b: number): number {
    const { timestamps } = this.#rows;
    return (
      (timestamps[a] as number) - (timestamps[b] as number) ||
      (this.#arrivals[a] as number) - (this.#arrivals[b] as number) ||
      (this.#partitions[a] as number) - (this.#partitions[b] as number) ||
      (this.#positions[a] as number) - (this.#positions[b] as number)
    );
  }

  /**
   * An instant that about `rows` rows lie before, at most `us`: where a bounded piece of work may end. Rows of one
   * timestamp are never torn apart.
   */
  instantAfter(rows: number, us: number): number {
    const at = this.#head + rows;
    if (at >= this.#count) return us;
    const { timestamps } = this.#rows;
    const last = timestamps[this.#order[at - 1] as number] as number;
    for (let index = at; index < this.#count; index += 1) {
      const next = timestamps[this.#order[index] as number] as number;
      if (next > last) return Math.min(next, us);
    }
    return us;
  }

  /** Timestamp of the first row that waits; Infinity where none does. */
  get firstUs(): number {
    if (this.#head === this.#count) return Number.POSITIVE_INFINITY;
    return this.#rows.timestamps[this.#order[this.#head] as number] as number;
  }

  /** Whether a row lies before the instant. */
  hasBefore(us: number): boolean {
    return this.#head < this.#count && (this.#rows.timestamps[this.#order[this.#head] as number] as number) < us;
  }

  /** Takes the rows before the instant, in order. */
  take(us: number): Batch {
    const { timestamps } = this.#rows;
    let end = this.#head;
    while (end < this.#count && (timestamps[this.#order[end] as number] as number) < us) end += 1;
    return this.takeFirst(end - this.#head);
  }

  /** Takes so many rows, or all that there are, in order. */
  takeFirst(most: number): Batch {
    const { timestamps, columns } = this.#rows;
    const end = Math.min(this.#count, this.#head + most);
    const count = end - this.#head;
    const rows = this.#order.subarray(this.#head, end);
    if (this.#outTimestamps.length < count) this.#outTimestamps = new Float64Array(count * 2);
    for (let index = 0; index < count; index += 1) this.#outTimestamps[index] = timestamps[rows[index] as number] as number;
    columns.forEach((column, slot) => {
      (this.#out[slot] as Column).gather(column, rows, count);
    });
    this.#head = end;
    this.#compact();
    return { count, timestamps: this.#outTimestamps, columns: this.#out };
  }

  /** Rows that have left make room once they are more than those that wait. */
  #compact(): void {
    const waiting = this.#count - this.#head;
    if (this.#rows.count - waiting <= waiting) return;
    const rows = this.#order.slice(this.#head, this.#count);
    compactNumbers(this.#rows.timestamps, rows);
    compactNumbers(this.#arrivals, rows);
    compactNumbers(this.#positions, rows);
    compactNumbers(this.#partitions, rows);
    for (const column of this.#rows.columns) compactColumn(column, rows);
    this.#rows.count = waiting;
    for (let index = 0; index < waiting; index += 1) this.#order[index] = index;
    this.#head = 0;
    this.#count = waiting;
  }

  save(writer: StateWriter): void {
    this.#merge();
    const rows = this.#order.subarray(this.#head, this.#count);
    writer.uint(rows.length);
    for (const row of rows) {
      writer.float(this.#rows.timestamps[row] as number);
      writer.float(this.#arrivals[row] as number);
      writer.uint(this.#partitions[row] as number);
      writer.uint(this.#positions[row] as number);
      for (const column of this.#rows.columns) writer.cell(column, row);
    }
  }

  load(reader: StateReader): void {
    const count = reader.uint();
    this.#reserve(count);
    if (this.#order.length < count) this.#order = new Int32Array(count);
    for (let row = 0; row < count; row += 1) {
      this.#rows.timestamps[row] = reader.float();
      this.#arrivals[row] = reader.float();
      this.#partitions[row] = reader.uint();
      this.#positions[row] = reader.uint();
      for (const column of this.#rows.columns) reader.cell(column, row);
      this.#order[row] = row;
    }
    this.#rows.count = count;
    this.#count = count;
    this.#head = 0;
  }
}

function compactNumbers(values: Float64Array | Int32Array, rows: Int32Array): void {
  const copy = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) copy[index] = values[rows[index] as number] as number;
  values.set(copy);
}

/** Rows may come in any order, so they are copied aside first. */
function compactColumn(column: Column, rows: Int32Array): void {
  const copy = new Column(column.dictionary, rows.length);
  copy.gather(column, rows, rows.length);
  column.clear();
  column.copyRange(0, copy, 0, rows.length);
}
