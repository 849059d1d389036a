/** Join with reference data, inner or left: the row's own time stays. https://learn.microsoft.com/stream-analytics-query/reference-data-join-azure-stream-analytics */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { JoinNode } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { slotsOfSide } from './join.ts';
import { cellKey } from './join-key.ts';
import { Operator } from './operator.ts';

export class ReferenceJoin extends Operator {
  readonly #node: JoinNode;
  readonly #rightSlots: readonly number[];
  /** The reference rows: carried slots, then the keys. */
  readonly #reference: BatchBuilder;
  #rowsByKey = new Map<string, number[]>();
  readonly #candidates: BatchBuilder;
  readonly #results: BatchBuilder;

  readonly #snapshots: boolean;
  /** When the snapshots begin to hold, µs since 1970, in order. */
  readonly #startsUs: number[] = [];

  /** `snapshots`: reference rows hold from their own time until those of a later time. */
  constructor(node: JoinNode, snapshots: boolean, dictionary: Dictionary) {
    super();
    this.#node = node;
    this.#snapshots = snapshots;
    this.#rightSlots = slotsOfSide(node, 'right');
    this.#reference = new BatchBuilder(dictionary, this.#rightSlots.length + node.rightKeys.length);
    this.#candidates = new BatchBuilder(dictionary, node.slots.length);
    this.#results = new BatchBuilder(dictionary, node.slots.length);
  }

  process(batch: Batch, port: number): void {
    if (port === 1) this.#learn(batch);
    else this.#join(batch);
  }

  #learn(batch: Batch): void {
    const from = this.#reference.count;
    const columns = [
      ...this.#rightSlots.map((slot) => batch.columns[slot] as Column),
      ...this.#node.rightKeys.map((key) => key.column(batch)),
    ];
    this.#reference.append({ count: batch.count, timestamps: batch.timestamps, columns }, 0, batch.count);
    this.#index(from);
  }

  #index(from: number): void {
    const keys = this.#reference.columns.slice(this.#rightSlots.length);
    for (let row = from; row < this.#reference.count; row += 1) {
      const startUs = this.#reference.timestamps[row] as number;
      if (this.#snapshots && startUs > (this.#startsUs.at(-1) ?? Number.NEGATIVE_INFINITY)) this.#startsUs.push(startUs);
      const key = cellKey(keys, row);
      if (key === null) continue;
      const rows = this.#rowsByKey.get(key);
      if (rows === undefined) this.#rowsByKey.set(key, [row]);
      else rows.push(row);
    }
  }

  #join(batch: Batch): void {
    const keys = this.#node.leftKeys.map((key) => key.column(batch));
    const leftRows: number[] = [];
    const rightRows: number[] = [];
    for (let row = 0; row < batch.count; row += 1) {
      const key = cellKey(keys, row);
      const startUs = this.#snapshots ? this.#snapshotAt(batch.timestamps[row] as number) : 0;
      for (const right of key === null ? [] : (this.#rowsByKey.get(key) ?? [])) {
        if (this.#snapshots && this.#reference.timestamps[right] !== startUs) continue;
        leftRows.push(row);
        rightRows.push(right);
        this.#fill(this.#candidates, batch, row, right);
      }
    }
    const candidates = this.#candidates.batch();
    const holds = candidates.count === 0 ? null : this.#node.condition?.column(candidates).nums;
    let next = 0;
    for (let row = 0; row < batch.count; row += 1) {
      let matched = false;
      for (; next < leftRows.length && leftRows[next] === row; next += 1) {
        if (holds !== undefined && holds !== null && holds[next] === 0) continue;
        matched = true;
        this.#fill(this.#results, batch, row, rightRows[next] as number);
      }
      if (!matched && this.#node.outer) this.#fill(this.#results, batch, row, -1);
    }
    this.#candidates.clear();
    this.emit(this.#results.batch());
    this.#results.clear();
  }

  /** The start of the snapshot that holds at an instant; NaN before the first. */
  #snapshotAt(us: number): number {
    let low = 0;
    let high = this.#startsUs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#startsUs[middle] as number) <= us) low = middle + 1;
      else high = middle;
    }
    return this.#startsUs[low - 1] ?? Number.NaN;
  }

  /** `right` -1: no partner. */
  #fill(builder: BatchBuilder, batch: Batch, left: number, right: number): void {
    const timestampUs = batch.timestamps[left] as number;
    const row = builder.open(timestampUs);
    let position = 0;
    this.#node.slots.forEach(({ side, slot }, index) => {
      const column = builder.columns[index] as Column;
      if (side === 'left') {
        if (slot === 'time') column.set(row, Tag.time, timestampUs);
        else column.copy(row, batch.columns[slot] as Column, left);
        return;
      }
      if (slot === 'time' || right === -1) column.set(row, Tag.null, 0);
      else column.copy(row, this.#reference.columns[position] as Column, right);
      if (slot !== 'time') position += 1;
    });
  }

  override get heldBytes(): number {
    return this.#reference.count * (9 * this.#reference.columns.length + 80);
  }

  override save(writer: StateWriter): void {
    writer.floats(this.#reference.timestamps, 0, this.#reference.count);
    for (const column of this.#reference.columns) writer.column(column, 0, this.#reference.count);
  }

  override load(reader: StateReader): void {
    const timestamps = reader.floats();
    const count = timestamps.length;
    this.#reference.reserve(count);
    this.#reference.timestamps.set(timestamps);
    this.#reference.count = count;
    for (const column of this.#reference.columns) reader.column(column, 0, count);
    this.#rowsByKey = new Map();
    this.#startsUs.length = 0;
    this.#index(0);
  }
}
