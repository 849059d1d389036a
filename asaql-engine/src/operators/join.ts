/**
 * Join of two streams within a bound of time, inner or left. Rows of both sides meet in order of time; each waits in a
 * bucket of its key until no partner can come. The result's timestamp is the later of both; of an unmatched left row
 * its own + the upper bound: https://learn.microsoft.com/stream-analytics-query/system-timestamp-stream-analytics
 */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import { EvaluationError } from '../expressions/value.ts';
import type { JoinBound, JoinNode } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { cellKey } from './join-key.ts';
import { type KeptCells, keptCells, loadCells, putCell, saveCells } from './kept-cells.ts';
import { Operator } from './operator.ts';
import { PortMerge } from './port-merge.ts';

interface Kept {
  readonly timestampUs: number;
  readonly key: string | null;
  /** One row of the side's slots. */
  readonly cells: KeptCells;
  matched: boolean;
}

/** What a result takes that waits for its time, beside its rows. */
const readyBytes = 64;

export class Join extends Operator {
  override readonly ownLagUs: number;
  readonly #node: JoinNode;
  readonly #bound: JoinBound;
  readonly #dictionary: Dictionary;
  readonly #merge: PortMerge;
  /** Slots of the sources that are carried, then the keys, of each side. */
  readonly #sideSlots: readonly [readonly number[], readonly number[]];
  readonly #buckets: readonly [Map<string, Kept[]>, Map<string, Kept[]>] = [new Map(), new Map()];
  /** All rows of a side in order of time, to let them go. */
  readonly #queues: readonly [Kept[], Kept[]] = [[], []];
  readonly #candidates: BatchBuilder;
  readonly #pairs: (readonly [Kept, Kept])[] = [];
  #ready: { timestampUs: number; left: Kept; right: Kept | null }[] = [];
  readonly #results: BatchBuilder;

  constructor(node: JoinNode, dictionary: Dictionary) {
    super();
    if (node.bound === null) throw new Error('A join of streams needs a bound.');
    this.#node = node;
    this.#bound = node.bound;
    this.ownLagUs = node.outer ? Math.max(0, node.bound.highUs - node.bound.unmatchedUs) : 0;
    this.#dictionary = dictionary;
    this.#sideSlots = [slotsOfSide(node, 'left'), slotsOfSide(node, 'right')];
    this.#merge = new PortMerge(
      [this.#sideSlots[0].length + node.leftKeys.length, this.#sideSlots[1].length + node.rightKeys.length],
      dictionary,
    );
    this.#candidates = new BatchBuilder(dictionary, node.slots.length);
    this.#results = new BatchBuilder(dictionary, node.slots.length);
  }

  process(batch: Batch, port: number): void {
    const slots = this.#sideSlots[port as 0 | 1];
    const keys: readonly Expression[] = port === 0 ? this.#node.leftKeys : this.#node.rightKeys;
    const columns = [...slots.map((slot) => batch.columns[slot] as Column), ...keys.map((key) => key.column(batch))];
    (this.#merge.ports[port] as BatchBuilder).append(
      { count: batch.count, timestamps: batch.timestamps, columns },
      0,
      batch.count,
    );
  }

  override advance(us: number): void {
    this.#merge.take(us, (port, row, timestampUs) => this.#meet(port as 0 | 1, row, timestampUs));
    this.#settle();
    this.#release(us);
    this.#flush(us - this.ownLagUs);
  }

  /** Pairs the row with the waiting rows of the other side, and lets it wait itself. */
  #meet(port: 0 | 1, row: number, timestampUs: number): void {
    const builder = this.#merge.ports[port] as BatchBuilder;
    const width = this.#sideSlots[port].length;
    const key = cellKey(builder.columns.slice(width), row);
    const kept: Kept = { timestampUs, key, cells: keptCells(builder.columns, width, row), matched: false };
    this.#queues[port].push(kept);
    if (key === null) return;
    for (const other of this.#buckets[port === 0 ? 1 : 0].get(key) ?? []) {
      const [left, right] = port === 0 ? [kept, other] : [other, kept];
      const distance = right.timestampUs - left.timestampUs;
      if (distance >= this.#bound.lowUs && distance <= this.#bound.highUs) this.#pair(left, right);
    }
    const bucket = this.#buckets[port].get(key);
    if (bucket === undefined) this.#buckets[port].set(key, [kept]);
    else bucket.push(kept);
    if (this.#pairs.length >= 4096) this.#settle();
  }

  #pair(left: Kept, right: Kept): void {
    this.#pairs.push([left, right]);
    this.#fill(this.#candidates, Math.max(left.timestampUs, right.timestampUs), left, right);
  }

