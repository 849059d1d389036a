/**
 * How long to wait for a service that cannot be reached or asks for less: exponential backoff with jitter, never less
 * than the service asks for, within a budget. Knows no service.
 */
import type { Ambient } from './ambient.ts';

export interface BackoffPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /**
   * How long one invocation keeps trying. Then it fails, the host repeats it (the triggers' retry policy has no end), and
   * the partition stays where it is: it must be shorter than the host's functionTimeout.
   */
  readonly budgetMs: number;
}

export const defaultBackoff: BackoffPolicy = { firstDelayMs: 100, maxDelayMs: 15_000, budgetMs: 240_000 };

/** What else a wait needs to know. */
export interface Retry {
  readonly policy: BackoffPolicy;
  readonly ambient: Ambient;
  /** Aborted when the app is asked to stop. */
  readonly signal: AbortSignal;
  /** Called before each wait, for the log. */
  readonly onWait?: (wait: { readonly delayMs: number; readonly failures: number; readonly reason: string }) => void;
}

/**
 * The wait after the given number of failures in a row (1 or more): between half and all of the exponential step, so that
 * many clients do not come back at once; and at least what the service asked for.
 */
export function backoffDelayMs(policy: BackoffPolicy, failures: number, random: () => number, retryAfterMs = 0): number {
  const stepMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(failures - 1, 30));
  const jitteredMs = stepMs * (0.5 + random() / 2);
  return Math.max(retryAfterMs > 0 ? retryAfterMs + jitteredMs / 10 : 0, jitteredMs);
}

/** A service stayed away for longer than one invocation may wait. Not the event's fault: the invocation is to be repeated. */
export class ServiceUnavailableError extends Error {
  constructor(service: string, waitedMs: number, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(
      `${service} has not been available for ${Math.round(waitedMs / 1000)} s; the batch stays in the hub. Last answer: ${detail}`,
      { cause },
    );
    this.name = 'ServiceUnavailableError';
  }
}

/** Counts failures in a row and the time since they began; one per service and invocation. */
export class Outage {
  readonly #service: string;
  readonly #retry: Retry;
  #failures = 0;
  #sinceMs = 0;
  #untilMs = 0;

  constructor(service: string, retry: Retry) {
    this.#service = service;
    this.#retry = retry;
  }

  /** The service answered. */
  ended(): void {
    this.#failures = 0;
  }

  /** Notes a failure and sets how long everybody waits. Throws ServiceUnavailableError where the budget is used up. */
  failed(error: unknown, retryAfterMs = 0): void {
    const nowMs = this.#retry.ambient.nowMs();
    if (this.#failures > 0 && nowMs < this.#untilMs) {
      // Requests that were under way together fail together: they are one step of the backoff.
      this.#untilMs = Math.max(this.#untilMs, nowMs + retryAfterMs);
      return;
    }
    if (this.#failures === 0) this.#sinceMs = nowMs;
    this.#failures += 1;
    const delayMs = backoffDelayMs(this.#retry.policy, this.#failures, () => this.#retry.ambient.random(), retryAfterMs);
    if (nowMs + delayMs - this.#sinceMs > this.#retry.policy.budgetMs) {
      throw new ServiceUnavailableError(this.#service, nowMs - this.#sinceMs, error);
    }
    this.#untilMs = Math.max(this.#untilMs, nowMs + delayMs);
    const reason = `${this.#service}: ${error instanceof Error ? error.message : String(error)}`;
    this.#retry.onWait?.({ delayMs, failures: this.#failures, reason });
  }

  /** Waits until the pause that the last failure asked for is over. */
  async pause(): Promise<void> {
    for (;;) {
      this.#retry.signal.throwIfAborted();
      const leftMs = this.#untilMs - this.#retry.ambient.nowMs();
      if (leftMs <= 0) return;
      await this.#retry.ambient.sleep(leftMs, this.#retry.signal);
    }
  }
}

/** Repeats one operation until it succeeds. Errors for which `isHopeless` holds are thrown at once. */
export async function untilDone<Result>(
  service: string,
  operation: () => Promise<Result>,
  retry: Retry,
  isHopeless: (error: unknown) => boolean = () => false,
): Promise<Result> {
  const outage = new Outage(service, retry);
  for (;;) {
    await outage.pause();
    try {
      return await operation();
    } catch (error) {
      if (isHopeless(error) || retry.signal.aborted) throw error;
      outage.failed(error);
    }
  }
}
