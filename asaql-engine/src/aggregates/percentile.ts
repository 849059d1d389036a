/**
 * PERCENTILE_CONT (interpolated at (n - 1) · p) and PERCENTILE_DISC (smallest value whose cumulative distribution is at
 * least p): https://learn.microsoft.com/stream-analytics-query/percentile-cont-azure-stream-analytics. NULLs are ignored.
 */
import { type Column, Tag } from '../batch/column.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { EvaluationError, typeOf } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';
import { SortedBag } from './sorted-bag.ts';

interface Ordered {
  readonly bag: SortedBag;
  /** How many of the values are floats: PERCENTILE_DISC of bigints is a bigint. */
  floats: number;
}

export class Percentile implements Aggregator {
  readonly #input: number;
  readonly #p: number;
  readonly #continuous: boolean;
  readonly #descending: boolean;
  readonly #groups: (Ordered | undefined)[] = [];

  constructor(input: number, p: number, continuous: boolean, descending: boolean) {
    this.#input = input;
    this.#p = p;
    this.#continuous = continuous;
    this.#descending = descending;
  }

  keptRows = 0;

  reserve(): void {}

  reset(group: number): void {
    const ordered = this.#groups[group];
    if (ordered === undefined) return;
    this.keptRows -= ordered.bag.size;
    ordered.bag.clear();
    ordered.floats = 0;
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      const tag = column.tags[row];
      if (tag === Tag.null) continue;
      const ordered = this.#ordered(groups[row] as number);
      ordered.bag.add(numberAt(column, row));
      this.keptRows += 1;
      if (tag !== Tag.int) ordered.floats += 1;
    }
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      const tag = column.tags[row];
      if (tag === Tag.null) continue;
      const ordered = this.#ordered(groups[row] as number);
      ordered.bag.remove(numberAt(column, row));
      this.keptRows -= 1;
      if (tag !== Tag.int) ordered.floats -= 1;
    }
  }

  #ordered(group: number): Ordered {
    let ordered = this.#groups[group];
    if (ordered === undefined) {
      ordered = { bag: new SortedBag(), floats: 0 };
      this.#groups[group] = ordered;
    }
    return ordered;
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const theirs = (other as Percentile).#groups[otherGroup];
    if (theirs === undefined) return;
    const ordered = this.#ordered(group);
    for (const value of theirs.bag.values()) ordered.bag.add(value);
    ordered.floats += theirs.floats;
    this.keptRows += theirs.bag.size;
  }

  result(group: number, out: Column, row: number): void {
    const ordered = this.#groups[group];
    const count = ordered?.bag.size ?? 0;
    if (ordered === undefined || count === 0) {
      out.set(row, Tag.null, 0);
      return;
    }
    const at = (position: number) => ordered.bag.at(this.#descending ? count - 1 - position : position);
    if (this.#continuous) {
      const position = (count - 1) * this.#p;
      const below = Math.floor(position);
      const low = at(below);
      const share = position - below;
      out.set(row, Tag.float, share === 0 ? low : low + share * (at(below + 1) - low));
      return;
    }
    // 1e-9: 0.95 * 20 must be 19 although doubles say a little more.
    const position = Math.max(0, Math.ceil(this.#p * count - 1e-9) - 1);
    out.set(row, ordered.floats === 0 ? Tag.int : Tag.float, at(position));
  }

  save(group: number, writer: StateWriter): void {
    const ordered = this.#ordered(group);
    writer.uint(ordered.floats);
    writer.uint(ordered.bag.size);
    for (const value of ordered.bag.values()) writer.float(value);
  }

  load(group: number, reader: StateReader): void {
    this.reset(group);
    const ordered = this.#ordered(group);
    ordered.floats = reader.uint();
    for (let left = reader.uint(); left > 0; left -= 1) ordered.bag.add(reader.float());
    this.keptRows += ordered.bag.size;
  }
}

function numberAt(column: Column, row: number): number {
  const tag = column.tags[row];
  if (tag === Tag.int || tag === Tag.float) return column.nums[row] as number;
  const value = column.value(row);
  const number = tryConvert(value, 'float');
  if (typeof number !== 'number')
    throw new EvaluationError(`PERCENTILE needs bigint or float, not a value of type '${typeOf(value)}'. Use TRY_CAST.`);
  return number;
}
