/**
 * Why an event is not processed: stable codes for machines, a text for people. Knows nothing of where events come from
 * or go to.
 */

/** Every code that a dead letter can carry. They are part of the contract: saved queries and the dashboard group by them. */
export const reasonCodes = [
  'empty-body',
  'not-utf8',
  'invalid-json',
  'not-an-object',
  'missing-field',
  'wrong-type',
  'wrong-format',
  'not-allowed',
  'out-of-range',
  'unexpected-field',
  'refused-by-store',
] as const;

export type ReasonCode = (typeof reasonCodes)[number];

export interface Reason {
  readonly code: ReasonCode;
  /** The field concerned, as a path (`location.lat`); absent where the whole body is. */
  readonly field?: string;
  readonly message: string;
}
