/** Which bodies are events, and what is said of each that is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enrichEvent } from '../src/enrich-event.ts';
import type { ReasonCode } from '../src/validation/reason.ts';
import { validateBody } from '../src/validation/validate-event.ts';
import { sampleEvent } from './support/sample-event.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));
const withField = (field: string, value: unknown): Uint8Array => json({ ...sampleEvent(1), [field]: value });
const without = (field: string): Uint8Array => {
  const { [field]: _gone, ...rest } = sampleEvent(1) as Record<string, unknown>;
  return json(rest);
};
const stop = { ...sampleEvent(1), event_type: 'video_stop', duration_seconds: 12 };
const buffering = { ...sampleEvent(1), event_type: 'buffer_event', buffer_duration_ms: 900 };

const accepted: readonly (readonly [string, Uint8Array])[] = [
  ['a whole event', json(sampleEvent(1))],
  ['a stop with its duration', json(stop)],
  ['a buffering event with its duration', json(buffering)],
  ['the bounds of a buffering duration', json({ ...buffering, buffer_duration_ms: 15_000 })],
  ['a field that nobody knows', withField('campaign', { any: ['thing'] })],
  ['null for an optional field', withField('location', null)],
  [
    'only what is required',
    json({
      event_id: sampleEvent(1).event_id,
      event_type: 'video_start',
      user_id: 'U0000001',
      content_id: 'NF001',
      timestamp: '2026-01-15T12:00:00Z',
    }),
  ],
  ['white space and line ends around tokens', bytes(JSON.stringify(sampleEvent(1), null, 2))],
  ['a title beyond ASCII', withField('content_title', 'Les Misérables 🎬')],
];

const rejected: readonly (readonly [string, Uint8Array, readonly (readonly [ReasonCode, string?])[]])[] = [
  ['nothing', bytes(''), [['empty-body']]],
  ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), [['not-utf8']]],
  ['UTF-8 cut in the middle of a character', Buffer.from('{"a":"é').subarray(0, 7), [['not-utf8']]],
  ['text', bytes('hello'), [['invalid-json']]],
  ['JSON cut short', bytes('{"event_id":"1"'), [['invalid-json']]],
  ['two documents', bytes('{} {}'), [['invalid-json']]],
  ['a byte order mark', bytes('\ufeff{}'), [['invalid-json']]],
  ['an array', bytes('[1]'), [['not-an-object']]],
  ['a number', bytes('42'), [['not-an-object']]],
  ['null', bytes('null'), [['not-an-object']]],
  [
    'an empty object',
    bytes('{}'),
    [
      ['missing-field', 'event_id'],
      ['missing-field', 'event_type'],
      ['missing-field', 'user_id'],
      ['missing-field', 'content_id'],
      ['missing-field', 'timestamp'],
    ],
  ],
  ['no id', without('event_id'), [['missing-field', 'event_id']]],
  ['null for a required field', withField('user_id', null), [['missing-field', 'user_id']]],
  ['an id that is no UUID', withField('event_id', 'abc'), [['wrong-format', 'event_id']]],
  ['an id that is a number', withField('event_id', 7), [['wrong-type', 'event_id']]],
  ['an unknown type', withField('event_type', 'video_rewind'), [['not-allowed', 'event_type']]],
  ['a user of another shape', withField('user_id', 'user-1'), [['wrong-format', 'user_id']]],
  ['a title of another shape', withField('content_id', 'X1'), [['wrong-format', 'content_id']]],
  ['a session that is no UUID', withField('session_id', 's1'), [['wrong-format', 'session_id']]],
  ['a time without a zone', withField('timestamp', '2026-01-15T12:00:00'), [['wrong-format', 'timestamp']]],
  ['a time with an offset', withField('timestamp', '2026-01-15T12:00:00+01:00'), [['wrong-format', 'timestamp']]],
  ['a day that no month has', withField('timestamp', '2026-02-30T12:00:00Z'), [['wrong-format', 'timestamp']]],
  ['an hour that no day has', withField('timestamp', '2026-01-15T25:00:00Z'), [['wrong-format', 'timestamp']]],
  ['a time in seconds', withField('timestamp', 1_768_478_400), [['wrong-type', 'timestamp']]],
  ['a position as text', withField('playback_position_seconds', '12'), [['wrong-type', 'playback_position_seconds']]],
  ['a position before the start', withField('playback_position_seconds', -1), [['out-of-range', 'playback_position_seconds']]],
  [
    'a number beyond all numbers',
    bytes(JSON.stringify(sampleEvent(1)).replace(/"playback_position_seconds":\d+/, '"playback_position_seconds":1e999')),
    [['out-of-range', 'playback_position_seconds']],
  ],
  ['an unknown device', withField('device_type', 'fridge'), [['not-allowed', 'device_type']]],
  ['a place that is text', withField('location', 'Berlin'), [['wrong-type', 'location']]],
  ['a latitude beyond the pole', withField('location', { city: 'Berlin', lat: 91, lon: 13 }), [['out-of-range', 'location.lat']]],
  [
    'a bitrate of nothing',
    withField('quality_settings', { bitrate_kbps: 0 }),
    [['out-of-range', 'quality_settings.bitrate_kbps']],
  ],
  ['HDR as text', withField('quality_settings', { hdr_enabled: 'yes' }), [['wrong-type', 'quality_settings.hdr_enabled']]],
  ['an unknown tier', withField('subscription_tier', 'gold'), [['not-allowed', 'subscription_tier']]],
  [
    'buffering without a duration',
    json({ ...buffering, buffer_duration_ms: undefined }),
    [['missing-field', 'buffer_duration_ms']],
  ],
  ['buffering too short', json({ ...buffering, buffer_duration_ms: 499 }), [['out-of-range', 'buffer_duration_ms']]],
  ['a buffering duration on a start', withField('buffer_duration_ms', 900), [['unexpected-field', 'buffer_duration_ms']]],
  ['a stop without a duration', json({ ...stop, duration_seconds: undefined }), [['missing-field', 'duration_seconds']]],
  ['a stop after no time', json({ ...stop, duration_seconds: 0 }), [['out-of-range', 'duration_seconds']]],
  [
    'two faults at once',
    json({ ...sampleEvent(1), user_id: 5, device_type: 'fridge' }),
    [
      ['wrong-type', 'user_id'],
      ['not-allowed', 'device_type'],
    ],
  ],
];

for (const [name, body] of accepted) {
  test(`accepts ${name}`, () => {
    const result = validateBody(body);
    assert.deepEqual(result, { kind: 'valid', event: JSON.parse(Buffer.from(body).toString('utf8')) });
  });
}

for (const [name, body, reasons] of rejected) {
  test(`rejects ${name}`, () => {
    const result = validateBody(body);
    assert.equal(result.kind, 'invalid');
    if (result.kind !== 'invalid') return;
    assert.deepEqual(
      result.reasons.map(({ code, field }) => (field === undefined ? [code] : [code, field])),
      reasons,
    );
    for (const reason of result.reasons) assert.ok(reason.message.length > 0 && reason.message.length < 500, reason.message);
  });
}

test('an invalid event is known by its id where it has one', () => {
  const result = validateBody(withField('user_id', 5));
  assert.equal(result.kind === 'invalid' && result.eventId, sampleEvent(1).event_id);
});

test('a stored document is the event, its id, and what processing adds', () => {
  const event = sampleEvent(3);
  assert.deepEqual(enrichEvent(event, Date.parse('2026-01-15T13:00:01.500Z')), {
    ...event,
    id: event.event_id,
    processed_at: '2026-01-15T13:00:01.500Z',
    processing_version: '1.0',
    hour_bucket: event.timestamp.slice(0, 13),
  });
});
