/**
 * A trigger's retry policy, as Azure Functions carries it out: the invocation is repeated by the host, with its count in the
 * retry context, until it succeeds or the policy ends. Knows no trigger.
 */
import type { RetryOptions } from './core-types.ts';
import type { HostClock } from './host-clock.ts';

export interface RetryContext {
  readonly retryCount: number;
  readonly maxRetryCount: number;
}

/** The wait before the given retry (1 or more). Without intervals of its own a policy waits as Azure's default does. */
export function retryDelayMs(options: RetryOptions, retryCount: number): number {
  if (options.retryStrategy === 'fixedDelay') return (options.delayInterval?.seconds ?? 10) * 1000;
  const minimumMs = (options.minimumInterval?.seconds ?? 10) * 1000;
  const maximumMs = (options.maximumInterval?.seconds ?? 900) * 1000;
  return Math.min(maximumMs, minimumMs * 2 ** Math.min(retryCount - 1, 30));
}

export interface RetryRun {
  readonly clock: HostClock;
  readonly signal: AbortSignal;
  readonly onFailure: (failure: { error: unknown; retryCount: number; delayMs: number | null }) => void;
}

/** Returns true once the invocation succeeded, false where the policy ended before; throws only the signal's abort. */
export async function invokeWithRetry(
  options: RetryOptions | undefined,
  invoke: (context: RetryContext | undefined) => Promise<unknown>,
  run: RetryRun,
): Promise<boolean> {
  const maxRetryCount = options?.maxRetryCount ?? 0;
  for (let retryCount = 0; ; retryCount += 1) {
    run.signal.throwIfAborted();
    try {
      await invoke(retryCount === 0 ? undefined : { retryCount, maxRetryCount });
      return true;
    } catch (error) {
      const ended = options === undefined || (maxRetryCount >= 0 && retryCount >= maxRetryCount);
      const delayMs = ended ? null : retryDelayMs(options, retryCount + 1);
      run.onFailure({ error, retryCount, delayMs });
      if (delayMs === null) return false;
      await run.clock.sleep(delayMs, run.signal);
    }
  }
}
