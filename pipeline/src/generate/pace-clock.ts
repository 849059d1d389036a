/** The clock by which events are paced. Tests pass one of their own. */
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

export interface PaceClock {
  /** Milliseconds that never go back and do not count while the machine sleeps. */
  monotonicMs(): number;
  /** Milliseconds since 1970, as the machine believes them to be. */
  wallMs(): number;
  /** Resolves after `durationMs`, or early on `signal`. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const systemPaceClock: PaceClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wait: async (durationMs, signal) => {
    try {
      await wait(durationMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
