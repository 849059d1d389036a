/** The list of a SELECT: each column worked out, or passed on as it is. */
import type { Batch } from '../batch/batch.ts';
import type { Expression } from '../expressions/expression.ts';
import { Operator } from './operator.ts';

export class Project extends Operator {
  readonly #expressions: readonly Expression[];

  constructor(expressions: readonly Expression[]) {
    super();
    this.#expressions = expressions;
  }

  process(batch: Batch): void {
    const columns = this.#expressions.map((expression) => expression.column(batch));
    this.emit({ count: batch.count, timestamps: batch.timestamps, columns });
  }
}
