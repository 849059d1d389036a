/** GROUP BY: works out keys and arguments once a batch and gives them to each window. */
import { aggregatorMaker } from '../aggregates/from-plan.ts';
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Expression } from '../expressions/expression.ts';
import type { AggregateNode, WindowPlan } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { PaneWindows } from '../windows/pane-windows.ts';
import { SessionWindows } from '../windows/session-windows.ts';
import { SlidingWindows } from '../windows/sliding-windows.ts';
import { type WindowDriver, WindowResults } from '../windows/window-driver.ts';
import { Operator } from './operator.ts';

export class Aggregate extends Operator {
  readonly #keys: readonly Expression[];
  readonly #inputs: readonly Expression[];
  readonly #drivers: readonly WindowDriver[];
  readonly #results: BatchBuilder;
  /** Results of several windows, or of sessions, come in no order of time and are put in order when time advances. */
  readonly #unordered: boolean;
  readonly #dictionary: Dictionary;

  constructor(node: AggregateNode, dictionary: Dictionary) {
    super();
    this.#dictionary = dictionary;
    this.#keys = node.keys;
    const maker = aggregatorMaker(node.aggregates, dictionary);
    this.#inputs = maker.inputs;
    this.#results = new BatchBuilder(dictionary, node.keys.length + 1 + node.aggregates.length);
    this.#unordered = node.windows.length > 1 || node.windows.some((window) => window.kind === 'session');
    this.#drivers = node.windows.map((window) => {
      const results = new WindowResults(this.#results, window.id);
      return driverFor(window, node.keys.length, maker, results, dictionary);
    });
  }

  process(batch: Batch): void {
    const rows = {
      count: batch.count,
      timestamps: batch.timestamps,
      keys: this.#keys.map((key) => key.column(batch)),
      inputs: this.#inputs.map((input) => input.column(batch)),
    };
    for (const driver of this.#drivers) driver.add(rows);
    if (!this.#unordered) this.#flush();
  }

  override advance(us: number): void {
    for (const driver of this.#drivers) driver.advance(us);
    if (this.#unordered) this.#flushInOrder(us);
    else this.#flush();
  }

  #flush(): void {
    if (this.#results.count === 0) return;
    this.emit(this.#results.batch());
    this.#results.clear();
  }

  #flushInOrder(us: number): void {
    const { count, timestamps, columns } = this.#results;
    if (count === 0) return;
    const rows = Int32Array.from({ length: count }, (_, row) => row).sort(
      (a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b,
    );
    const ready = rows.findIndex((row) => (timestamps[row] as number) >= us);
    const readyCount = ready === -1 ? count : ready;
    const gathered = (from: number, to: number): Batch => {
      const part = rows.subarray(from, to);
      return {
        count: to - from,
        timestamps: Float64Array.from(part, (row) => timestamps[row] as number),
        columns: columns.map((column) => {
          const copy = new Column(this.#dictionary, to - from);
          copy.gather(column, part, to - from);
          return copy;
        }),
      };
    };
    const now = gathered(0, readyCount);
    const later = gathered(readyCount, count);
    this.#results.clear();
    this.#results.append(later, 0, later.count);
    this.emit(now);
  }

  override get heldBytes(): number {
    const { count, columns } = this.#results;
    return this.#drivers.reduce((sum, driver) => sum + driver.heldBytes, count * (8 + 9 * columns.length));
  }

  override save(writer: StateWriter): void {
    const { count, timestamps, columns } = this.#results;
    writer.floats(timestamps, 0, count);
    for (const column of columns) writer.column(column, 0, count);
    for (const driver of this.#drivers) driver.save(writer);
  }

  override load(reader: StateReader): void {
    const timestamps = reader.floats();
    this.#results.reserve(timestamps.length);
    this.#results.timestamps.set(timestamps);
    for (const column of this.#results.columns) reader.column(column, 0, timestamps.length);
    this.#results.count = timestamps.length;
    for (const driver of this.#drivers) driver.load(reader);
  }
}

function driverFor(
  window: WindowPlan,
  keyCount: number,
  maker: ReturnType<typeof aggregatorMaker>,
  results: WindowResults,
  dictionary: Dictionary,
): WindowDriver {
  switch (window.kind) {
    case 'sliding':
      return new SlidingWindows(window, keyCount, maker.inputs.length, maker.make(true), results, dictionary);
    case 'session':
      return new SessionWindows(window, keyCount, maker.make(false), results, dictionary);
    default:
      return new PaneWindows(window, keyCount, () => maker.make(false), results, dictionary);
  }
}
