/**
 * What becomes of an event's time: early, late and out-of-order policies, in this order. Depends on nothing but the events
 * of its own partition in their order, so that a replay of a partition gives the same. Knows no rows.
 * Rules: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics
 */
import type { RejectedEvent, TimePolicies } from '../engine/contract.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export type TimeVerdict =
  | { readonly kind: 'kept'; readonly timestampUs: number; readonly adjusted: 'none' | 'late' | 'outOfOrder' }
  | { readonly kind: 'dropped'; readonly reason: RejectedEvent['reason']; readonly message: string };

/** One partition of an input, or one substream of it (TIMESTAMP BY … OVER). */
export class ArrivalPolicy {
  readonly #policies: TimePolicies;
  /** Largest timestamp so far; -Infinity before the first. */
  maxUs = Number.NEGATIVE_INFINITY;

  constructor(policies: TimePolicies) {
    this.#policies = policies;
  }

  judge(eventUs: number, arrivalUs: number): TimeVerdict {
    const { lateArrivalMs, outOfOrderMs, earlyArrivalMs, action } = this.#policies;
    if (eventUs > arrivalUs + earlyArrivalMs * 1000) {
      return {
        kind: 'dropped',
        reason: 'EarlyInputEvent',
        message: `The event is more than ${earlyArrivalMs / 1000} s ahead of its arrival.`,
      };
    }
    let timestampUs = eventUs;
    let adjusted: 'none' | 'late' | 'outOfOrder' = 'none';
    if (arrivalUs - timestampUs > lateArrivalMs * 1000) {
      if (action === 'drop')
        return {
          kind: 'dropped',
          reason: 'LateInputEvent',
          message: `The event arrived more than ${lateArrivalMs / 1000} s late.`,
        };
      timestampUs = arrivalUs - lateArrivalMs * 1000;
      adjusted = 'late';
    }
    const watermarkUs = this.maxUs - outOfOrderMs * 1000;
    if (timestampUs < watermarkUs) {
      if (action === 'drop') {
        return {
          kind: 'dropped',
          reason: 'OutOfOrderEvent',
          message: `The event is more than ${outOfOrderMs / 1000} s behind the newest event before it.`,
        };
      }
      timestampUs = watermarkUs;
      adjusted = 'outOfOrder';
    }
    if (timestampUs > this.maxUs) this.maxUs = timestampUs;
    return { kind: 'kept', timestampUs, adjusted };
  }

  /** No later event of this partition will be stamped before this. */
  get watermarkUs(): number {
    return this.maxUs - this.#policies.outOfOrderMs * 1000;
  }

  save(writer: StateWriter): void {
    writer.float(this.maxUs);
  }

  load(reader: StateReader): void {
    this.maxUs = reader.float();
  }
}
