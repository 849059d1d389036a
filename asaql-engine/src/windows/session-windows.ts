/**
 * Session windows: https://learn.microsoft.com/stream-analytics-query/session-window-azure-stream-analytics
 *
 * A session ends when no row came for longer than the timeout (its end is last + timeout; a row exactly then still
 * belongs to it), or at the first multiple of the maximum duration that is at least the maximum duration after it
 * opened; then a new one opens at that point. Without PARTITION BY all keys share one line of sessions.
 */
import { type Aggregator, heldByAggregators } from '../aggregates/aggregator.ts';
import type { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { valueText } from '../expressions/value.ts';
import type { WindowPlan } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { GroupTable } from './group-table.ts';
import { groupBuffer, type WindowDriver, type WindowResults, type WindowRows } from './window-driver.ts';

interface Session {
  openUs: number;
  lastUs: number;
  /** Groups with rows in it, in order of their first row; none: it only goes on from one that reached its maximum. */
  groups: number[];
}

export class SessionWindows implements WindowDriver {
  readonly #plan: WindowPlan;
  readonly #aggregators: readonly Aggregator[];
  readonly #results: WindowResults;
  readonly #table: GroupTable;
  /** By the text of the partition key. */
  readonly #sessions = new Map<string, Session>();
  #groups = new Int32Array(1024);
  #inSession = new Uint8Array(64);
  /** No session ends before this. */
  #earliestEndUs = Number.POSITIVE_INFINITY;

  constructor(
    plan: WindowPlan,
    keyCount: number,
    aggregators: readonly Aggregator[],
    results: WindowResults,
    dictionary: Dictionary,
  ) {
    this.#plan = plan;
    this.#aggregators = aggregators;
    this.#results = results;
    this.#table = new GroupTable(keyCount, dictionary);
  }

  add(rows: WindowRows): void {
    this.#groups = groupBuffer(this.#groups, rows.count);
    for (let row = 0; row < rows.count; row += 1) this.#addRow(rows, row);
  }

  #addRow(rows: WindowRows, row: number): void {
    const us = rows.timestamps[row] as number;
    const key = this.#plan.partitionKeys.map((position) => valueText((rows.keys[position] as Column).value(row))).join('|');
    let session = this.#sessions.get(key);
    while (session !== undefined && us > this.#endOf(session)) session = this.#close(key, session);
    if (session === undefined) {
      session = { openUs: us, lastUs: us, groups: [] };
      this.#sessions.set(key, session);
    }
    session.lastUs = us;
    this.#table.assign(rows.keys, row, row + 1, this.#groups);
    const group = this.#groups[row] as number;
    this.#welcome();
    if (this.#inSession[group] === 0) {
      this.#inSession[group] = 1;
      session.groups.push(group);
    }
    for (const aggregator of this.#aggregators) aggregator.add(this.#groups, rows.inputs, rows.timestamps, row, row + 1);
    this.#earliestEndUs = Math.min(this.#earliestEndUs, this.#endOf(session));
  }

  #welcome(): void {
    const { capacity, fresh } = this.#table;
    for (const aggregator of this.#aggregators) aggregator.reserve(capacity);
    if (capacity > this.#inSession.length) {
      const grown = new Uint8Array(capacity * 2);
      grown.set(this.#inSession);
      this.#inSession = grown;
    }
    for (const group of fresh) {
      this.#inSession[group] = 0;
      for (const aggregator of this.#aggregators) aggregator.reset(group);
    }
    fresh.length = 0;
  }

  #endOf(session: Session): number {
    return Math.min(session.lastUs + this.#plan.sizeUs, this.#checkpointOf(session));
  }

  #checkpointOf(session: Session): number {
    const { maxDurationUs } = this.#plan;
    return Math.ceil((session.openUs + maxDurationUs) / maxDurationUs) * maxDurationUs;
  }

  /** Says what the session came to; the one that goes on from it where it reached its maximum duration. */
  #close(key: string, session: Session): Session | undefined {
    const endUs = this.#endOf(session);
    for (const group of session.groups) {
      this.#results.emit(endUs, this.#table, group, this.#aggregators, group);
      this.#table.remove(group);
      this.#inSession[group] = 0;
    }
    if (endUs === this.#checkpointOf(session) && endUs < session.lastUs + this.#plan.sizeUs) {
      const next = { openUs: endUs, lastUs: session.lastUs, groups: [] };
      this.#sessions.set(key, next);
      return next;
    }
    this.#sessions.delete(key);
    return undefined;
  }

  get heldBytes(): number {
    return this.#sessions.size * 200 + heldByAggregators(this.#aggregators, this.#table.size);
  }

  advance(us: number): void {
    if (!(this.#earliestEndUs < us)) return;
    this.#earliestEndUs = Number.POSITIVE_INFINITY;
    for (const [key, open] of [...this.#sessions]) {
      let session: Session | undefined = open;
      while (session !== undefined && this.#endOf(session) < us) session = this.#close(key, session);
      if (session !== undefined) this.#earliestEndUs = Math.min(this.#earliestEndUs, this.#endOf(session));
    }
  }

  save(writer: StateWriter): void {
    writer.uint(this.#sessions.size);
    for (const [key, session] of this.#sessions) {
      writer.text(key);
      writer.float(session.openUs);
      writer.float(session.lastUs);
      writer.uint(session.groups.length);
      for (const group of session.groups) {
        this.#table.saveKey(group, writer);
        for (const aggregator of this.#aggregators) aggregator.save(group, writer);
      }
    }
  }

  load(reader: StateReader): void {
    for (let left = reader.uint(); left > 0; left -= 1) {
      const key = reader.text();
      const session: Session = { openUs: reader.float(), lastUs: reader.float(), groups: [] };
      this.#sessions.set(key, session);
      for (let groups = reader.uint(); groups > 0; groups -= 1) {
        const group = this.#table.loadKey(reader);
        this.#welcome();
        this.#inSession[group] = 1;
        session.groups.push(group);
        for (const aggregator of this.#aggregators) aggregator.load(group, reader);
      }
      this.#earliestEndUs = Math.min(this.#earliestEndUs, this.#endOf(session));
    }
  }
}
