// Scenario `out-of-order`: a network that lets events overtake each other.
import type { RandomStream } from '../random-stream.ts';

export const heldBackShare = 0.2;
export const withinToleranceMs = { least: 500, most: 9_000 };
export const beyondToleranceMs = { least: 11_000, most: 25_000 };
/** How many of those held back exceed an out-of-order tolerance of 10 s. */
export const beyondToleranceShare = 0.15;

/**
 * How long an event is held back before it is sent: 0 for 80 % of the events; for 17 % between 0.5 and 9 s, within the
 * job's out-of-order tolerance of 10 s; for 3 % between 11 and 25 s, beyond it, and yet never late by 60 s. Each event is
 * held back by itself, so a session's events may change places. From the first second on, without end; what is still
 * held back when a run ends is not sent.
 */
export function drawHoldBackMs(stream: RandomStream): number {
  if (!stream.chance(heldBackShare)) return 0;
  const span = stream.chance(beyondToleranceShare) ? beyondToleranceMs : withinToleranceMs;
  return stream.between(span.least, span.most);
}
