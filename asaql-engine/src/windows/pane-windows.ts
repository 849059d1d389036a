/**
 * Tumbling, hopping and snapshot windows: rows are aggregated in panes (the greatest common divisor of size and hop),
 * a window is the merger of its panes. Windows are (end - size, end], ends are at offset + n · hop since 1970:
 * https://learn.microsoft.com/stream-analytics-query/windowing-azure-stream-analytics. Empty ones say nothing.
 */
import { type Aggregator, heldByAggregators } from '../aggregates/aggregator.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { WindowPlan } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { GroupTable } from './group-table.ts';
import { groupBuffer, type WindowDriver, type WindowResults, type WindowRows } from './window-driver.ts';

interface Pane {
  endUs: number;
  readonly aggregators: readonly Aggregator[];
  /** Groups with rows in this pane, in order of their first row. */
  groups: number[];
  present: Uint8Array<ArrayBuffer>;
}

/** The end of the grid cell (end - step, end] that holds the instant. */
export function cellEnd(us: number, stepUs: number, offsetUs: number): number {
  const rest = (((us - offsetUs) % stepUs) + stepUs) % stepUs;
  return rest === 0 ? us : us - rest + stepUs;
}

export class PaneWindows implements WindowDriver {
  readonly #plan: WindowPlan;
  readonly #paneUs: number;
  readonly #make: () => readonly Aggregator[];
  readonly #results: WindowResults;
  readonly #table: GroupTable;
  readonly #panes: Pane[] = [];
  readonly #spare: Pane[] = [];
  readonly #merged: readonly Aggregator[];
  /** Groups with rows in the window that is emitted: 1; none in between. */
  #seen = new Uint8Array(64);
  /** How many panes hold a group. */
  #uses = new Int32Array(64);
  #groups = new Int32Array(1024);
  /** End of the next window that may say something. */
  #nextEndUs = Number.NEGATIVE_INFINITY;

  constructor(
    plan: WindowPlan,
    keyCount: number,
    make: () => readonly Aggregator[],
    results: WindowResults,
    dictionary: Dictionary,
  ) {
    this.#plan = plan;
    this.#paneUs = greatestCommonDivisor(plan.sizeUs, plan.hopUs);
    this.#make = make;
    this.#results = results;
    this.#table = new GroupTable(keyCount, dictionary);
    this.#merged = this.#paneUs === plan.sizeUs ? [] : make();
  }

  add(rows: WindowRows): void {
    const { timestamps, count } = rows;
    this.#groups = groupBuffer(this.#groups, count);
    const { offsetUs } = this.#plan;
    let from = 0;
    while (from < count) {
      const endUs = cellEnd(timestamps[from] as number, this.#paneUs, offsetUs);
      let to = from + 1;
      while (to < count && (timestamps[to] as number) <= endUs) to += 1;
      this.#closeBefore(endUs);
      this.#addToPane(this.#pane(endUs), rows, from, to);
      from = to;
    }
  }

  get heldBytes(): number {
    return this.#panes.reduce((sum, { aggregators, groups }) => sum + heldByAggregators(aggregators, groups.length), 0);
  }

  advance(us: number): void {
    this.#closeBefore(us);
  }

  #pane(endUs: number): Pane {
    const last = this.#panes.at(-1);
    if (last !== undefined && last.endUs === endUs) return last;
    const pane = this.#spare.pop() ?? { endUs, aggregators: this.#make(), groups: [], present: new Uint8Array(64) };
    pane.endUs = endUs;
    if (this.#panes.length === 0) this.#nextEndUs = cellEnd(endUs, this.#plan.hopUs, this.#plan.offsetUs);
    this.#panes.push(pane);
    return pane;
  }

  #addToPane(pane: Pane, rows: WindowRows, from: number, to: number): void {
    const groups = this.#groups;
    this.#table.assign(rows.keys, from, to, groups);
    this.#table.fresh.length = 0;
    this.#reserve(pane);
    const { present } = pane;
    for (let row = from; row < to; row += 1) if (present[groups[row] as number] === 0) this.#enter(pane, groups[row] as number);
    for (const aggregator of pane.aggregators) aggregator.add(groups, rows.inputs, rows.timestamps, from, to);
  }

