/**
 * TopOne: the first row of an order; of equal rows the one that came first. The row is kept cell by cell and becomes a
 * record only in the result. NULL is the smallest in the order (CollectTop reference page).
 */
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { recordOf } from '../expressions/references.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Aggregator } from './aggregator.ts';
import { compareCells } from './extreme.ts';

export interface OrderKey {
  readonly input: number;
  readonly descending: boolean;
}

/** What a row yields: one value, or a record of named parts. */
export interface RowParts {
  readonly inputs: readonly number[];
  readonly names: readonly (string | null)[] | null;
}

/** Order of two cells; null is the smallest. */
export function compareOrderCells(left: Column, leftRow: number, right: Column, rightRow: number, descending: boolean): number {
  const leftNull = left.tags[leftRow] === Tag.null;
  const rightNull = right.tags[rightRow] === Tag.null;
  const order = leftNull || rightNull ? (leftNull ? 0 : 1) - (rightNull ? 0 : 1) : compareCells(left, leftRow, right, rightRow);
  return descending ? -order : order;
}

export class TopOne implements Aggregator {
  readonly #orders: readonly OrderKey[];
  readonly #parts: RowParts;
  readonly #orderCells: readonly Column[];
  readonly #partCells: readonly Column[];
  #filled = new Uint8Array(16);

  readonly #part: number | null;

  /** `part`: the result is only this part of the row; null: the row. */
  constructor(orders: readonly OrderKey[], parts: RowParts, part: number | null, dictionary: Dictionary) {
    this.#part = part;
    this.#orders = orders;
    this.#parts = parts;
    this.#orderCells = orders.map(() => new Column(dictionary, 16));
    this.#partCells = parts.inputs.map(() => new Column(dictionary, 16));
  }

  reserve(groups: number): void {
    for (const column of [...this.#orderCells, ...this.#partCells]) column.reserve(groups);
    if (groups <= this.#filled.length) return;
    const grown = new Uint8Array(Math.max(groups, this.#filled.length * 2));
    grown.set(this.#filled);
    this.#filled = grown;
  }

  reset(group: number): void {
    this.#filled[group] = 0;
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const orders = this.#orders.map((order) => columns[order.input] as Column);
    const parts = this.#parts.inputs.map((input) => columns[input] as Column);
    for (let row = from; row < to; row += 1) {
      const group = groups[row] as number;
      if (this.#filled[group] === 0 || this.#before(orders, row, group)) this.#take(group, orders, parts, row);
    }
  }

  #before(orders: readonly Column[], row: number, group: number): boolean {
    for (let index = 0; index < orders.length; index += 1) {
      const { descending } = this.#orders[index] as OrderKey;
      const order = compareOrderCells(orders[index] as Column, row, this.#orderCells[index] as Column, group, descending);
      if (order !== 0) return order < 0;
    }
    return false;
  }

  #take(group: number, orders: readonly Column[], parts: readonly Column[], row: number): void {
    this.#filled[group] = 1;
    for (let index = 0; index < orders.length; index += 1)
      (this.#orderCells[index] as Column).copy(group, orders[index] as Column, row);
    for (let index = 0; index < parts.length; index += 1)
      (this.#partCells[index] as Column).copy(group, parts[index] as Column, row);
  }

  remove(): void {
    throw new Error('A TopOne cannot give up rows; use a RowList.');
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const from = other as TopOne;
    if (from.#filled[otherGroup] === 0) return;
    if (this.#filled[group] === 0 || this.#before(from.#orderCells, otherGroup, group)) {
      this.#take(group, from.#orderCells, from.#partCells, otherGroup);
    }
  }

  result(group: number, out: Column, row: number): void {
    this.resultOf(this.#part, group, out, row);
  }

  resultOf(part: number | null, group: number, out: Column, row: number): void {
    if (this.#filled[group] === 0) {
      out.set(row, Tag.null, 0);
      return;
    }
    if (part !== null) {
      out.copy(row, this.#partCells[part] as Column, group);
      return;
    }
    const { names } = this.#parts;
    if (names === null) {
      out.copy(row, this.#partCells[0] as Column, group);
      return;
    }
    out.setOther(
      row,
      recordOf(this.#partCells.map((column, index) => ({ name: names[index] ?? null, value: column.value(group) }))),
    );
  }

  save(group: number, writer: StateWriter): void {
    const filled = this.#filled[group] as number;
    writer.uint(filled);
    if (filled === 1) for (const column of [...this.#orderCells, ...this.#partCells]) writer.cell(column, group);
  }

  load(group: number, reader: StateReader): void {
    this.#filled[group] = reader.uint();
    if (this.#filled[group] === 1) for (const column of [...this.#orderCells, ...this.#partCells]) reader.cell(column, group);
  }
}

/** Another part of the row that a TopOne keeps. */
export class TopOnePart implements Aggregator {
  readonly #whole: TopOne;
  readonly #part: number | null;

  constructor(whole: TopOne, part: number | null) {
    this.#whole = whole;
    this.#part = part;
  }

  reserve(): void {}

  reset(): void {}

  add(): void {}

  remove(): void {}

  merge(): void {}

  result(group: number, out: Column, row: number): void {
    this.#whole.resultOf(this.#part, group, out, row);
  }

  save(): void {}

  load(): void {}
}
