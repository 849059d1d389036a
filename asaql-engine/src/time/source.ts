/**
 * One reading of an input: gives its rows their timestamps, lets them wait until they are in order, and says how far time
 * has come. Knows no decoder and no operator behind it.
 */
import type { Batch } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { RejectedEvent, TimedEvent, TimePolicies } from '../engine/contract.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { DateTime, type Value, valueText } from '../expressions/value.ts';
import { Operator } from '../operators/operator.ts';
import type { SourceNode } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { ArrivalPolicy, type TimeVerdict } from './arrival-policy.ts';
import { keptAt, outcomeOf, policyOf, untimed } from './event-outcome.ts';
import { ReorderBuffer } from './reorder-buffer.ts';

interface Partition {
  readonly policy: ArrivalPolicy | null;
  readonly substreams: Map<string, ArrivalPolicy>;
  lastArrivalUs: number;
  /** No event arrives before this any more, as somebody outside knows. */
  idleUntilUs: number;
}

/** Counts of what became of events. */
export interface TimeCounts {
  late: number;
  early: number;
  outOfOrder: number;
  adjusted: number;
}

export class Source extends Operator {
  readonly node: SourceNode;
  timed: ((event: TimedEvent) => void) | null = null;
  readonly counts: TimeCounts = { late: 0, early: 0, outOfOrder: 0, adjusted: 0 };
  readonly #policies: TimePolicies | null;
  readonly #partitions: Partition[] = [];
  readonly #buffer: ReorderBuffer;
  #releasedUs = Number.NEGATIVE_INFINITY;
  #ended = false;
  #rows = new Int32Array(64);
  #timestamps = new Float64Array(64);

  constructor(node: SourceNode, policies: TimePolicies | null, partitionCount: number, dictionary: Dictionary) {
    super();
    this.node = node;
    this.#policies = policies;
    this.#buffer = new ReorderBuffer(node.slots.length, dictionary);
    for (let partition = 0; partition < partitionCount; partition += 1) this.#partition(partition);
  }

  /** A whole event as a record keeps its text. */
  override get heldBytes(): number {
    const row = this.node.slots.reduce((sum, { kind }) => sum + (kind === 'record' ? 600 : 9), 36);
    return this.#buffer.size * row;
  }

