/**
 * User-defined aggregates. The rows of a group are kept, for a function's state is its own and cannot stand in a checkpoint.
 * Where rows leave again a function with `deaccumulate` goes on from where it was; any other one is made anew from the rest:
 * https://learn.microsoft.com/azure/stream-analytics/stream-analytics-javascript-user-defined-aggregates
 */
import { type Column, Tag } from '../batch/column.ts';
import type { MakeUserAggregate, UserAggregate } from '../expressions/user-functions.ts';
import type { Value } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';
import { rowValue } from './row-list.ts';
import type { RowParts } from './top-one.ts';

interface Row {
  readonly value: Value;
  readonly timestampUs: number;
}

interface Group {
  rows: Row[];
  /** Rows before this one have left. */
  first: number;
  /** Rows up to here the function has been given. */
  given: number;
  live: UserAggregate | null;
}

/** Functions that go on between results hold memory of the sandbox: of so many groups, the ones used last. */
const liveMax = 256;

export class UserAggregated implements Aggregator {
  readonly #parts: RowParts;
  readonly #make: MakeUserAggregate;
  readonly #removable: boolean;
  readonly #groups: (Group | undefined)[] = [];
  readonly #live = new Set<Group>();

  constructor(parts: RowParts, make: MakeUserAggregate, removable: boolean) {
    this.#parts = parts;
    this.#make = make;
    this.#removable = removable;
  }

  keptRows = 0;

  reserve(): void {}

  reset(group: number): void {
    const known = this.#groups[group];
    if (known !== undefined) {
      this.#end(known);
      this.keptRows -= known.rows.length;
    }
    this.#groups[group] = undefined;
  }

  add(groups: Int32Array, columns: readonly Column[], timestamps: Float64Array, from: number, to: number): void {
    this.keptRows += to - from;
    for (let row = from; row < to; row += 1) {
      const value = rowValue(this.#parts, columns, row);
      this.#group(groups[row] as number).rows.push({ value, timestampUs: timestamps[row] as number });
    }
  }

  remove(groups: Int32Array, _columns: readonly Column[], from: number, to: number): void {
    for (let row = from; row < to; row += 1) {
      const group = this.#group(groups[row] as number);
      const gone = group.rows[group.first] as Row;
      if (group.live !== null && !(group.first < group.given && group.live.deaccumulate?.(gone.value, gone.timestampUs)))
        this.#end(group);
      group.first += 1;
      group.given = Math.max(group.given, group.first);
      if (group.first > 32 && group.first * 2 > group.rows.length) {
        group.rows.splice(0, group.first);
        this.keptRows -= group.first;
        group.given -= group.first;
        group.first = 0;
      }
    }
  }

  #group(index: number): Group {
    let group = this.#groups[index];
    if (group === undefined) {
      group = { rows: [], first: 0, given: 0, live: null };
      this.#groups[index] = group;
    }
    return group;
  }

  #end(group: Group): void {
    group.live?.close?.();
    group.live = null;
    this.#live.delete(group);
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const theirs = (other as UserAggregated).#groups[otherGroup];
    if (theirs === undefined) return;
    const { rows } = this.#group(group);
    for (let index = theirs.first; index < theirs.rows.length; index += 1) rows.push(theirs.rows[index] as Row);
    this.keptRows += theirs.rows.length - theirs.first;
  }

  result(index: number, out: Column, row: number): void {
    const group = this.#groups[index];
    if (group === undefined || group.first === group.rows.length) {
      out.set(row, Tag.null, 0);
      return;
    }
    if (group.live === null) {
      group.live = this.#make(this.#removable);
      group.given = group.first;
    }
    const { live } = group;
    for (; group.given < group.rows.length; group.given += 1) {
      const { value, timestampUs } = group.rows[group.given] as Row;
      live.accumulate(value, timestampUs);
    }
    const value = live.computeResult();
    if (value === null) out.set(row, Tag.null, 0);
    else out.setValue(row, value);
    if (this.#removable) this.#keepLive(group);
    else this.#end(group);
  }

  #keepLive(group: Group): void {
    this.#live.delete(group);
    this.#live.add(group);
    const [oldest] = this.#live;
    if (this.#live.size > liveMax && oldest !== undefined) this.#end(oldest);
  }

  save(index: number, writer: StateWriter): void {
    const group = this.#group(index);
    writer.uint(group.rows.length - group.first);
    for (const { value, timestampUs } of group.rows.slice(group.first)) {
      writer.value(value);
      writer.float(timestampUs);
    }
  }

  load(index: number, reader: StateReader): void {
    this.reset(index);
    const group = this.#group(index);
    for (let left = reader.uint(); left > 0; left -= 1) group.rows.push({ value: reader.value(), timestampUs: reader.float() });
    this.keptRows += group.rows.length;
  }
}
