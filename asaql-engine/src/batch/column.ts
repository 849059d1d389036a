/**
 * A column of values: one tag and one number a row, so that hot loops touch typed arrays only. What no number can hold
 * (large integers, datetimes with odd ticks, computed texts, records, arrays) stands in `others`. Knows no operator.
 */
import { DateTime, type Value } from '../expressions/value.ts';
import type { Dictionary } from './dictionary.ts';

export const Tag = {
  null: 0,
  /** 0 or 1. */
  bit: 1,
  /** A bigint within ±2^53. */
  int: 2,
  float: 3,
  /** A code of the dictionary. */
  text: 4,
  /** A datetime, µs since 1970. */
  time: 5,
  /** The value stands in `others`. */
  other: 6,
} as const;

export class Column {
  readonly dictionary: Dictionary;
  tags: Uint8Array<ArrayBuffer>;
  nums: Float64Array<ArrayBuffer>;
  others: Value[] | null = null;

  constructor(dictionary: Dictionary, capacity: number) {
    this.dictionary = dictionary;
    this.tags = new Uint8Array(capacity);
    this.nums = new Float64Array(capacity);
  }

  /** A column over memory that is there already. */
  static over(dictionary: Dictionary, tags: Uint8Array<ArrayBuffer>, nums: Float64Array<ArrayBuffer>): Column {
    const column = new Column(dictionary, 0);
    column.tags = tags;
    column.nums = nums;
    return column;
  }

  /** Makes room for `count` rows; keeps what is there. */
  reserve(count: number): void {
    if (count <= this.tags.length) return;
    const capacity = Math.max(count, this.tags.length * 2, 16);
    const tags = new Uint8Array(capacity);
    tags.set(this.tags);
    const nums = new Float64Array(capacity);
    nums.set(this.nums);
    this.tags = tags;
    this.nums = nums;
  }

  value(row: number): Value {
    const num = this.nums[row] as number;
    switch (this.tags[row]) {
      case Tag.bit:
        return num !== 0;
      case Tag.int:
        return BigInt(num);
      case Tag.float:
        return num;
      case Tag.text:
        return this.dictionary.text(num);
      case Tag.time:
        return DateTime.fromUs(num);
      case Tag.other:
        return (this.others as Value[])[row] as Value;
      default:
        return null;
    }
  }

  set(row: number, tag: number, num: number): void {
    this.tags[row] = tag;
    this.nums[row] = num;
  }

  setOther(row: number, value: Value): void {
    this.tags[row] = Tag.other;
    this.others ??= [];
    this.others[row] = value;
  }

  setValue(row: number, value: Value): void {
    switch (typeof value) {
      case 'boolean':
        this.set(row, Tag.bit, value ? 1 : 0);
        return;
      case 'bigint': {
        const num = Number(value);
        Number.isSafeInteger(num) ? this.set(row, Tag.int, num) : this.setOther(row, value);
        return;
      }
      case 'number':
        this.set(row, Tag.float, value);
        return;
      default:
        if (value === null) {
          this.set(row, Tag.null, 0);
          return;
        }
        if (value instanceof DateTime && value.ticks % 10 === 0) {
          this.set(row, Tag.time, value.toUs());
          return;
        }
        this.setOther(row, value);
        return;
    }
  }

  /** Copies one value of another column of the same dictionary. */
  copy(row: number, source: Column, sourceRow: number): void {
    const tag = source.tags[sourceRow] as number;
    this.tags[row] = tag;
    this.nums[row] = source.nums[sourceRow] as number;
    if (tag === Tag.other) this.setOther(row, (source.others as Value[])[sourceRow] as Value);
  }

  /** Copies the first `count` rows of another column where the mask is not 0. */
  copyWhere(mask: Float64Array, source: Column, count: number): void {
    const { tags, nums } = this;
    const sourceTags = source.tags;
    const sourceNums = source.nums;
    for (let row = 0; row < count; row += 1) {
      if (mask[row] === 0) continue;
      tags[row] = sourceTags[row] as number;
      nums[row] = sourceNums[row] as number;
    }
    if (source.others === null) return;
    for (let row = 0; row < count; row += 1)
      if (mask[row] !== 0 && sourceTags[row] === Tag.other) this.setOther(row, source.others[row] as Value);
  }

  /** Takes `source[rows[0..count)]` as its own first rows. */
  gather(source: Column, rows: Int32Array, count: number): void {
    this.reserve(count);
    const { tags, nums } = this;
    const sourceTags = source.tags;
    const sourceNums = source.nums;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index] as number;
      tags[index] = sourceTags[row] as number;
      nums[index] = sourceNums[row] as number;
    }
    this.others = null;
    if (source.others === null) return;
    for (let index = 0; index < count; index += 1) {
      if (tags[index] === Tag.other) this.setOther(index, source.others[rows[index] as number] as Value);
    }
  }

  /** Copies rows `[from, to)` of another column behind `at`. */
  copyRange(at: number, source: Column, from: number, to: number): void {
    this.reserve(at + to - from);
    this.tags.set(source.tags.subarray(from, to), at);
    this.nums.set(source.nums.subarray(from, to), at);
    if (source.others === null) return;
    for (let row = from; row < to; row += 1) {
      if (source.tags[row] === Tag.other) this.setOther(at + row - from, source.others[row] as Value);
    }
  }

  /** Forgets objects of earlier rows, so that a reused column keeps nothing alive. */
  clear(): void {
    this.others = null;
  }
}
