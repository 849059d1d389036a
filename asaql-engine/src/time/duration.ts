/** Durations of windows, LIMIT DURATION and DATEDIFF bounds, in µs (the unit of the time line). Knows no windows. */
import type { DurationLiteral, Span, TimeUnit } from '@asaql/parser';
import { PlanError } from '../plan/plan-error.ts';

const unitUs: { readonly [unit in TimeUnit]?: number } = {
  week: 604_800_000_000,
  day: 86_400_000_000,
  dayofyear: 86_400_000_000,
  weekday: 86_400_000_000,
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
  millisecond: 1000,
  microsecond: 1,
};

/** The largest window and the largest DATEDIFF of a join: seven days. */
export const longestUs = 7 * 86_400_000_000;

/** Length of one unit; undefined for months and longer, whose length varies. */
export function lengthOfUnitUs(unit: TimeUnit): number | undefined {
  return unitUs[unit];
}

export function durationUs(duration: DurationLiteral): number {
  const length = unitUs[duration.unit];
  if (length === undefined)
    throw new PlanError(`A duration cannot be counted in ${duration.unit}s: use day or a smaller unit.`, duration.span);
  return duration.amount * length;
}

/** A duration that must be positive and at most seven days. */
export function boundedDurationUs(duration: DurationLiteral | null, what: string, span: Span): number {
  if (duration === null) throw new PlanError(`${what} is missing.`, span);
  const us = durationUs(duration);
  if (!(us > 0)) throw new PlanError(`${what} must be positive.`, duration.span);
  if (us > longestUs) throw new PlanError(`${what} must not exceed 7 days.`, duration.span);
  return us;
}
