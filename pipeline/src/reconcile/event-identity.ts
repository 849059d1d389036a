/** What makes two events the same one: the id it carries, else its very bytes. */
import { createHash } from 'node:crypto';

export interface DecodedEvent {
  readonly identity: string;
  /** The body as a JSON object; null where it is none. */
  readonly event: Readonly<Record<string, unknown>> | null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeEvent(body: Uint8Array): DecodedEvent {
  const event = jsonObject(body);
  const id = event?.event_id;
  if (typeof id === 'string' && id !== '') return { identity: id, event };
  return { identity: `sha256:${createHash('sha256').update(body).digest('hex')}`, event };
}

function jsonObject(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
