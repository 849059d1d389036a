/** Counts what the job's process reports: rows written, retries, lateness. Lateness is sampled so that memory stays small. */
import type { JobMetrics } from '@asaql/engine';
import type { Positions } from './checkpoint-file.ts';
import type { JobMetricsMessage, Lateness } from './job-messages.ts';

const samplesMax = 4096;

export class JobMeter {
  readonly #outOfOrderMs: number;
  readonly #nowMs: () => number;
  readonly #written: Record<string, number> = {};
  readonly #samples = new Map<string, number[]>();
  #measuring = true;
  #rejectedRows = 0;
  #retries = 0;

  constructor(outOfOrderMs: number, nowMs: () => number) {
    this.#outOfOrderMs = outOfOrderMs;
    this.#nowMs = nowMs;
  }

  /** `hasDueTime`: whether the output's rows have a moment before which they cannot be known, as those of windows have. */
  written(output: string, timestampsMs: readonly number[], hasDueTime: boolean): void {
    const before = this.#written[output] ?? 0;
    this.#written[output] = before + timestampsMs.length;
    if (!hasDueTime || !this.#measuring) return;
    const samples = this.#samples.get(output) ?? [];
    this.#samples.set(output, samples);
    const nowMs = this.#nowMs();
    timestampsMs.forEach((timestampMs, index) => {
      // A ring: the newest samples stay.
      samples[(before + index) % samplesMax] = nowMs - timestampMs - this.#outOfOrderMs;
    });
  }

  /** The inputs end: what is written from now on did not wait for its time. */
  stopMeasuring(): void {
    this.#measuring = false;
  }

  rejected(): void {
    this.#rejectedRows++;
  }

  retried(): void {
    this.#retries++;
  }

  message(engine: JobMetrics, positions: Positions, hubEnds: Positions | null, pendingRows: number): JobMetricsMessage {
    return {
      kind: 'metrics',
      inputEvents: engine.inputEvents,
      rejectedEvents: engine.rejectedEvents,
      adjustedEvents: engine.adjustedEvents,
      watermarkMs: Number.isFinite(engine.watermarkMs) ? engine.watermarkMs : null,
      positions,
      hubEnds,
      outputRows: engine.outputRows,
      writtenRows: { ...this.#written },
      rejectedRows: this.#rejectedRows,
      pendingRows,
      retries: this.#retries,
      lateness: Object.fromEntries([...this.#samples].map(([output, samples]) => [output, lateness(samples)])),
      latenessOfAll: lateness([...this.#samples.values()].flat()),
    };
  }
}

function lateness(samples: readonly number[]): Lateness {
  const sorted = [...samples].sort((a, b) => a - b);
  return { rows: sorted.length, medianMs: sorted[sorted.length >> 1] ?? 0, maxMs: sorted.at(-1) ?? 0 };
}
