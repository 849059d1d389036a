/**
 * A compiled expression: a value for one row, or a whole column at once. Must not know the syntax tree.
 *
 * `at` is the meaning. `column` is the same for all rows; where `fill` is overridden it runs over typed arrays. A column
 * is worked out once a batch however many ask for it, also equal expressions of other operators where they cannot
 * fail, and stays valid until the next batch.
 */
import type { Batch } from '../batch/batch.ts';
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Value } from './value.ts';

/** Of each batch the columns that have been worked out over it, by the key of their expression. */
const workedOut = new WeakMap<Batch, Map<string, Column>>();

function columnsOver(batch: Batch): Map<string, Column> {
  let columns = workedOut.get(batch);
  if (columns === undefined) {
    columns = new Map();
    workedOut.set(batch, columns);
  }
  return columns;
}

export abstract class Expression {
  /** Equal keys mean equal expressions over the same rows. */
  readonly key: string;
  /** Whether a row can make it fail; then it is not worked out for rows where nobody asks for it. */
  readonly mayFail: boolean;
  readonly dictionary: Dictionary;
  #doneFor: Batch | null = null;
  #result: Column | null = null;
  #scratch: Column | null = null;

  constructor(dictionary: Dictionary, key: string, mayFail: boolean) {
    this.dictionary = dictionary;
    this.key = key;
    this.mayFail = mayFail;
  }

  abstract at(batch: Batch, row: number): Value;

  column(batch: Batch): Column {
    if (this.#doneFor === batch && this.#result !== null) return this.#result;
    this.#result = this.mayFail ? this.fill(batch) : this.#shared(batch);
    this.#doneFor = batch;
    return this.#result;
  }

  #shared(batch: Batch): Column {
    const columns = columnsOver(batch);
    const known = columns.get(this.key);
    if (known !== undefined) return known;
    const result = this.fill(batch);
    columns.set(this.key, result);
    return result;
  }

  protected fill(batch: Batch): Column {
    const column = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) column.setValue(row, this.at(batch, row));
    return column;
  }

  /** The column of this expression's own, with room for the batch. */
  protected scratch(batch: Batch): Column {
    this.#scratch ??= new Column(this.dictionary, batch.count);
    this.#scratch.clear();
    this.#scratch.reserve(batch.count);
    return this.#scratch;
  }
}

/** A condition: never null; NULL operands make a comparison false (two-valued: WHERE reference page). */
export abstract class Condition extends Expression {
  abstract holds(batch: Batch, row: number): boolean;

  at(batch: Batch, row: number): boolean {
    return this.holds(batch, row);
  }

  protected override fill(batch: Batch): Column {
    const column = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) column.set(row, Tag.bit, this.holds(batch, row) ? 1 : 0);
    return column;
  }
}

/** Whether nobody may see that parts are worked out for rows they are not asked for. */
export function anyMayFail(parts: readonly Expression[]): boolean {
  return parts.some((part) => part.mayFail);
}
