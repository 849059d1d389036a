/** SUM and AVG. A sum of bigints is a bigint, exact; with any float it is a float. AVG is always a float (semantics.md). */
import { type Column, Tag } from '../batch/column.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { checkedInt64, EvaluationError, typeOf } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { type Aggregator, grownFloats } from './aggregator.ts';
import { ExactSums } from './exact-sums.ts';

export class Sum implements Aggregator {
  readonly #input: number;
  readonly #average: boolean;
  readonly #sums = new ExactSums();
  /** Values that are not null, and how many of them are floats. */
  #counts = new Float64Array(16);
  #floats = new Float64Array(16);

  constructor(input: number, average: boolean) {
    this.#input = input;
    this.#average = average;
  }

  reserve(groups: number): void {
    this.#sums.reserve(groups);
    this.#counts = grownFloats(this.#counts, groups);
    this.#floats = grownFloats(this.#floats, groups);
  }

  reset(group: number): void {
    this.#sums.reset(group);
    this.#counts[group] = 0;
    this.#floats[group] = 0;
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    this.#sum(groups, columns, from, to, 1);
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    this.#sum(groups, columns, from, to, -1);
  }

  #sum(groups: Int32Array, columns: readonly Column[], from: number, to: number, sign: 1 | -1): void {
    const column = columns[this.#input] as Column;
    const { tags, nums } = column;
    const counts = this.#counts;
    const floats = this.#floats;
    const sums = this.#sums;
    for (let row = from; row < to; row += 1) {
      const tag = tags[row] as number;
      if (tag === Tag.null) continue;
      const group = groups[row] as number;
      counts[group]! += sign;
      if (tag === Tag.int || tag === Tag.bit) {
        if (floats[group] !== 0 || !sums.addInteger(group, sign * (nums[row] as number)))
          sums.add(group, sign * (nums[row] as number));
      } else if (tag === Tag.float) {
        floats[group]! += sign;
        sums.add(group, sign * (nums[row] as number));
      } else this.#addOther(group, column, row, sign);
      if (counts[group] === 0) sums.reset(group);
    }
  }

  /** Large bigints in two exact parts; texts that are numbers (implicit conversion); anything else fails. */
  #addOther(group: number, column: Column, row: number, sign: 1 | -1): void {
    const value = column.value(row);
    const number = typeof value === 'bigint' ? value : (tryConvert(value, 'bigint') ?? tryConvert(value, 'float'));
    if (typeof number === 'bigint') {
      const high = Number(number);
      this.#sums.add(group, sign * high);
      this.#sums.add(group, sign * Number(number - BigInt(high)));
    } else if (typeof number === 'number') {
      this.#floats[group]! += sign;
      this.#sums.add(group, sign * number);
    } else throw new EvaluationError(`SUM and AVG need bigint or float, not a value of type '${typeOf(value)}'. Use TRY_CAST.`);
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const from = other as Sum;
    this.#sums.add(group, from.#sums.high[otherGroup] as number);
    this.#sums.add(group, from.#sums.low[otherGroup] as number);
    this.#counts[group]! += from.#counts[otherGroup] as number;
    this.#floats[group]! += from.#floats[otherGroup] as number;
  }

  result(group: number, out: Column, row: number): void {
    const count = this.#counts[group] as number;
    if (count === 0) out.set(row, Tag.null, 0);
    else if (this.#average) out.set(row, Tag.float, this.#sums.value(group) / count);
    else if ((this.#floats[group] as number) > 0) out.set(row, Tag.float, this.#sums.value(group));
    else {
      const sum = this.#sums.value(group);
      if (Number.isSafeInteger(sum)) out.set(row, Tag.int, sum);
      else out.setValue(row, checkedInt64(BigInt(this.#sums.high[group] as number) + BigInt(this.#sums.low[group] as number)));
    }
  }

  save(group: number, writer: StateWriter): void {
    writer.uint(this.#counts[group] as number);
    writer.uint(this.#floats[group] as number);
    writer.float(this.#sums.high[group] as number);
    writer.float(this.#sums.low[group] as number);
  }

  load(group: number, reader: StateReader): void {
    this.#counts[group] = reader.uint();
    this.#floats[group] = reader.uint();
    this.#sums.high[group] = reader.float();
    this.#sums.low[group] = reader.float();
  }
}
