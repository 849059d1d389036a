// Viewers over time as a page holds them: points in order of time, changed in place as they come. Knows no chart.
import type { ViewerPoint } from '../protocol/index.ts';

export class ViewerSeries {
  private readonly list: ViewerPoint[] = [];
  /** The points, oldest first. Not to be changed by the reader. */
  get points(): readonly ViewerPoint[] {
    return this.list;
  }

  replace(points: readonly ViewerPoint[]): void {
    this.list.length = 0;
    for (const point of points) this.put(point);
  }

  /** Puts points in their places and forgets what ends before `fromMs`. Live points go to the end, at constant cost. */
  update(points: readonly ViewerPoint[], fromMs: number): void {
    for (const point of points) this.put(point);
    let gone = 0;
    while (gone < this.list.length && (this.list[gone] as ViewerPoint).endMs < fromMs) gone++;
    if (gone > 0) this.list.splice(0, gone);
  }

  private put(point: ViewerPoint): void {
    const last = this.list.at(-1);
    if (last === undefined || last.endMs < point.endMs) {
      this.list.push(point);
      return;
    }
    const at = this.positionOf(point.endMs);
    const isSame = this.list[at]?.endMs === point.endMs;
    this.list.splice(at, isSame ? 1 : 0, point);
  }

  /** Index of the first point that does not end before `endMs`. */
  private positionOf(endMs: number): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.list[middle] as ViewerPoint).endMs < endMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A time in milliseconds and a value; null breaks the line. */
export type LinePoint = [timeMs: number, value: number | null];

/**
 * The line to draw: at most about `pointsMax` points, each the mean of its neighbours, with a break where windows are missing,
 * so that an outage does not look like a slope.
 */
export function lineFrom(points: readonly ViewerPoint[], resolutionMs: number, pointsMax: number): LinePoint[] {
  const line: LinePoint[] = [];
  const perPoint = Math.max(1, Math.ceil(points.length / pointsMax));
  let previousEndMs: number | undefined;
  let sum = 0;
  let taken = 0;
  const flush = (endMs: number) => {
    if (taken > 0) line.push([endMs, sum / taken]);
    sum = 0;
    taken = 0;
  };
  for (const point of points) {
    if (previousEndMs !== undefined && point.endMs - previousEndMs > 2 * resolutionMs) {
      flush(previousEndMs);
      line.push([previousEndMs + resolutionMs, null]);
    }
    sum += point.viewers;
    taken++;
    previousEndMs = point.endMs;
    if (taken === perPoint) flush(point.endMs);
  }
  if (previousEndMs !== undefined) flush(previousEndMs);
  return line;
}
