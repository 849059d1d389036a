/**
 * The message that keeps an event which could not be processed: why, where it came from, and its body to the last byte.
 * Encodes and decodes; sends nothing.
 */
import { isUtf8 } from 'node:buffer';
import { processingVersion } from '../enrich-event.ts';
import { eventHubName } from '../names.ts';
import type { ReceivedEvent } from '../trigger-batch.ts';
import type { Reason } from '../validation/reason.ts';

export interface DeadLetter {
  readonly reasons: readonly Reason[];
  /** `event_id`, where one could be read. */
  readonly event_id?: string;
  readonly original: Original;
  readonly source: {
    readonly event_hub: string;
    readonly partition: string;
    readonly sequence_number: number;
    readonly offset: string;
    /** ISO 8601, UTC. */
    readonly enqueued_time: string;
    readonly partition_key?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
  };
  /** How many times it has been replayed already. */
  readonly attempts: number;
  readonly dead_lettered_at: string;
  readonly processing_version: string;
}

/** The exact body: as text where it is UTF-8, else in base64; in a file of the lake where a message could not hold it. */
export type Original =
  | { readonly encoding: 'utf8' | 'base64'; readonly body: string }
  | { readonly encoding: 'file'; readonly filesystem: string; readonly path: string; readonly bytes: number };

/** Said of an event on its way back into the hub: how many replays it has behind it. */
export const attemptsProperty = 'attempts';

export interface Rejection {
  readonly event: ReceivedEvent;
  readonly reasons: readonly Reason[];
  readonly eventId?: string;
}

export function deadLetterOf(rejection: Rejection, partition: string, nowMs: number): DeadLetter {
  const { event, reasons, eventId } = rejection;
  const { [attemptsProperty]: attempts, ...properties } = event.properties;
  return {
    reasons,
    ...(eventId === undefined ? {} : { event_id: eventId }),
    original: originalOf(event.body),
    source: {
      event_hub: eventHubName,
      partition,
      sequence_number: event.sequenceNumber,
      offset: event.offset,
      enqueued_time: new Date(event.enqueuedTimeMs).toISOString(),
      ...(event.partitionKey === undefined ? {} : { partition_key: event.partitionKey }),
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
    },
    attempts: wholeAttempts(attempts),
    dead_lettered_at: new Date(nowMs).toISOString(),
    processing_version: processingVersion,
  };
}

function originalOf(body: Uint8Array): Original {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isUtf8(body)
    ? { encoding: 'utf8', body: bytes.toString('utf8') }
    : { encoding: 'base64', body: bytes.toString('base64') };
}

/** The body that a dead letter holds itself; null where it lies in a file. */
export function bodyOf(original: Original): Uint8Array | null {
  return original.encoding === 'file' ? null : Buffer.from(original.body, original.encoding);
}

/** Reads the body of a message of the dead-letter hub; null where it is not one of ours. */
export function parseDeadLetter(body: unknown): DeadLetter | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : String(body));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { original, source, reasons, attempts } = value as Partial<DeadLetter>;
  const whole =
    typeof original === 'object' && typeof source === 'object' && Array.isArray(reasons) && typeof attempts === 'number';
  return whole && original !== null && source !== null ? (value as DeadLetter) : null;
}

function wholeAttempts(value: unknown): number {
  const attempts = Number(value ?? 0);
  return Number.isInteger(attempts) && attempts >= 0 ? attempts : 0;
}
