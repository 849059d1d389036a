/** Makes the document that is stored from a valid event. Pure: the time of processing is passed in. */
import type { PlaybackEvent } from './validation/validate-event.ts';

/** Says which rules a stored document went through; raise it when enrichment or validation changes. */
export const processingVersion = '1.0';

export interface ProcessedEvent extends PlaybackEvent {
  /** The same as `event_id`: a redelivered event overwrites itself. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly processed_at: string;
  readonly processing_version: string;
  /** The hour of the event's own time, `YYYY-MM-DDTHH`. */
  readonly hour_bucket: string;
}

export function enrichEvent(event: PlaybackEvent, nowMs: number): ProcessedEvent {
  return {
    ...event,
    id: event.event_id,
    processed_at: new Date(nowMs).toISOString(),
    processing_version: processingVersion,
    hour_bucket: event.timestamp.slice(0, 13),
  };
}
