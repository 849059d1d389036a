/**
 * Sliding windows (p - size, p]: at every instant p at which a row enters or leaves, each group whose content changed
 * and is not empty says one row: https://learn.microsoft.com/stream-analytics-query/sliding-window-azure-stream-analytics
 *
 * Every row is added once and removed once: amortised constant time a row.
 */
import { type Aggregator, heldByAggregators } from '../aggregates/aggregator.ts';
import { BatchBuilder } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { WindowPlan } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { GroupTable } from './group-table.ts';
import { cellEnd } from './pane-windows.ts';
import type { WindowDriver, WindowResults, WindowRows } from './window-driver.ts';

export class SlidingWindows implements WindowDriver {
  readonly #sizeUs: number;
  readonly #aggregators: readonly Aggregator[];
  readonly #results: WindowResults;
  readonly #table: GroupTable;
  /** Rows in the window `[#head, #entry)`, and rows that have yet to enter `[#entry, count)`. */
  readonly #rows: BatchBuilder;
  #groups = new Int32Array(1024);
  #head = 0;
  #entry = 0;
  /** Rows whose leaving and entering the aggregators have been told. Thinned, they are told of many instants at once. */
  #appliedHead = 0;
  #appliedEntry = 0;
  /** Of each group: rows in the window, and rows kept at all. */
  #inside = new Int32Array(64);
  #kept = new Int32Array(64);
  #changedAt = new Float64Array(64).fill(Number.NaN);
  readonly #changed: number[] = [];

  readonly #thinUs: number;
  readonly #thinOffsetUs: number;
  /** Thinned: groups whose newest result of the interval has not been said, and the interval's end. */
  #owing: number[] = [];
  #isOwing = new Uint8Array(64);
  #intervalEndUs = Number.NEGATIVE_INFINITY;

  constructor(
    window: WindowPlan,
    keyCount: number,
    inputCount: number,
    aggregators: readonly Aggregator[],
    results: WindowResults,
    dictionary: Dictionary,
  ) {
    this.#sizeUs = window.sizeUs;
    this.#thinUs = window.thinUs;
    this.#thinOffsetUs = window.thinOffsetUs;
    this.#aggregators = aggregators;
    this.#results = results;
    this.#table = new GroupTable(keyCount, dictionary);
    this.#rows = new BatchBuilder(dictionary, inputCount);
  }

  add(rows: WindowRows): void {
    const from = this.#rows.count;
    this.#rows.append({ count: rows.count, timestamps: rows.timestamps, columns: rows.inputs }, 0, rows.count);
    this.#growRows(this.#rows.count);
    const target = this.#groups.subarray(from, this.#rows.count);
    this.#table.assign(rows.keys, 0, rows.count, target);
    this.#welcome();
    for (const group of target) this.#kept[group]! += 1;
  }

