/**
 * The time policies of a job, event by event, as plainly as they can be written: what the engine is held against. Shares no
 * code with it. https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics
 */

export interface PolicyTimes {
  readonly earlyArrivalMs: number;
  readonly lateArrivalMs: number;
  readonly outOfOrderMs: number;
}

/** One partition's policies with the action Adjust; events are given in the order of the partition's log. */
export class PartitionClock {
  readonly #times: PolicyTimes;
  #maxMs = Number.NEGATIVE_INFINITY;

  constructor(times: PolicyTimes) {
    this.#times = times;
  }

  /** The event's System.Timestamp() in ms; null where it is dropped. */
  assign(eventTimeMs: number, arrivalTimeMs: number): number | null {
    if (eventTimeMs > arrivalTimeMs + this.#times.earlyArrivalMs) return null;
    const notLate = Math.max(eventTimeMs, arrivalTimeMs - this.#times.lateArrivalMs);
    const inOrder = Math.max(notLate, this.#maxMs - this.#times.outOfOrderMs);
    this.#maxMs = Math.max(this.#maxMs, inOrder);
    return inOrder;
  }
}
