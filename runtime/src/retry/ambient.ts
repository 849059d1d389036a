/** What the world gives and tests replace: the clock, chance and waiting. Holds no state of the app. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Ambient {
  nowMs(): number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Rejects as soon as the signal is aborted. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const realAmbient: Ambient = {
  nowMs: () => Date.now(),
  random: () => Math.random(),
  sleep: (durationMs, signal) => delay(durationMs, undefined, { signal }),
};
