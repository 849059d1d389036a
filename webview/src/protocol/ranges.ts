// The spans of time that a dashboard can show, and how fine its time series are in each. Knows nothing of messages or pages.

/** Names of the ranges, shortest first. */
export const RANGE_NAMES = ['15m', '1h', '6h', '24h'] as const;

export type RangeName = (typeof RANGE_NAMES)[number];

export interface Range {
  readonly label: string;
  readonly spanMs: number;
  /** Width of one point of the series: a multiple of the 10 s viewer-count window that keeps every range under 800 points. */
  readonly resolutionMs: number;
}

const minuteMs = 60_000;

export const RANGES: Readonly<Record<RangeName, Range>> = {
  '15m': { label: 'Last 15 minutes', spanMs: 15 * minuteMs, resolutionMs: 10_000 },
  '1h': { label: 'Last hour', spanMs: 60 * minuteMs, resolutionMs: 10_000 },
  '6h': { label: 'Last 6 hours', spanMs: 360 * minuteMs, resolutionMs: 30_000 },
  '24h': { label: 'Last 24 hours', spanMs: 1_440 * minuteMs, resolutionMs: 120_000 },
};

export const DEFAULT_RANGE: RangeName = '1h';

export function isRangeName(value: unknown): value is RangeName {
  return RANGE_NAMES.some((name) => name === value);
}
