// Scenario `duplicates`: senders that repeat themselves, as at-least-once delivery does.
import type { RandomStream } from '../random-stream.ts';

export const repeatedShare = 0.03;
export const repeatAfterMs = { least: 2_000, most: 8_000 };

/**
 * After how long an event is sent a second time, byte for byte the same: never (`undefined`) for 97 % of the valid events,
 * after 2 to 8 s for 3 %. The repetition takes the place of another event, so the rate stays. No event is sent three
 * times, and none that is malformed twice. From the first second on, without end.
 */
export function drawRepeatAfterMs(stream: RandomStream): number | undefined {
  return stream.chance(repeatedShare) ? stream.between(repeatAfterMs.least, repeatAfterMs.most) : undefined;
}