  #fill(builder: BatchBuilder, timestampUs: number, left: Kept, right: Kept | null): void {
    const row = builder.open(timestampUs);
    const positions = [0, 0];
    const { slots } = this.#node;
    for (let slot = 0; slot < slots.length; slot += 1) {
      const { side, slot: wanted } = slots[slot] as JoinNode['slots'][number];
      const kept = side === 'left' ? left : right;
      const column = builder.columns[slot] as Column;
      if (wanted === 'time') {
        if (kept === null) column.set(row, Tag.null, 0);
        else column.set(row, Tag.time, kept.timestampUs);
        continue;
      }
      const position = positions[side === 'left' ? 0 : 1]!++;
      if (kept === null) column.set(row, Tag.null, 0);
      else putCell(column, row, kept.cells, position);
    }
  }

  /** Decides which pairs hold. */
  #settle(): void {
    if (this.#pairs.length === 0) return;
    const batch = this.#candidates.batch();
    const holds = this.#node.condition?.column(batch).nums;
    this.#pairs.forEach(([left, right], index) => {
      if (holds !== undefined && holds[index] === 0) return;
      left.matched = true;
      this.#ready.push({ timestampUs: batch.timestamps[index] as number, left, right });
    });
    this.#pairs.length = 0;
    this.#candidates.clear();
    if (this.#ready.length * readyBytes > this.heldBytesMax)
      throw new EvaluationError(
        `A JOIN gave ${this.#ready.length} rows at one instant, more than the job may hold: equate more keys in ON, or narrow the DATEDIFF bound.`,
      );
  }

  /** Lets go of rows whose partners have all come; unmatched left rows of a left join become results. */
  #release(us: number): void {
    const { highUs, lowUs, unmatchedUs } = this.#bound;
    this.#drop(
      0,
      (kept) => kept.timestampUs + Math.max(0, highUs) < us,
      (kept) => {
        if (this.#node.outer && !kept.matched)
          this.#ready.push({ timestampUs: kept.timestampUs + unmatchedUs, left: kept, right: null });
      },
    );
    this.#drop(
      1,
      (kept) => kept.timestampUs - Math.min(0, lowUs) < us,
      () => {},
    );
  }

  #drop(port: 0 | 1, gone: (kept: Kept) => boolean, farewell: (kept: Kept) => void): void {
    const queue = this.#queues[port];
    let count = 0;
    while (count < queue.length && gone(queue[count] as Kept)) {
      const kept = queue[count] as Kept;
      farewell(kept);
      count += 1;
      if (kept.key === null) continue;
      const bucket = this.#buckets[port].get(kept.key);
      if (bucket === undefined) continue;
      if (bucket.length === 1) this.#buckets[port].delete(kept.key);
      else bucket.splice(bucket.indexOf(kept), 1);
    }
    if (count > 0) queue.splice(0, count);
  }

  #flush(us: number): void {
    if (this.#ready.length === 0) return;
    this.#ready.sort((a, b) => a.timestampUs - b.timestampUs);
    const end = this.#ready.findIndex((result) => result.timestampUs >= us);
    const count = end === -1 ? this.#ready.length : end;
    for (const { timestampUs, left, right } of this.#ready.splice(0, count)) this.#fill(this.#results, timestampUs, left, right);
    this.emit(this.#results.batch());
    this.#results.clear();
  }

  override get heldBytes(): number {
    const bytes = (port: 0 | 1) => this.#queues[port].length * (200 + 20 * this.#sideSlots[port].length);
    return this.#merge.heldBytes + bytes(0) + bytes(1) + this.#ready.length * readyBytes;
  }

  override save(writer: StateWriter): void {
    this.#merge.save(writer);
    for (const queue of this.#queues) {
      writer.uint(queue.length);
      for (const kept of queue) this.#saveKept(writer, kept);
    }
    writer.uint(this.#ready.length);
    for (const { timestampUs, left, right } of this.#ready) {
      writer.float(timestampUs);
      this.#saveKept(writer, left);
      writer.uint(right === null ? 0 : 1);
      if (right !== null) this.#saveKept(writer, right);
    }
  }

  override load(reader: StateReader): void {
    this.#merge.load(reader);
    for (const port of [0, 1] as const) {
      for (let left = reader.uint(); left > 0; left -= 1) {
        const kept = this.#loadKept(reader, port);
        this.#queues[port].push(kept);
        if (kept.key === null) continue;
        const bucket = this.#buckets[port].get(kept.key);
        if (bucket === undefined) this.#buckets[port].set(kept.key, [kept]);
        else bucket.push(kept);
      }
    }
    for (let count = reader.uint(); count > 0; count -= 1) {
      const timestampUs = reader.float();
      const left = this.#loadKept(reader, 0);
      this.#ready.push({ timestampUs, left, right: reader.uint() === 1 ? this.#loadKept(reader, 1) : null });
    }
  }

  #loadKept(reader: StateReader, port: 0 | 1): Kept {
    const timestampUs = reader.float();
    const matched = reader.uint() === 1;
    const key = reader.uint() === 1 ? reader.text() : null;
    return { timestampUs, key, cells: loadCells(reader, this.#sideSlots[port].length, this.#dictionary), matched };
  }

  #saveKept(writer: StateWriter, kept: Kept): void {
    writer.float(kept.timestampUs);
    writer.uint(kept.matched ? 1 : 0);
    writer.uint(kept.key === null ? 0 : 1);
    if (kept.key !== null) writer.text(kept.key);
    saveCells(writer, kept.cells, this.#dictionary);
  }
}

/** The slots of a side in the order in which the joined row takes them. */
export function slotsOfSide(node: JoinNode, side: 'left' | 'right'): readonly number[] {
  return node.slots.flatMap((slot) => (slot.side === side && slot.slot !== 'time' ? [slot.slot] : []));
}
