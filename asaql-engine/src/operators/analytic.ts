/**
 * LAG, LAST, ISFIRST and aggregates OVER (… LIMIT DURATION): a value for every row from the rows before it, before WHERE.
 * A row belongs to the history (t - limit, t]; ties stand in order of arrival.
 */

import { type Aggregator, heldByAggregators } from '../aggregates/aggregator.ts';
import { aggregatorMaker } from '../aggregates/from-plan.ts';
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Value } from '../expressions/value.ts';
import type { AnalyticNode, AnalyticPlan } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { GroupTable } from '../windows/group-table.ts';
import { cellEnd } from '../windows/pane-windows.ts';
import { type AnalyticState, partitionKey } from './analytic-state.ts';
import { Anomaly } from './anomaly.ts';
import { Operator } from './operator.ts';

export class Analytic extends Operator {
  readonly #node: AnalyticNode;
  readonly #states: readonly AnalyticState[];
  readonly #outs: readonly Column[];

  constructor(node: AnalyticNode, dictionary: Dictionary) {
    super();
    this.#node = node;
    this.#states = node.analytics.map((plan) => stateFor(plan, dictionary));
    this.#outs = node.analytics.map(() => new Column(dictionary, 64));
  }

  process(batch: Batch): void {
    this.#states.forEach((state, index) => {
      const out = this.#outs[index] as Column;
      out.clear();
      out.reserve(batch.count);
      state.run(batch, out);
    });
    const columns = this.#node.slots.map(
      (slot) => (slot.kind === 'carried' ? batch.columns[slot.slot] : this.#outs[slot.index]) as Column,
    );
    this.emit({ count: batch.count, timestamps: batch.timestamps, columns });
  }

  override advance(us: number): void {
    for (const state of this.#states) state.forget(us);
  }

  override get heldBytes(): number {
    return this.#states.reduce((sum, state) => sum + state.heldBytes, 0);
  }

  override save(writer: StateWriter): void {
    for (const state of this.#states) state.save(writer);
  }

  override load(reader: StateReader): void {
    for (const state of this.#states) state.load(reader);
  }
}

function stateFor(plan: AnalyticPlan, dictionary: Dictionary): AnalyticState {
  if (plan.kind === 'lag') return new Lag(plan);
  if (plan.kind === 'anomaly') return new Anomaly(plan);
  return plan.kind === 'isFirst' ? new IsFirst(plan) : new RunningAggregate(plan, dictionary);
}

/** The last rows of each partition; the one that changed last stands last in the map. */
class Lag implements AnalyticState {
  readonly #plan: Extract<AnalyticPlan, { kind: 'lag' }>;
  readonly #histories = new Map<string, { timestampUs: number; value: Value }[]>();

  constructor(plan: Extract<AnalyticPlan, { kind: 'lag' }>) {
    this.#plan = plan;
  }

  get heldBytes(): number {
    return this.#histories.size * (200 + 64 * Math.max(1, this.#plan.offset));
  }

  run(batch: Batch, out: Column): void {
    const { partition, when, value, offset, limitUs, otherwise } = this.#plan;
    for (let row = 0; row < batch.count; row += 1) {
      const key = partitionKey(partition, batch, row);
      const timestampUs = batch.timestamps[row] as number;
      const history = this.#histories.get(key) ?? [];
      const current = when === null || when.holds(batch, row) ? { timestampUs, value: value.at(batch, row) } : null;
      const seen = offset === 0 ? (current ?? history.at(-1)) : history.at(-offset);
      const found =
        seen !== undefined && seen.timestampUs > timestampUs - limitUs ? seen.value : (otherwise?.at(batch, row) ?? null);
      out.setValue(row, found);
      if (current === null) continue;
      history.push(current);
      if (history.length > Math.max(1, offset)) history.shift();
      this.#histories.delete(key);
      this.#histories.set(key, history);
    }
  }

  forget(us: number): void {
    for (const [key, history] of this.#histories) {
      if ((history.at(-1)?.timestampUs ?? 0) > us - this.#plan.limitUs) break;
      this.#histories.delete(key);
    }
  }

  save(writer: StateWriter): void {
    writer.uint(this.#histories.size);
    for (const [key, history] of this.#histories) {
      writer.text(key);
      writer.uint(history.length);
      for (const { timestampUs, value } of history) {
        writer.float(timestampUs);
        writer.value(value);
      }
    }
  }

  load(reader: StateReader): void {
    for (let left = reader.uint(); left > 0; left -= 1) {
      const key = reader.text();
      this.#histories.set(
        key,
        Array.from({ length: reader.uint() }, () => ({ timestampUs: reader.float(), value: reader.value() })),
      );
    }
  }
}

/** 1 for the first row of a partition in each interval, on the grid of tumbling windows. */
class IsFirst implements AnalyticState {
  readonly #plan: Extract<AnalyticPlan, { kind: 'isFirst' }>;
  /** By partition: the end of the interval of its last first row. */
  readonly #intervals = new Map<string, number>();

  constructor(plan: Extract<AnalyticPlan, { kind: 'isFirst' }>) {
    this.#plan = plan;
  }

  get heldBytes(): number {
    return this.#intervals.size * 120;
  }

  run(batch: Batch, out: Column): void {
    const { partition, when, intervalUs } = this.#plan;
    for (let row = 0; row < batch.count; row += 1) {
      const key = partitionKey(partition, batch, row);
      const end = cellEnd(batch.timestamps[row] as number, intervalUs, 0);
      const first = (when === null || when.holds(batch, row)) && this.#intervals.get(key) !== end;
      out.set(row, Tag.int, first ? 1 : 0);
      if (!first) continue;
      this.#intervals.delete(key);
      this.#intervals.set(key, end);
    }
  }

  forget(us: number): void {
    for (const [key, end] of this.#intervals) {
      if (end >= us) break;
      this.#intervals.delete(key);
    }
  }

  save(writer: StateWriter): void {
    writer.uint(this.#intervals.size);
    for (const [key, end] of this.#intervals) {
      writer.text(key);
      writer.float(end);
    }
  }

  load(reader: StateReader): void {
    for (let left = reader.uint(); left > 0; left -= 1) this.#intervals.set(reader.text(), reader.float());
  }
}

/** An aggregate over the history of each partition. */
class RunningAggregate implements AnalyticState {
  readonly #plan: Extract<AnalyticPlan, { kind: 'aggregate' }>;
  readonly #inputs: readonly Expression[];
  readonly #aggregator: Aggregator;
  readonly #table: GroupTable;
  readonly #rows: BatchBuilder;
  #groups = new Int32Array(64);
  #head = 0;
  #kept = new Int32Array(64);

  constructor(plan: Extract<AnalyticPlan, { kind: 'aggregate' }>, dictionary: Dictionary) {
    this.#plan = plan;
    const maker = aggregatorMaker([plan.aggregate], dictionary);
    this.#inputs = maker.inputs;
    this.#aggregator = maker.make(true)[0] as Aggregator;
    this.#table = new GroupTable(plan.partition.length, dictionary);
    this.#rows = new BatchBuilder(dictionary, this.#inputs.length);
  }

  get heldBytes(): number {
    const rows = this.#rows.count - this.#head;
    return rows * (16 + 9 * this.#inputs.length) + heldByAggregators([this.#aggregator], this.#table.size);
  }

  run(batch: Batch, out: Column): void {
    const { partition, when, limitUs } = this.#plan;
    const keys = partition.map((key) => key.column(batch));
    const inputs = this.#inputs.map((input) => input.column(batch));
    for (let row = 0; row < batch.count; row += 1) {
      const timestampUs = batch.timestamps[row] as number;
      this.#expire(timestampUs - limitUs);
      this.#table.assign(keys, row, row + 1, this.#room(batch.count));
      const group = this.#assigned[row] as number;
      this.#welcome();
      if (when === null || when.holds(batch, row)) {
        this.#rows.append({ count: batch.count, timestamps: batch.timestamps, columns: inputs }, row, row + 1);
        const at = this.#rows.count - 1;
        this.#groups = grown(this.#groups, at + 1);
        this.#groups[at] = group;
        this.#kept[group]! += 1;
        this.#aggregator.add(this.#groups, this.#rows.columns, this.#rows.timestamps, at, at + 1);
      }
      this.#aggregator.result(group, out, row);
      if (this.#kept[group] === 0) this.#table.remove(group);
    }
  }

  #assigned = new Int32Array(64);

  #room(count: number): Int32Array {
    if (this.#assigned.length < count) this.#assigned = new Int32Array(count);
    return this.#assigned;
  }

  #welcome(): void {
    const { capacity, fresh } = this.#table;
    this.#aggregator.reserve(capacity);
    this.#kept = grown(this.#kept, capacity);
    for (const group of fresh) {
      this.#kept[group] = 0;
      this.#aggregator.reset(group);
    }
    fresh.length = 0;
  }

  /** Takes away rows at or before the instant. */
  #expire(us: number): void {
    const { timestamps, count, columns } = this.#rows;
    const from = this.#head;
    while (this.#head < count && (timestamps[this.#head] as number) <= us) this.#head += 1;
    if (this.#head === from) return;
    this.#aggregator.remove(this.#groups, columns, from, this.#head);
    for (let row = from; row < this.#head; row += 1) {
      const group = this.#groups[row] as number;
      this.#kept[group]! -= 1;
      if (this.#kept[group] === 0) this.#table.remove(group);
    }
    if (this.#head < 1024 || this.#head * 2 < count) return;
    this.#groups.copyWithin(0, this.#head, count);
    this.#rows.dropFirst(this.#head);
    this.#head = 0;
  }

  forget(us: number): void {
    if (Number.isFinite(us)) this.#expire(us - this.#plan.limitUs);
  }

  save(writer: StateWriter): void {
    const { timestamps, count, columns } = this.#rows;
    writer.floats(timestamps, this.#head, count);
    for (const column of columns) writer.column(column, this.#head, count);
    for (let row = this.#head; row < count; row += 1) this.#table.saveKey(this.#groups[row] as number, writer);
  }

  load(reader: StateReader): void {
    const timestamps = reader.floats();
    const count = timestamps.length;
    this.#rows.reserve(count);
    this.#rows.timestamps.set(timestamps);
    this.#rows.count = count;
    for (const column of this.#rows.columns) reader.column(column, 0, count);
    this.#groups = grown(this.#groups, count);
    for (let row = 0; row < count; row += 1) {
      const group = this.#table.loadKey(reader);
      this.#groups[row] = group;
      this.#welcome();
      this.#kept[group]! += 1;
    }
    this.#aggregator.add(this.#groups, this.#rows.columns, this.#rows.timestamps, 0, count);
  }
}

function grown(array: Int32Array<ArrayBuffer>, count: number): Int32Array<ArrayBuffer> {
  if (count <= array.length) return array;
  const larger = new Int32Array(Math.max(count, array.length * 2));
  larger.set(array);
  return larger;
}
