/** How figures are taken and shown: repeated, as minimum, median, 99th percentile and maximum, as a Markdown table. Knows no topic. */
import { availableParallelism, cpus, platform } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** One row of a table: what was measured, in which unit, and every value. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  /** What is asked of the maximum or of the median, in words: `median < 15`. */
  readonly target?: string;
}

/** The machine that the figures are of. */
export function machineText(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} cores (${model}), ${platform()} ${process.arch}, Node ${process.versions.node}`;
}

/** Milliseconds that `work` takes. */
export function timedMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The value that this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1 + (share === 0 ? 1 : 0))] ?? Number.NaN;
}

/** Prints a Markdown table of figures in one unit. */
export function printTable(title: string, unit: string, figures: readonly Figure[]): void {
  const digits = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
  const hasTarget = figures.some(({ target }) => target !== undefined);
  const head = [`${title} (${unit})`, 'min', 'median', '99 %', 'max', 'times', ...(hasTarget ? ['wanted'] : [])];
  const rows = figures.map(({ name, values, target }) => [
    name,
    ...[0, 0.5, 0.99, 1].map((share) => digits(percentile(values, share))),
    String(values.length),
    ...(hasTarget ? [target ?? ''] : []),
  ]);
  const lines = [head, head.map((_, index) => (index === 0 || index === 6 ? '---' : '---:')), ...rows];
  console.log(`\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`);
}
