// Scenario `late`: devices that deliver behind time, as those that watched without a network do.
import type { RandomStream } from '../random-stream.ts';

export const lateSessionShare = 0.06;
export const withinToleranceMs = { least: 5_000, most: 55_000 };
export const beyondToleranceMs = { least: 65_000, most: 180_000 };
/** How many of the late sessions exceed a late-arrival tolerance of 60 s. */
export const beyondToleranceShare = 1 / 3;

/**
 * How late a session's events are sent: 0 for 94 % of the sessions; for 4 % between 5 and 55 s, within the job's
 * late-arrival tolerance of 60 s; for 2 % between 65 and 180 s, beyond it. The event times lie in the past, all those of
 * a session by the same span, so the session stays true to itself; it is so from the first second on and never ends.
 */
export function drawLatenessMs(stream: RandomStream): number {
  if (!stream.chance(lateSessionShare)) return 0;
  const span = stream.chance(beyondToleranceShare) ? beyondToleranceMs : withinToleranceMs;
  return stream.between(span.least, span.most);
}