  #partition(index: number): Partition {
    while (this.#partitions.length <= index) {
      const policy = this.#policies === null ? null : new ArrivalPolicy(this.#policies);
      this.#partitions.push({
        policy,
        substreams: new Map(),
        lastArrivalUs: Number.NEGATIVE_INFINITY,
        idleUntilUs: Number.NEGATIVE_INFINITY,
      });
    }
    return this.#partitions[index] as Partition;
  }

  /** Takes decoded rows of one partition in order of arrival; `positions` number them within it. */
  accept(
    batch: Batch,
    partition: number,
    arrivalsUs: Float64Array,
    positions: Float64Array,
    reject: (row: number, reason: RejectedEvent['reason'], message: string) => void,
  ): void {
    const state = this.#partition(partition);
    if (this.#rows.length < batch.count) {
      this.#rows = new Int32Array(batch.count);
      this.#timestamps = new Float64Array(batch.count);
    }
    const times = this.node.timestamp?.column(batch) ?? null;
    const tell = this.timed === null ? null : this.#teller(partition, positions);
    let kept = 0;
    for (let row = 0; row < batch.count; row += 1) {
      const arrivalUs = Math.max(arrivalsUs[row] as number, state.lastArrivalUs);
      state.lastArrivalUs = arrivalUs;
      let us = arrivalUs;
      if (times === null) tell?.(row, outcomeOf(arrivalUs, arrivalUs, keptAt(arrivalUs), null));
      else us = this.#timeOf(batch, times, row, arrivalUs, state, reject, tell);
      if (Number.isNaN(us)) continue;
      // Only after an untrue `advance` can a row lie before what has been released.
      this.#timestamps[kept] = Math.max(us, this.#releasedUs);
      this.#rows[kept] = row;
      kept += 1;
    }
    if (kept > 0) this.#buffer.add(batch, this.#rows, this.#timestamps, arrivalsUs, positions, partition, kept);
  }

  #teller(partition: number, positions: Float64Array): (row: number, outcome: ReturnType<typeof outcomeOf>) => void {
    const { input } = this.node;
    return (row, outcome) => this.timed?.({ input, partition, index: positions[row] as number, ...outcome });
  }

  /** The timestamp of a row with TIMESTAMP BY; NaN when it was rejected. */
  #timeOf(
    batch: Batch,
    times: Column,
    row: number,
    arrivalUs: number,
    state: Partition,
    reject: (row: number, reason: RejectedEvent['reason'], message: string) => void,
    tell: ((row: number, outcome: ReturnType<typeof outcomeOf>) => void) | null,
  ): number {
    const eventUs = timeAt(times, row);
    if (Number.isNaN(eventUs)) {
      const value = times.value(row);
      const message = value === null ? 'The timestamp is missing.' : `${shown(value)} is no ISO 8601 timestamp.`;
      reject(row, 'InvalidInputTimeStamp', message);
      tell?.(row, untimed(null, arrivalUs, message));
      return Number.NaN;
    }
    let policy = state.policy;
    if (this.node.over.length > 0) {
      const key = this.node.over.map((part) => part.at(batch, row));
      if (key.includes(null)) {
        const message = 'The key of TIMESTAMP BY … OVER is missing.';
        reject(row, 'InvalidInputTimeStampKey', message);
        tell?.(row, untimed(eventUs, arrivalUs, message));
        return Number.NaN;
      }
      policy = this.#substream(state, key.map(valueText).join('|'));
    }
    const verdict = policy === null ? null : policy.judge(eventUs, arrivalUs);
    tell?.(row, outcomeOf(eventUs, arrivalUs, verdict ?? keptAt(eventUs), this.#policies));
    if (verdict === null) return eventUs;
    this.#count(verdict);
    if (verdict.kind === 'kept') return verdict.timestampUs;
    reject(row, verdict.reason, verdict.message);
    return Number.NaN;
  }

  #count(verdict: TimeVerdict): void {
    const policy = verdict.kind === 'kept' ? verdict.adjusted : policyOf(verdict.reason);
    if (policy === 'none') return;
    this.counts[policy] += 1;
    if (verdict.kind === 'kept') this.counts.adjusted += 1;
  }

  #substream(state: Partition, key: string): ArrivalPolicy | null {
    if (this.#policies === null) return null;
    let policy = state.substreams.get(key);
    if (policy === undefined) {
      policy = new ArrivalPolicy(this.#policies);
      state.substreams.set(key, policy);
    }
    return policy;
  }

  idle(nowUs: number): void {
    for (const partition of this.#partitions) partition.idleUntilUs = Math.max(partition.idleUntilUs, nowUs);
  }

  end(): void {
    this.#ended = true;
  }

  /** No event of this partition comes any more. */
  endPartition(index: number): void {
    this.#partition(index).idleUntilUs = Number.POSITIVE_INFINITY;
  }

  /** Rows leave in the order in which they come: none has to wait for another. */
  get inOrder(): boolean {
    if (this.#partitions.length !== 1 || this.node.over.length > 0) return false;
    return this.node.timestamp === null || this.#policies?.outOfOrderMs === 0;
  }

  /** Where rows come in order: sends on so many of those that wait. The instant before which none is left. */
  release(rows: number): number {
    if (this.#buffer.size > 0) this.emit(this.#buffer.takeFirst(rows));
    return this.#buffer.firstUs;
  }

  get hasWaiting(): boolean {
    return this.#buffer.size > 0;
  }

  /** No row that is still to come will be stamped before this. */
  get watermarkUs(): number {
    if (this.#ended) return Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (const partition of this.#partitions) least = Math.min(least, this.#watermarkOf(partition));
    return least;
  }

  #watermarkOf(partition: Partition): number {
    const arrivedUs = Math.max(partition.lastArrivalUs, partition.idleUntilUs);
    if (arrivedUs === Number.POSITIVE_INFINITY) return arrivedUs;
    if (this.node.timestamp === null) return arrivedUs;
    if (partition.policy === null || this.#policies === null) return Number.NEGATIVE_INFINITY;
    // Every later event arrives later, and the late policy stamps it no further back than the tolerance.
    const byArrivalUs = arrivedUs - this.#policies.lateArrivalMs * 1000;
    return this.node.over.length > 0 ? byArrivalUs : Math.max(partition.policy.watermarkUs, byArrivalUs);
  }

  /** An instant at most `us` that about so many rows lie before. */
  instantAfter(rows: number, us: number): number {
    return this.#buffer.instantAfter(rows, us);
  }

  /** Sends the rows before the instant on. */
  override advance(us: number): void {
    this.#releasedUs = Math.max(this.#releasedUs, us);
    if (this.#buffer.hasBefore(us)) this.emit(this.#buffer.take(us));
  }

  /** Reference data waits for nothing. */
  process(batch: Batch): void {
    this.emit(batch);
  }

  override save(writer: StateWriter): void {
    writer.float(this.#releasedUs);
    writer.uint(this.#partitions.length);
    for (const { policy, substreams, lastArrivalUs, idleUntilUs } of this.#partitions) {
      writer.float(lastArrivalUs);
      writer.float(idleUntilUs);
      policy?.save(writer);
      writer.uint(substreams.size);
      for (const [key, substream] of substreams) {
        writer.text(key);
        substream.save(writer);
      }
    }
    for (const count of [this.counts.late, this.counts.early, this.counts.outOfOrder, this.counts.adjusted]) writer.uint(count);
    this.#buffer.save(writer);
  }

  override load(reader: StateReader): void {
    this.#releasedUs = reader.float();
    for (let index = 0, count = reader.uint(); index < count; index += 1) {
      const partition = this.#partition(index);
      partition.lastArrivalUs = reader.float();
      partition.idleUntilUs = reader.float();
      partition.policy?.load(reader);
      for (let left = reader.uint(); left > 0; left -= 1) this.#substream(partition, reader.text())?.load(reader);
    }
    this.counts.late = reader.uint();
    this.counts.early = reader.uint();
    this.counts.outOfOrder = reader.uint();
    this.counts.adjusted = reader.uint();
    this.#buffer.load(reader);
  }
}

/** A value as a message shows it: a text in single quotes, as a query writes it. */
function shown(value: Value): string {
  return typeof value === 'string' ? `'${value}'` : valueText(value);
}

/** The instant in a cell, µs since 1970; NaN when there is none. */
function timeAt(column: Column, row: number): number {
  if (column.tags[row] === Tag.time) return column.nums[row] as number;
  if (column.tags[row] === Tag.null) return Number.NaN;
  const value = tryConvert(column.value(row), 'datetime');
  return value instanceof DateTime ? value.toUs() : Number.NaN;
}
