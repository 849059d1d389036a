/**
 * An aggregate over many groups at once, its state in typed arrays where it can be. Must not know windows.
 *
 * Laws (tested): merging the parts is the whole; adding and then removing is nothing. Rows are removed in the order in
 * which they were added, as windows slide.
 */
import type { Column } from '../batch/column.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export interface Aggregator {
  /** Makes room for groups 0 … count - 1. */
  reserve(groups: number): void;
  /** The group is empty again. */
  reset(group: number): void;
  /** Adds rows `[from, to)`; row i belongs to group `groups[i]`. `columns` are the arguments of all aggregates of the operator. */
  add(groups: Int32Array, columns: readonly Column[], timestamps: Float64Array, from: number, to: number): void;
  /** Takes rows away again: for every group the ones that were added first. */
  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void;
  /** Adds what a group of another aggregator of the same kind holds; that one's rows are later than the own. */
  merge(group: number, other: Aggregator, otherGroup: number): void;
  result(group: number, out: Column, row: number): void;
  save(group: number, writer: StateWriter): void;
  load(group: number, reader: StateReader): void;
  /** How many rows (or distinct values) it keeps, of all groups, where it keeps any. */
  readonly keptRows?: number;
}

/** About how much memory aggregators take for so many groups. */
export function heldByAggregators(aggregators: readonly Aggregator[], groups: number): number {
  return aggregators.reduce((bytes, { keptRows }) => bytes + groups * 32 + (keptRows ?? 0) * 96, groups * 64);
}

export function grownFloats(array: Float64Array<ArrayBuffer>, count: number): Float64Array<ArrayBuffer> {
  if (count <= array.length) return array;
  const grown = new Float64Array(Math.max(count, array.length * 2, 16));
  grown.set(array);
  return grown;
}