  #reserve(pane: Pane): void {
    const { capacity } = this.#table;
    for (const aggregator of pane.aggregators) aggregator.reserve(capacity);
    if (capacity > this.#uses.length) {
      const uses = new Int32Array(capacity * 2);
      uses.set(this.#uses);
      this.#uses = uses;
    }
    if (capacity > pane.present.length) {
      const present = new Uint8Array(capacity * 2);
      present.set(pane.present);
      pane.present = present;
    }
  }

  #enter(pane: Pane, group: number): void {
    pane.present[group] = 1;
    pane.groups.push(group);
    this.#uses[group]! += 1;
    for (const aggregator of pane.aggregators) aggregator.reset(group);
  }

  /** Emits the windows that end before the instant, and drops panes that no later window needs. */
  #closeBefore(us: number): void {
    const { sizeUs, hopUs } = this.#plan;
    while (this.#panes.length > 0 && this.#nextEndUs < us) {
      this.#emit(this.#nextEndUs);
      this.#nextEndUs += hopUs;
      while (this.#panes.length > 0 && (this.#panes[0] as Pane).endUs <= this.#nextEndUs - sizeUs) this.#drop();
    }
  }

  #emit(endUs: number): void {
    const { sizeUs } = this.#plan;
    const panes = this.#panes.filter((pane) => pane.endUs <= endUs && pane.endUs > endUs - sizeUs);
    const [only] = panes;
    if (only === undefined) return;
    if (this.#paneUs === sizeUs) {
      for (const group of only.groups) this.#results.emit(endUs, this.#table, group, only.aggregators, group);
      return;
    }
    const merged = this.#merged;
    for (const aggregator of merged) aggregator.reserve(this.#table.capacity);
    if (this.#seen.length < this.#table.capacity) this.#seen = new Uint8Array(this.#table.capacity * 2);
    const seen = this.#seen;
    const groups: number[] = [];
    for (const pane of panes) {
      for (const group of pane.groups) {
        if (seen[group] === 0) {
          seen[group] = 1;
          groups.push(group);
          for (const aggregator of merged) aggregator.reset(group);
        }
        for (let index = 0; index < merged.length; index += 1) {
          (merged[index] as Aggregator).merge(group, pane.aggregators[index] as Aggregator, group);
        }
      }
    }
    for (const group of groups) {
      seen[group] = 0;
      this.#results.emit(endUs, this.#table, group, merged, group);
    }
  }

  #drop(): void {
    const pane = this.#panes.shift();
    if (pane === undefined) return;
    for (const group of pane.groups) {
      pane.present[group] = 0;
      for (const aggregator of pane.aggregators) aggregator.reset(group);
      const left = (this.#uses[group] as number) - 1;
      this.#uses[group] = left;
      if (left === 0) this.#table.remove(group);
    }
    pane.groups = [];
    this.#spare.push(pane);
  }

  save(writer: StateWriter): void {
    writer.float(this.#nextEndUs);
    writer.uint(this.#panes.length);
    for (const pane of this.#panes) {
      writer.float(pane.endUs);
      writer.uint(pane.groups.length);
      for (const group of pane.groups) {
        this.#table.saveKey(group, writer);
        for (const aggregator of pane.aggregators) aggregator.save(group, writer);
      }
    }
  }

  load(reader: StateReader): void {
    const nextEndUs = reader.float();
    for (let left = reader.uint(); left > 0; left -= 1) {
      const pane = this.#pane(reader.float());
      for (let groups = reader.uint(); groups > 0; groups -= 1) {
        const group = this.#table.loadKey(reader);
        this.#reserve(pane);
        this.#enter(pane, group);
        for (const aggregator of pane.aggregators) aggregator.load(group, reader);
      }
    }
    this.#nextEndUs = nextEndUs;
  }
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