  #growRows(count: number): void {
    if (count <= this.#groups.length) return;
    const grown = new Int32Array(Math.max(count, this.#groups.length * 2));
    grown.set(this.#groups);
    this.#groups = grown;
  }

  #welcome(): void {
    const { capacity, fresh } = this.#table;
    for (const aggregator of this.#aggregators) aggregator.reserve(capacity);
    if (capacity > this.#inside.length) {
      const size = capacity * 2;
      const [inside, kept, changedAt] = [new Int32Array(size), new Int32Array(size), new Float64Array(size).fill(Number.NaN)];
      const isOwing = new Uint8Array(size);
      isOwing.set(this.#isOwing);
      this.#isOwing = isOwing;
      inside.set(this.#inside);
      kept.set(this.#kept);
      changedAt.set(this.#changedAt);
      this.#inside = inside;
      this.#kept = kept;
      this.#changedAt = changedAt;
    }
    for (const group of fresh) {
      this.#inside[group] = 0;
      this.#kept[group] = 0;
      this.#changedAt[group] = Number.NaN;
      for (const aggregator of this.#aggregators) aggregator.reset(group);
    }
    fresh.length = 0;
  }

  get heldBytes(): number {
    const rows = this.#rows.count - this.#head;
    return rows * (16 + 9 * this.#rows.columns.length) + heldByAggregators(this.#aggregators, this.#table.size);
  }

  advance(us: number): void {
    for (;;) {
      const { timestamps, count } = this.#rows;
      const entering = this.#entry < count ? (timestamps[this.#entry] as number) : Number.POSITIVE_INFINITY;
      const leaving = this.#head < this.#entry ? (timestamps[this.#head] as number) + this.#sizeUs : Number.POSITIVE_INFINITY;
      const instant = Math.min(entering, leaving);
      if (!(instant < us) || instant === Number.POSITIVE_INFINITY) break;
      if (this.#thinUs > 0 && instant > this.#intervalEndUs) {
        this.#pay();
        this.#intervalEndUs = cellEnd(instant, this.#thinUs, this.#thinOffsetUs);
      }
      this.#change(instant);
    }
    if (this.#thinUs > 0 && this.#intervalEndUs < us) this.#pay();
    if (this.#head > 4096 && this.#head * 2 > this.#rows.count) this.#forget();
  }

  /** What leaves, what enters, what is then said, at one instant. */
  #change(instant: number): void {
    const { timestamps, count } = this.#rows;
    const left = this.#head;
    while (this.#head < this.#entry && (timestamps[this.#head] as number) + this.#sizeUs === instant) {
      this.#count(this.#groups[this.#head] as number, -1);
      this.#head += 1;
    }
    const entered = this.#entry;
    while (this.#entry < count && timestamps[this.#entry] === instant) {
      this.#count(this.#groups[this.#entry] as number, 1);
      this.#entry += 1;
    }
    for (let row = left; row < this.#head; row += 1) this.#mark(this.#groups[row] as number, instant, left, entered);
    for (let row = entered; row < this.#entry; row += 1) this.#mark(this.#groups[row] as number, instant, left, entered);
    if (this.#thinUs === 0) this.#apply(this.#head, this.#entry);
    for (const group of this.#changed) {
      if ((this.#inside[group] as number) > 0) this.#say(group, instant);
      else if ((this.#kept[group] as number) === 0) {
        this.#apply(this.#head, this.#entry);
        this.#table.remove(group);
      }
    }
    this.#changed.length = 0;
  }

  #count(group: number, step: 1 | -1): void {
    this.#inside[group]! += step;
    if (step === -1) this.#kept[group]! -= 1;
  }

  /** Tells the aggregators of the rows that entered and left up to here. */
  #apply(head: number, entry: number): void {
    const { timestamps, columns } = this.#rows;
    const groups = this.#groups;
    for (const aggregator of this.#aggregators) {
      if (entry > this.#appliedEntry) aggregator.add(groups, columns, timestamps, this.#appliedEntry, entry);
      if (head > this.#appliedHead) aggregator.remove(groups, columns, this.#appliedHead, head);
    }
    this.#appliedEntry = entry;
    this.#appliedHead = head;
  }

  /** The group changes at the instant. What it still owes must be said before it becomes empty: as it was before the instant. */
  #mark(group: number, instant: number, headBefore: number, entryBefore: number): void {
    if (this.#changedAt[group] === instant) return;
    if (this.#isOwing[group] === 1 && this.#inside[group] === 0) {
      this.#apply(headBefore, entryBefore);
      this.#payFor(group);
    }
    this.#changedAt[group] = instant;
    this.#changed.push(group);
  }

  #say(group: number, instant: number): void {
    if (this.#thinUs === 0) this.#results.emit(instant, this.#table, group, this.#aggregators, group);
    else if (this.#isOwing[group] === 0) {
      this.#isOwing[group] = 1;
      this.#owing.push(group);
    }
  }

  /** Says the newest results of the interval: each as it was at the last change of its group. */
  #pay(): void {
    this.#apply(this.#head, this.#entry);
    for (const group of this.#owing) if (this.#isOwing[group] === 1) this.#payFor(group);
    this.#owing = [];
  }

  #payFor(group: number): void {
    this.#isOwing[group] = 0;
    this.#results.emit(this.#changedAt[group] as number, this.#table, group, this.#aggregators, group);
  }

  #forget(): void {
    const { count } = this.#rows;
    this.#apply(this.#head, this.#entry);
    this.#groups.copyWithin(0, this.#head, count);
    this.#rows.dropFirst(this.#head);
    this.#entry -= this.#head;
    this.#head = 0;
    this.#appliedEntry = this.#entry;
    this.#appliedHead = 0;
  }

  /** The rows are the state: what they come to is worked out again. */
  save(writer: StateWriter): void {
    const { timestamps, count, columns } = this.#rows;
    writer.uint(this.#entry - this.#head);
    writer.floats(timestamps, this.#head, count);
    for (const column of columns) writer.column(column, this.#head, count);
    writer.float(this.#intervalEndUs);
    // A key is written once for each of its groups, then by position.
    const positions = new Map<number, number>();
    for (let row = this.#head; row < count; row += 1) {
      const group = this.#groups[row] as number;
      const known = positions.get(group);
      writer.uint(known ?? positions.size);
      if (known !== undefined) continue;
      positions.set(group, positions.size);
      this.#table.saveKey(group, writer);
    }
    const owing = this.#owing.filter((group) => this.#isOwing[group] === 1);
    writer.uint(owing.length);
    for (const group of owing) {
      writer.uint(positions.get(group) ?? 0);
      writer.float(this.#changedAt[group] as number);
    }
  }

  load(reader: StateReader): void {
    const entry = reader.uint();
    const timestamps = reader.floats();
    const count = timestamps.length;
    this.#rows.reserve(count);
    this.#rows.timestamps.set(timestamps);
    this.#rows.count = count;
    for (const column of this.#rows.columns) reader.column(column, 0, count);
    this.#growRows(count);
    this.#intervalEndUs = reader.float();
    const groups: number[] = [];
    for (let row = 0; row < count; row += 1) {
      const position = reader.uint();
      if (position === groups.length) groups.push(this.#table.loadKey(reader));
      this.#groups[row] = groups[position] as number;
    }
    this.#welcome();
    for (let row = 0; row < count; row += 1) this.#kept[this.#groups[row] as number]! += 1;
    for (let row = 0; row < entry; row += 1) this.#inside[this.#groups[row] as number]! += 1;
    for (const aggregator of this.#aggregators)
      aggregator.add(this.#groups, this.#rows.columns as readonly Column[], this.#rows.timestamps, 0, entry);
    this.#entry = entry;
    this.#appliedEntry = entry;
    for (let left = reader.uint(); left > 0; left -= 1) {
      const group = groups[reader.uint()] as number;
      this.#changedAt[group] = reader.float();
      this.#isOwing[group] = 1;
      this.#owing.push(group);
    }
  }
}
