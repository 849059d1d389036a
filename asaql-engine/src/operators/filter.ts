/** WHERE and HAVING: rows for which the condition holds, with the columns that later operators read. */
import type { Batch } from '../batch/batch.ts';
import { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Condition } from '../expressions/expression.ts';
import { Operator } from './operator.ts';

export class Filter extends Operator {
  readonly #condition: Condition;
  readonly #carried: readonly number[];
  readonly #columns: readonly Column[];
  #rows = new Int32Array(1024);
  #timestamps = new Float64Array(1024);

  constructor(condition: Condition, carried: readonly number[], dictionary: Dictionary) {
    super();
    this.#condition = condition;
    this.#carried = carried;
    this.#columns = carried.map(() => new Column(dictionary, 1024));
  }

  process(batch: Batch): void {
    const holds = this.#condition.column(batch).nums;
    if (this.#rows.length < batch.count) {
      this.#rows = new Int32Array(batch.count);
      this.#timestamps = new Float64Array(batch.count);
    }
    let count = 0;
    for (let row = 0; row < batch.count; row += 1) if (holds[row] !== 0) this.#rows[count++] = row;
    if (count === batch.count) {
      this.emit({ count, timestamps: batch.timestamps, columns: this.#carried.map((slot) => batch.columns[slot] as Column) });
      return;
    }
    if (count === 0) return;
    for (let index = 0; index < count; index += 1)
      this.#timestamps[index] = batch.timestamps[this.#rows[index] as number] as number;
    for (let index = 0; index < this.#columns.length; index += 1) {
      (this.#columns[index] as Column).gather(batch.columns[this.#carried[index] as number] as Column, this.#rows, count);
    }
    this.emit({ count, timestamps: this.#timestamps, columns: this.#columns });
  }
}
