/** The host's time, passed in so that tests can turn it. */
import { setTimeout as delay } from 'node:timers/promises';

export interface HostClock {
  nowMs(): number;
  /** Rejects as soon as the signal is aborted. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The longest wait that Node's timers take. */
const sleepMaxMs = 2 ** 31 - 1;

export const systemClock: HostClock = {
  nowMs: () => Date.now(),
  sleep: (durationMs, signal) => delay(Math.min(Math.max(0, durationMs), sleepMaxMs), undefined, { signal }),
};
