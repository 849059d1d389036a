/**
 * Expressions that tell which way they went, for the coverage of query tests. Planned only where somebody watches, so that
 * nothing is paid for otherwise. Must not change a result.
 */
import type { Batch } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import { Condition, type Expression } from './expression.ts';
import { CaseChoice } from './scalars.ts';
import type { Value } from './value.ts';

/** Places are offsets in the text of the query. */
export interface QueryWatch {
  /** The CASE that begins at `start` took a WHEN, from 0; ELSE is the one after the last. */
  readonly caseTaken: (start: number, branch: number) => void;
  /** The condition of a WHERE or HAVING that begins at `start` held for a row, or did not. */
  readonly conditionMet: (start: number, holds: boolean) => void;
}

export class WatchedCase extends CaseChoice {
  readonly #start: number;
  readonly #watch: QueryWatch;

  constructor(branches: CaseChoice['branches'], otherwise: Expression, start: number, watch: QueryWatch) {
    // Two that are alike each tell of themselves.
    super(branches, otherwise, `@${start}`);
    this.#start = start;
    this.#watch = watch;
  }

  override at(batch: Batch, row: number): Value {
    const taken = this.branches.findIndex(({ when }) => when.holds(batch, row));
    this.#watch.caseTaken(this.#start, taken === -1 ? this.branches.length : taken);
    return (this.branches[taken]?.result ?? this.otherwise).at(batch, row);
  }

  /** Row by row: `at` tells. */
  protected override fill(batch: Batch): Column {
    const column = this.scratch(batch);
    for (let row = 0; row < batch.count; row += 1) column.setValue(row, this.at(batch, row));
    return column;
  }
}

export class WatchedCondition extends Condition {
  readonly #inner: Condition;
  readonly #start: number;
  readonly #watch: QueryWatch;

  constructor(inner: Condition, start: number, watch: QueryWatch) {
    super(inner.dictionary, `${inner.key}@${start}`, inner.mayFail);
    this.#inner = inner;
    this.#start = start;
    this.#watch = watch;
  }

  holds(batch: Batch, row: number): boolean {
    const holds = this.#inner.holds(batch, row);
    this.#watch.conditionMet(this.#start, holds);
    return holds;
  }
}
