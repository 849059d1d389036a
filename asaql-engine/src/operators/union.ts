/** UNION: all rows of all branches, in order of time, duplicates kept. */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { UnionNode } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { Operator } from './operator.ts';
import { PortMerge } from './port-merge.ts';

export class Union extends Operator {
  readonly #merge: PortMerge;
  readonly #slotsOfPort: readonly (readonly number[])[];
  readonly #results: BatchBuilder;
  readonly #reference: boolean;

  /** `reference`: branches are reference data, whose rows wait for no time. */
  constructor(node: UnionNode, reference: boolean, dictionary: Dictionary) {
    super();
    this.#slotsOfPort = node.branches.map((_, port) => node.slots.map((slots) => slots[port] as number));
    this.#merge = new PortMerge(
      node.branches.map(() => node.slots.length),
      dictionary,
    );
    this.#results = new BatchBuilder(dictionary, node.slots.length);
    this.#reference = reference;
  }

  process(batch: Batch, port: number): void {
    const slots = this.#slotsOfPort[port] as readonly number[];
    if (this.#reference)
      this.emit({
        count: batch.count,
        timestamps: batch.timestamps,
        columns: slots.map((slot) => batch.columns[slot] as Column),
      });
    else this.#merge.add(batch, port, slots);
  }

  override advance(us: number): void {
    this.#merge.take(us, (port, row, timestampUs) => {
      const source = this.#merge.ports[port] as BatchBuilder;
      const target = this.#results.open(timestampUs);
      for (let slot = 0; slot < source.columns.length; slot += 1) {
        (this.#results.columns[slot] as Column).copy(target, source.columns[slot] as Column, row);
      }
    });
    if (this.#results.count === 0) return;
    this.emit(this.#results.batch());
    this.#results.clear();
  }

  override get heldBytes(): number {
    return this.#merge.heldBytes;
  }

  override save(writer: StateWriter): void {
    this.#merge.save(writer);
  }

  override load(reader: StateReader): void {
    this.#merge.load(reader);
  }
}
