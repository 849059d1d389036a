/** Rows of several inputs, kept until time has passed them, then taken in order of time; of equal times the first input's come first. */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export class PortMerge {
  readonly ports: readonly BatchBuilder[];

  constructor(widths: readonly number[], dictionary: Dictionary) {
    this.ports = widths.map((width) => new BatchBuilder(dictionary, width));
  }

  add(batch: Batch, port: number, slots: readonly number[]): void {
    const columns = slots.map((slot) => batch.columns[slot] as Batch['columns'][number]);
    (this.ports[port] as BatchBuilder).append({ count: batch.count, timestamps: batch.timestamps, columns }, 0, batch.count);
  }

  /** Visits rows before the instant in order, then forgets them. */
  take(us: number, visit: (port: number, row: number, timestampUs: number) => void): void {
    const heads = this.ports.map(() => 0);
    for (;;) {
      let best = -1;
      let bestUs = us;
      for (let port = 0; port < this.ports.length; port += 1) {
        const builder = this.ports[port] as BatchBuilder;
        const head = heads[port] as number;
        if (head < builder.count && (builder.timestamps[head] as number) < bestUs) {
          best = port;
          bestUs = builder.timestamps[head] as number;
        }
      }
      if (best === -1) break;
      visit(best, heads[best] as number, bestUs);
      heads[best]! += 1;
    }
    this.ports.forEach((builder, port) => {
      const taken = heads[port] as number;
      if (taken === builder.count) builder.clear();
      else if (taken > 0) builder.dropFirst(taken);
    });
  }

  get heldBytes(): number {
    return this.ports.reduce((sum, { count, columns }) => sum + count * (8 + 9 * columns.length), 0);
  }

  save(writer: StateWriter): void {
    for (const { timestamps, count, columns } of this.ports) {
      writer.floats(timestamps, 0, count);
      for (const column of columns) writer.column(column, 0, count);
    }
  }

  load(reader: StateReader): void {
    for (const builder of this.ports) {
      const timestamps = reader.floats();
      builder.reserve(timestamps.length);
      builder.timestamps.set(timestamps);
      builder.count = timestamps.length;
      for (const column of builder.columns) reader.column(column, 0, timestamps.length);
    }
  }
}
