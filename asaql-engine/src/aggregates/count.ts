/** COUNT(*) and COUNT(expression). */
import { type Column, Tag } from '../batch/column.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { type Aggregator, grownFloats } from './aggregator.ts';

export class Count implements Aggregator {
  /** Position of the counted argument; -1 counts rows. */
  readonly #input: number;
  #counts = new Float64Array(16);

  constructor(input: number) {
    this.#input = input;
  }

  reserve(groups: number): void {
    this.#counts = grownFloats(this.#counts, groups);
  }

  reset(group: number): void {
    this.#counts[group] = 0;
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    this.#count(groups, columns, from, to, 1);
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    this.#count(groups, columns, from, to, -1);
  }

  #count(groups: Int32Array, columns: readonly Column[], from: number, to: number, step: number): void {
    const counts = this.#counts;
    if (this.#input < 0) {
      for (let row = from; row < to; row += 1) counts[groups[row] as number]! += step;
      return;
    }
    const { tags } = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) if (tags[row] !== Tag.null) counts[groups[row] as number]! += step;
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    this.#counts[group]! += (other as Count).#counts[otherGroup] as number;
  }

  result(group: number, out: Column, row: number): void {
    out.set(row, Tag.int, this.#counts[group] as number);
  }

  save(group: number, writer: StateWriter): void {
    writer.uint(this.#counts[group] as number);
  }

  load(group: number, reader: StateReader): void {
    this.#counts[group] = reader.uint();
  }
}
