/**
 * Aggregates that need every row: Collect, CollectTop, and TopOne where rows leave again. Each group keeps its rows in order
 * of arrival.
 */
import { type Column, Tag } from '../batch/column.ts';
import { recordOf } from '../expressions/references.ts';
import { compareValues, RecordValue, type Value } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';
import type { OrderKey, RowParts } from './top-one.ts';

export interface ListedRow {
  readonly value: Value;
  readonly orders: readonly Value[];
  readonly timestampUs: number;
}

/** What the rows of a group come to. */
export type RowListResult = (rows: readonly ListedRow[]) => Value;

export class RowList implements Aggregator {
  readonly #orders: readonly OrderKey[];
  readonly #parts: RowParts;
  readonly #result: RowListResult;
  readonly #groups: ({ rows: ListedRow[]; first: number } | undefined)[] = [];

  constructor(orders: readonly OrderKey[], parts: RowParts, result: RowListResult) {
    this.#orders = orders;
    this.#parts = parts;
    this.#result = result;
  }

  keptRows = 0;

  reserve(): void {}

  reset(group: number): void {
    const known = this.#groups[group];
    if (known !== undefined) this.keptRows -= known.rows.length;
    this.#groups[group] = undefined;
  }

  add(groups: Int32Array, columns: readonly Column[], timestamps: Float64Array, from: number, to: number): void {
    this.keptRows += to - from;
    for (let row = from; row < to; row += 1) {
      const value = rowValue(this.#parts, columns, row);
      const orders = this.#orders.map((order) => (columns[order.input] as Column).value(row));
      this.#list(groups[row] as number).rows.push({ value, orders, timestampUs: timestamps[row] as number });
    }
  }

  remove(groups: Int32Array, _columns: readonly Column[], from: number, to: number): void {
    for (let row = from; row < to; row += 1) {
      const list = this.#list(groups[row] as number);
      list.first += 1;
      if (list.first > 32 && list.first * 2 > list.rows.length) {
        list.rows.splice(0, list.first);
        this.keptRows -= list.first;
        list.first = 0;
      }
    }
  }

  #list(group: number): { rows: ListedRow[]; first: number } {
    let list = this.#groups[group];
    if (list === undefined) {
      list = { rows: [], first: 0 };
      this.#groups[group] = list;
    }
    return list;
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const theirs = (other as RowList).#groups[otherGroup];
    if (theirs === undefined) return;
    const { rows } = this.#list(group);
    for (let index = theirs.first; index < theirs.rows.length; index += 1) rows.push(theirs.rows[index] as ListedRow);
    this.keptRows += theirs.rows.length - theirs.first;
  }

  result(group: number, out: Column, row: number): void {
    const list = this.#groups[group];
    const rows = list === undefined ? [] : list.rows.slice(list.first);
    const value = rows.length === 0 ? null : this.#result(rows);
    if (value === null) out.set(row, Tag.null, 0);
    else out.setValue(row, value);
  }

  save(group: number, writer: StateWriter): void {
    const list = this.#list(group);
    writer.uint(list.rows.length - list.first);
    for (const { value, orders, timestampUs } of list.rows.slice(list.first)) {
      writer.value(value);
      for (const order of orders) writer.value(order);
      writer.float(timestampUs);
    }
  }

  load(group: number, reader: StateReader): void {
    this.reset(group);
    const list = this.#list(group);
    for (let left = reader.uint(); left > 0; left -= 1) {
      const value = reader.value();
      const orders = this.#orders.map(() => reader.value());
      list.rows.push({ value, orders, timestampUs: reader.float() });
      this.keptRows += 1;
    }
  }
}

/** The value of a row, or the record that its parts make. */
export function rowValue({ inputs, names }: RowParts, columns: readonly Column[], row: number): Value {
  const values = inputs.map((input) => (columns[input] as Column).value(row));
  if (names === null) return values[0] ?? null;
  return recordOf(values.map((part, index) => ({ name: names[index] ?? null, value: part })));
}

export function collected(rows: readonly ListedRow[]): Value {
  return rows.map((row) => row.value);
}

/** The first `count` in order, with their ranks; null is the smallest, equal rows stay in order of arrival. */
export function collectedTop(count: number, orders: readonly OrderKey[]): RowListResult {
  return (rows) =>
    sorted(rows, orders)
      .slice(0, count)
      .map(
        (row, index) =>
          new RecordValue([
            ['rank', BigInt(index + 1)],
            ['value', row.value],
          ]),
      );
}

export function topOf(orders: readonly OrderKey[]): RowListResult {
  return (rows) => sorted(rows, orders)[0]?.value ?? null;
}

function sorted(rows: readonly ListedRow[], orders: readonly OrderKey[]): readonly ListedRow[] {
  return [...rows].sort((left, right) => {
    for (let index = 0; index < orders.length; index += 1) {
      const order = compareValues(left.orders[index] ?? null, right.orders[index] ?? null);
      if (order !== 0) return orders[index]?.descending === true ? -order : order;
    }
    return 0;
  });
}
