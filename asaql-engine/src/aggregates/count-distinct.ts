/** COUNT(DISTINCT expression): of every group the values it holds, and how often. */
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { type Value, valueText } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';

/** Texts by their code, numbers and all else by their text (bigint 1 and float 1.0 are one value). */
type DistinctKey = number | string;

export class CountDistinct implements Aggregator {
  readonly #input: number;
  readonly #dictionary: Dictionary;
  readonly #groups: (Map<DistinctKey, number> | undefined)[] = [];

  constructor(input: number, dictionary: Dictionary) {
    this.#input = input;
    this.#dictionary = dictionary;
  }

  reserve(): void {}

  reset(group: number): void {
    this.#groups[group]?.clear();
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      if (column.tags[row] === Tag.null) continue;
      const values = this.#values(groups[row] as number);
      const key = this.#key(column, row);
      values.set(key, (values.get(key) ?? 0) + 1);
    }
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      if (column.tags[row] === Tag.null) continue;
      const values = this.#values(groups[row] as number);
      const key = this.#key(column, row);
      const left = (values.get(key) ?? 0) - 1;
      if (left > 0) values.set(key, left);
      else values.delete(key);
    }
  }

  #values(group: number): Map<DistinctKey, number> {
    let values = this.#groups[group];
    if (values === undefined) {
      values = new Map();
      this.#groups[group] = values;
    }
    return values;
  }

  #key(column: Column, row: number): DistinctKey {
    const tag = column.tags[row];
    if (tag === Tag.text) return column.nums[row] as number;
    if (tag === Tag.int || tag === Tag.float) return `n${column.nums[row]}`;
    const value = column.value(row);
    return typeof value === 'string' ? this.#dictionary.intern(value) : `${kindOf(value)}${valueText(value)}`;
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const theirs = (other as CountDistinct).#groups[otherGroup];
    if (theirs === undefined) return;
    const values = this.#values(group);
    for (const [key, count] of theirs) values.set(key, (values.get(key) ?? 0) + count);
  }

  result(group: number, out: Column, row: number): void {
    out.set(row, Tag.int, this.#groups[group]?.size ?? 0);
  }

  save(group: number, writer: StateWriter): void {
    const values = this.#values(group);
    writer.uint(values.size);
    for (const [key, count] of values) {
      writer.uint(typeof key === 'number' ? 1 : 0);
      writer.text(typeof key === 'number' ? this.#dictionary.text(key) : key);
      writer.uint(count);
    }
  }

  load(group: number, reader: StateReader): void {
    const values = this.#values(group);
    values.clear();
    for (let left = reader.uint(); left > 0; left -= 1) {
      const isText = reader.uint() === 1;
      const text = reader.text();
      values.set(isText ? this.#dictionary.intern(text) : text, reader.uint());
    }
  }
}

function kindOf(value: Value): string {
  return typeof value === 'bigint' ? 'n' : typeof value === 'boolean' ? 'b' : 'o';
}
