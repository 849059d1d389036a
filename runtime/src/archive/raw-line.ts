/**
 * One line of the raw archive: an event as it came, between what the hub said of it. Writes and reads lines; knows no file.
 *
 *   {"partition":"0","sequence_number":7,"offset":"…","enqueued_time":"…","archived_at":"…","event":{…}}
 *   {…,"event_base64":"…"}            where the body is not valid JSON
 */
import { isUtf8 } from 'node:buffer';
import { lakeFolder } from '../names.ts';
import type { ReceivedEvent } from '../trigger-batch.ts';

export interface RawLine {
  readonly partition: string;
  readonly sequence_number: number;
  readonly offset: string;
  /** ISO 8601, UTC. */
  readonly enqueued_time: string;
  readonly archived_at: string;
  /** How often it had been replayed; absent for none. */
  readonly attempts?: number;
  /** Any valid JSON, as it was sent. */
  readonly event?: unknown;
  /** The exact bytes of a body that is not valid JSON. */
  readonly event_base64?: string;
}

/** Without its line end. The text of a valid body is kept digit by digit: it is not parsed and printed anew. */
export function rawLineOf(event: ReceivedEvent, partition: string, archivedAt: string): string {
  const attempts = Number(event.properties.attempts ?? 0);
  const head =
    `{"partition":${JSON.stringify(partition)},"sequence_number":${event.sequenceNumber},"offset":${JSON.stringify(event.offset)}` +
    `,"enqueued_time":"${new Date(event.enqueuedTimeMs).toISOString()}","archived_at":"${archivedAt}"` +
    (Number.isInteger(attempts) && attempts > 0 ? `,"attempts":${attempts}` : '');
  const text = jsonTextOf(event.body);
  if (text !== null) return `${head},"event":${text}}`;
  const { buffer, byteOffset, byteLength } = event.body;
  return `${head},"event_base64":"${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}"}`;
}

/** The body as JSON on one line; null where it is no JSON. A raw line end can stand only between tokens: a space means the same. */
function jsonTextOf(body: Uint8Array): string | null {
  if (!isUtf8(body)) return null;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text;
}

/** Throws where the line is not one of the archive's. */
export function parseRawLine(line: string): RawLine {
  const value = JSON.parse(line) as RawLine | null;
  if (typeof value?.sequence_number !== 'number' || typeof value.enqueued_time !== 'string') {
    throw new Error(`Not a line of the raw archive: ${line.slice(0, 120)}`);
  }
  return value;
}

/** The folder of an hour, `netflix-events/YYYY-MM-DD/HH`, by the time of enqueuing. */
export function hourFolder(enqueuedTimeMs: number): string {
  const text = new Date(enqueuedTimeMs).toISOString();
  return `${lakeFolder}/${text.slice(0, 10)}/${text.slice(11, 13)}`;
}

/** One file per partition and hour. */
export function rawFilePath(partition: string, enqueuedTimeMs: number): string {
  return `${hourFolder(enqueuedTimeMs)}/partition-${partition}.jsonl`;
}
