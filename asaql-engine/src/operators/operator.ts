/**
 * What every physical operator does. Batches reach it in order of time; `advance(us)` says that every row before `us` of
 * all its inputs has reached it. An operator never waits and never reads a clock. Knows no job.
 */
import type { Batch } from '../batch/batch.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export abstract class Operator {
  readonly #targets: { readonly operator: Operator; readonly port: number }[] = [];
  /** How far its output lies behind its input in time, where a result is known later than it is stamped. */
  readonly ownLagUs: number = 0;
  /** What the job may hold: an operator that could outgrow it within one step checks itself. */
  heldBytesMax = Number.POSITIVE_INFINITY;

  feeds(operator: Operator, port: number): void {
    this.#targets.push({ operator, port });
  }

  abstract process(batch: Batch, port: number): void;

  advance(_us: number): void {}

  /** About how much memory its state takes, for the limit on the job's. */
  get heldBytes(): number {
    return 0;
  }

  save(_writer: StateWriter): void {}

  load(_reader: StateReader): void {}

  protected emit(batch: Batch): void {
    if (batch.count === 0) return;
    for (const { operator, port } of this.#targets) operator.process(batch, port);
  }
}
