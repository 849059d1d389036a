/** What one analytic function keeps between rows, whichever it is. Knows no operator. */
import type { Batch } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { valueText } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export interface AnalyticState {
  /** About how much memory it takes. */
  readonly heldBytes: number;
  /** Fills the column for the rows of a batch. */
  run(batch: Batch, out: Column): void;
  /** Forgets what no row from the instant on can see. */
  forget(us: number): void;
  save(writer: StateWriter): void;
  load(reader: StateReader): void;
}

/** The partition of a row, one text for equal keys. */
export function partitionKey(partition: readonly Expression[], batch: Batch, row: number): string {
  return partition.map((key) => valueText(key.at(batch, row))).join('|');
}
