// Scenario `malformed`: senders that send what is no event. Each body is made from an event that is never sent itself, and
// differs from every other body by that event's id.
import type { PlaybackEvent } from '../playback-event.ts';
import type { RandomStream } from '../random-stream.ts';

export const malformedShare = 0.02;

/** What can be wrong with a body. */
export const malformedFaults = [
  'broken-json',
  'broken-utf8',
  'not-an-object',
  'missing-field',
  'wrong-type',
  'bad-timestamp',
  'impossible-value',
] as const;
export type MalformedFault = (typeof malformedFaults)[number];

/** The fields that a body must have: one is left out in `missing-field`. */
export const requiredFields = [
  'event_id',
  'event_type',
  'user_id',
  'content_id',
  'timestamp',
] as const satisfies readonly (keyof PlaybackEvent)[];

type Fields = Readonly<Record<string, unknown>>;

const wrongTypes: readonly Fields[] = [
  { event_type: 7 },
  { user_id: { id: 42 } },
  { content_id: ['NF001'] },
  { timestamp: true },
  { playback_position_seconds: 'halfway' },
  { location: 'London' },
  { quality_settings: 'HD' },
];
const badTimestamps = ['yesterday', '2026-13-45T25:61:61.000Z', '', '10:15 on Monday'] as const;
const impossibleValues: readonly Fields[] = [
  { event_type: 'video_rewind' },
  { playback_position_seconds: -30 },
  { event_type: 'video_stop', duration_seconds: 0 },
  { event_type: 'video_complete', duration_seconds: -1 },
  { event_type: 'buffer_event', buffer_duration_ms: -500 },
  { device_type: 'toaster' },
  { subscription_tier: 'platinum' },
];

/**
 * The body that `fault` makes of `event`: text that is no JSON (cut off), bytes that are no UTF-8 (a title written as
 * Latin-1), JSON that is no object, an object without one of the required fields, with a value of the wrong type, with a
 * timestamp that is none, or with a value that cannot be. 2 % of what is sent is malformed, all seven alike; each takes
 * the place of a valid event, so the rate stays. From the first second on, without end.
 */
export function malformedBody(stream: RandomStream, event: PlaybackEvent, fault: MalformedFault): string | Uint8Array {
  const pick = <Item>(items: readonly Item[]): Item => items[stream.index(items.length)] as Item;
  switch (fault) {
    case 'broken-json': {
      const text = JSON.stringify(event);
      return text.slice(0, stream.between(60, text.length - 1));
    }
    case 'broken-utf8':
      return latin1(JSON.stringify({ ...event, content_title: 'Café Noir' }));
    case 'not-an-object':
      return JSON.stringify(stream.chance(0.5) ? [event] : `event ${event.event_id}`);
    case 'missing-field': {
      const { [pick(requiredFields)]: _missing, ...rest } = event;
      return JSON.stringify(rest);
    }
    case 'wrong-type':
      return JSON.stringify({ ...event, ...pick(wrongTypes) });
    case 'bad-timestamp':
      return JSON.stringify({ ...event, timestamp: pick(badTimestamps) });
    case 'impossible-value':
      return JSON.stringify({ ...event, ...pick(impossibleValues) });
  }
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
