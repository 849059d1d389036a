/** Where a job is cut in two: the front half's rows leave through a Sender and come into the back half through a Receiver. */
import type { Batch } from '../batch/batch.ts';
import { Operator } from './operator.ts';

export class Sender extends Operator {
  readonly #send: (batch: Batch) => void;

  constructor(send: (batch: Batch) => void) {
    super();
    this.#send = send;
  }

  process(batch: Batch): void {
    this.#send(batch);
  }
}

export class Receiver extends Operator {
  process(batch: Batch): void {
    this.emit(batch);
  }
}
