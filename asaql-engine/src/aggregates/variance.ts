/** VAR, VARP, STDEV, STDEVP. The sample forms of one value are NULL, as in T-SQL (the reference does not say). */
import { type Column, Tag } from '../batch/column.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { EvaluationError, typeOf } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { type Aggregator, grownFloats } from './aggregator.ts';
import { ExactSums } from './exact-sums.ts';

export class Variance implements Aggregator {
  readonly #input: number;
  readonly #sample: boolean;
  readonly #root: boolean;
  #counts = new Float64Array(16);
  readonly #sums = new ExactSums();
  readonly #squares = new ExactSums();

  constructor(input: number, sample: boolean, root: boolean) {
    this.#input = input;
    this.#sample = sample;
    this.#root = root;
  }

  reserve(groups: number): void {
    this.#counts = grownFloats(this.#counts, groups);
    this.#sums.reserve(groups);
    this.#squares.reserve(groups);
  }

  reset(group: number): void {
    this.#counts[group] = 0;
    this.#sums.reset(group);
    this.#squares.reset(group);
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    for (let row = from; row < to; row += 1) this.#change(groups[row] as number, columns[this.#input] as Column, row, 1);
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    for (let row = from; row < to; row += 1) this.#change(groups[row] as number, columns[this.#input] as Column, row, -1);
  }

  #change(group: number, column: Column, row: number, sign: 1 | -1): void {
    const tag = column.tags[row] as number;
    if (tag === Tag.null) return;
    const value = tag === Tag.text || tag === Tag.other ? numberOf(column, row) : (column.nums[row] as number);
    this.#counts[group]! += sign;
    this.#sums.add(group, sign * value);
    this.#squares.addSquare(group, value, sign);
    if (this.#counts[group] === 0) this.reset(group);
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const from = other as Variance;
    this.#counts[group]! += from.#counts[otherGroup] as number;
    for (const [mine, theirs] of [
      [this.#sums, from.#sums],
      [this.#squares, from.#squares],
    ] as const) {
      mine.add(group, theirs.high[otherGroup] as number);
      mine.add(group, theirs.low[otherGroup] as number);
    }
  }

  result(group: number, out: Column, row: number): void {
    const count = this.#counts[group] as number;
    if (count === 0 || (this.#sample && count === 1)) {
      out.set(row, Tag.null, 0);
      return;
    }
    const mean = this.#sums.value(group) / count;
    const total = deviation(this.#sums, this.#squares, group, count, mean);
    const variance = Math.max(0, total) / (this.#sample ? count - 1 : count);
    out.set(row, Tag.float, this.#root ? Math.sqrt(variance) : variance);
  }

  save(group: number, writer: StateWriter): void {
    writer.uint(this.#counts[group] as number);
    for (const sums of [this.#sums, this.#squares]) {
      writer.float(sums.high[group] as number);
      writer.float(sums.low[group] as number);
    }
  }

  load(group: number, reader: StateReader): void {
    this.#counts[group] = reader.uint();
    for (const sums of [this.#sums, this.#squares]) {
      sums.high[group] = reader.float();
      sums.low[group] = reader.float();
    }
  }
}

/** The sum of squared deviations, each product split so that nothing is lost before the difference is taken. */
function deviation(sums: ExactSums, squares: ExactSums, group: number, count: number, mean: number): number {
  const result = new ExactSums();
  result.add(0, squares.high[group] as number);
  result.add(0, squares.low[group] as number);
  // Σ(x - m)² = Σx² - 2mΣx + n·m², for any m: m need not be the exact mean.
  subtractTwiceProduct(result, mean, sums.high[group] as number);
  subtractTwiceProduct(result, mean, sums.low[group] as number);
  const squareOfMean = new ExactSums();
  squareOfMean.addSquare(0, mean, 1);
  addTimes(result, squareOfMean, count);
  return result.value(0);
}

function subtractTwiceProduct(result: ExactSums, left: number, right: number): void {
  const [product, error] = twoProduct(left, right);
  result.add(0, -2 * product);
  result.add(0, -2 * error);
}

function addTimes(result: ExactSums, value: ExactSums, times: number): void {
  for (const part of [value.high[0] as number, value.low[0] as number]) {
    const [product, error] = twoProduct(part, times);
    result.add(0, product);
    result.add(0, error);
  }
}

/** The product of two doubles and its rounding error (Dekker). */
function twoProduct(left: number, right: number): readonly [number, number] {
  const product = left * right;
  const a = split(left);
  const b = split(right);
  const error = a[0] * b[0] - product + a[0] * b[1] + a[1] * b[0] + a[1] * b[1];
  return [product, Number.isFinite(error) ? error : 0];
}

function split(value: number): readonly [number, number] {
  const scaled = value * 134217729;
  const top = scaled - (scaled - value);
  return [top, value - top];
}

function numberOf(column: Column, row: number): number {
  const value = column.value(row);
  const number = tryConvert(value, 'float');
  if (typeof number !== 'number')
    throw new EvaluationError(`STDEV and VAR need bigint or float, not a value of type '${typeOf(value)}'. Use TRY_CAST.`);
  return number;
}
