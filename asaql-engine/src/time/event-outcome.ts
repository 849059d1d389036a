/** What became of an event and why, in words and numbers, for who follows a job event by event. Knows no rows. */
import type { RejectedEvent, TimedEvent, TimePolicies } from '../engine/contract.ts';
import { DateTime } from '../expressions/value.ts';
import type { TimeVerdict } from './arrival-policy.ts';

type Outcome = Pick<TimedEvent, 'eventTimeMs' | 'arrivalTimeMs' | 'timestampMs' | 'outcome' | 'policy' | 'message'>;

/** Of an event whose time was read. `policies` null: none apply. */
export function outcomeOf(eventUs: number, arrivalUs: number, verdict: TimeVerdict, policies: TimePolicies | null): Outcome {
  const times = { eventTimeMs: eventUs / 1000, arrivalTimeMs: arrivalUs / 1000 };
  if (verdict.kind === 'kept' && verdict.adjusted === 'none')
    return { ...times, timestampMs: verdict.timestampUs / 1000, outcome: 'onTime', policy: null, message: 'On time.' };
  const kind = verdict.kind === 'kept' ? verdict.adjusted : policyOf(verdict.reason);
  const policy = kind === 'none' || policies === null ? null : { kind, toleranceMs: toleranceOf(kind, policies) };
  if (verdict.kind === 'dropped')
    return { ...times, timestampMs: null, outcome: 'dropped', policy, message: `Dropped. ${verdict.message}` };
  const why =
    kind === 'late'
      ? `it arrived more than ${(policy?.toleranceMs ?? 0) / 1000} s late`
      : `it is more than ${(policy?.toleranceMs ?? 0) / 1000} s behind the newest event before it`;
  const message = `Adjusted from ${textOf(eventUs)} to ${textOf(verdict.timestampUs)}: ${why}.`;
  return { ...times, timestampMs: verdict.timestampUs / 1000, outcome: 'adjusted', policy, message };
}

/** The policy behind a reason. */
export function policyOf(reason: RejectedEvent['reason']): 'early' | 'late' | 'outOfOrder' {
  if (reason === 'EarlyInputEvent') return 'early';
  return reason === 'LateInputEvent' ? 'late' : 'outOfOrder';
}

/** Of an event that no time could be given to. */
export function untimed(eventUs: number | null, arrivalUs: number, message: string): Outcome {
  const eventTimeMs = eventUs === null ? null : eventUs / 1000;
  return {
    eventTimeMs,
    arrivalTimeMs: arrivalUs / 1000,
    timestampMs: null,
    outcome: 'dropped',
    policy: null,
    message: `Dropped. ${message}`,
  };
}

/** The verdict where no policy applies. */
export function keptAt(us: number): TimeVerdict {
  return { kind: 'kept', timestampUs: us, adjusted: 'none' };
}

function toleranceOf(kind: 'early' | 'late' | 'outOfOrder', policies: TimePolicies): number {
  if (kind === 'early') return policies.earlyArrivalMs;
  return kind === 'late' ? policies.lateArrivalMs : policies.outOfOrderMs;
}

function textOf(us: number): string {
  return DateTime.fromUs(us).toString();
}
