/**
 * MIN and MAX. Texts are compared as texts (Microsoft's samples take MAX of ISO times); of a removable one every group
 * keeps a queue of candidates, amortised O(1) a row.
 */
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { compareValues } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';

/** Order of two cells that are not null. */
export function compareCells(left: Column, leftRow: number, right: Column, rightRow: number): number {
  const leftTag = left.tags[leftRow] as number;
  const rightTag = right.tags[rightRow] as number;
  const numbers = (leftTag === Tag.int || leftTag === Tag.float) && (rightTag === Tag.int || rightTag === Tag.float);
  if (numbers || (leftTag === rightTag && (leftTag === Tag.time || leftTag === Tag.bit))) {
    return (left.nums[leftRow] as number) - (right.nums[rightRow] as number);
  }
  if (leftTag === Tag.text && rightTag === Tag.text && left.nums[leftRow] === right.nums[rightRow]) return 0;
  return compareValues(left.value(leftRow), right.value(rightRow));
}

export class Extreme implements Aggregator {
  readonly #input: number;
  /** 1: the largest is sought, -1: the smallest. */
  readonly #sign: 1 | -1;
  readonly #best: Column;

  constructor(input: number, sign: 1 | -1, dictionary: Dictionary) {
    this.#input = input;
    this.#sign = sign;
    this.#best = new Column(dictionary, 16);
  }

  reserve(groups: number): void {
    this.#best.reserve(groups);
  }

  reset(group: number): void {
    this.#best.set(group, Tag.null, 0);
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) this.#consider(groups[row] as number, column, row);
  }

  #consider(group: number, column: Column, row: number): void {
    if (column.tags[row] === Tag.null) return;
    if (this.#best.tags[group] === Tag.null || compareCells(column, row, this.#best, group) * this.#sign > 0)
      this.#best.copy(group, column, row);
  }

  remove(): void {
    throw new Error('An Extreme cannot give up rows; use SlidingExtreme.');
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    this.#consider(group, (other as Extreme).#best, otherGroup);
  }

  result(group: number, out: Column, row: number): void {
    out.copy(row, this.#best, group);
  }

  save(group: number, writer: StateWriter): void {
    writer.cell(this.#best, group);
  }

  load(group: number, reader: StateReader): void {
    reader.cell(this.#best, group);
  }
}

/** Candidates of one group: each better than all later ones; `counts` says for how many rows it and the worse ones before it stand. */
interface Candidates {
  cells: Column;
  counts: number[];
  first: number;
  end: number;
}

export class SlidingExtreme implements Aggregator {
  readonly #input: number;
  readonly #sign: 1 | -1;
  readonly #dictionary: Dictionary;
  readonly #groups: (Candidates | undefined)[] = [];

  constructor(input: number, sign: 1 | -1, dictionary: Dictionary) {
    this.#input = input;
    this.#sign = sign;
    this.#dictionary = dictionary;
  }

  reserve(): void {}

  reset(group: number): void {
    const candidates = this.#groups[group];
    if (candidates === undefined) return;
    candidates.first = 0;
    candidates.end = 0;
    candidates.cells.clear();
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      if (column.tags[row] !== Tag.null) this.#push(groups[row] as number, column, row, 1);
    }
  }

  #push(group: number, column: Column, row: number, count: number): void {
    const candidates = this.#candidates(group);
    let represents = count;
    while (
      candidates.end > candidates.first &&
      compareCells(column, row, candidates.cells, candidates.end - 1) * this.#sign >= 0
    ) {
      candidates.end -= 1;
      represents += candidates.counts[candidates.end] as number;
    }
    if (candidates.first > 32 && candidates.first * 2 > candidates.end) compact(candidates);
    candidates.cells.reserve(candidates.end + 1);
    candidates.cells.copy(candidates.end, column, row);
    candidates.counts[candidates.end] = represents;
    candidates.end += 1;
  }

  #candidates(group: number): Candidates {
    let candidates = this.#groups[group];
    if (candidates === undefined) {
      candidates = { cells: new Column(this.#dictionary, 8), counts: [], first: 0, end: 0 };
      this.#groups[group] = candidates;
    }
    return candidates;
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    const { tags } = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      if (tags[row] === Tag.null) continue;
      const candidates = this.#candidates(groups[row] as number);
      const left = (candidates.counts[candidates.first] as number) - 1;
      if (left === 0) candidates.first += 1;
      else candidates.counts[candidates.first] = left;
    }
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const theirs = (other as SlidingExtreme).#groups[otherGroup];
    if (theirs === undefined) return;
    for (let index = theirs.first; index < theirs.end; index += 1)
      this.#push(group, theirs.cells, index, theirs.counts[index] as number);
  }

  result(group: number, out: Column, row: number): void {
    const candidates = this.#groups[group];
    if (candidates === undefined || candidates.first === candidates.end) out.set(row, Tag.null, 0);
    else out.copy(row, candidates.cells, candidates.first);
  }

  save(group: number, writer: StateWriter): void {
    const candidates = this.#candidates(group);
    writer.uint(candidates.end - candidates.first);
    for (let index = candidates.first; index < candidates.end; index += 1) {
      writer.cell(candidates.cells, index);
      writer.uint(candidates.counts[index] as number);
    }
  }

  load(group: number, reader: StateReader): void {
    this.reset(group);
    const candidates = this.#candidates(group);
    candidates.end = reader.uint();
    candidates.cells.reserve(candidates.end);
    for (let index = 0; index < candidates.end; index += 1) {
      reader.cell(candidates.cells, index);
      candidates.counts[index] = reader.uint();
    }
  }
}

function compact(candidates: Candidates): void {
  const { cells, counts, first, end } = candidates;
  cells.copyRange(0, cells, first, end);
  counts.splice(0, first);
  candidates.first = 0;
  candidates.end = end - first;
}
