/** What every kind of window does: takes rows in order of time, says what its groups come to when its time has come. */
import type { Aggregator } from '../aggregates/aggregator.ts';
import type { BatchBuilder } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { GroupTable } from './group-table.ts';

/** Rows with their keys and the arguments of the aggregates worked out. */
export interface WindowRows {
  readonly count: number;
  readonly timestamps: Float64Array;
  readonly keys: readonly Column[];
  readonly inputs: readonly Column[];
}

export interface WindowDriver {
  add(rows: WindowRows): void;
  /** Rows before `us` have all been given: windows that end before it are emitted. */
  advance(us: number): void;
  /** About how much memory it takes. */
  readonly heldBytes: number;
  save(writer: StateWriter): void;
  load(reader: StateReader): void;
}

/** Result rows: the keys, the window's id, the aggregates. */
export class WindowResults {
  readonly builder: BatchBuilder;
  readonly #id: string | null;

  constructor(builder: BatchBuilder, id: string | null) {
    this.builder = builder;
    this.#id = id;
  }

  emit(endUs: number, table: GroupTable, keyGroup: number, aggregators: readonly Aggregator[], group: number): void {
    const { columns } = this.builder;
    const row = this.builder.open(endUs);
    let slot = 0;
    for (const key of table.keys) (columns[slot++] as Column).copy(row, key, keyGroup);
    const id = columns[slot++] as Column;
    if (this.#id === null) id.set(row, Tag.null, 0);
    else id.setOther(row, this.#id);
    for (const aggregator of aggregators) aggregator.result(group, columns[slot++] as Column, row);
  }
}

/** Room for the group of each row; grown as needed. */
export function groupBuffer(buffer: Int32Array<ArrayBuffer>, count: number): Int32Array<ArrayBuffer> {
  return buffer.length >= count ? buffer : new Int32Array(Math.max(count, buffer.length * 2));
}
