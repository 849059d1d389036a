/** The expected windows, against sums made by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpectedWindowsBuilder, isPlayback } from '../../src/reconcile/expected-windows.ts';

const start = Date.parse('2026-01-15T12:00:00Z');
const base = {
  event_id: 'e',
  user_id: 'U1',
  session_id: 's1',
  content_id: 'NF001',
  event_type: 'video_start',
  device_type: 'mobile',
  location: { country: 'DE', region: 'BE', city: 'Berlin' },
  quality_settings: { resolution: '720p' },
};

function build(events: readonly (readonly [number, object])[]) {
  const builder = new ExpectedWindowsBuilder();
  for (const [seconds, fields] of events) builder.add({ timestampMs: start + seconds * 1000, event: { ...base, ...fields } });
  return builder.build();
}

test('an event at a boundary belongs to the window that ends there', () => {
  const windows = build([
    [10, {}],
    [10.001, { user_id: 'U2' }],
    [12, { user_id: 'U2' }],
  ]);
  assert.deepEqual(Object.fromEntries(windows.get('viewer_count') ?? []), {
    'viewer_count|NF001|2026-01-15T12:00:10.0000000Z': { events: 1, viewers: 1 },
    'viewer_count|NF001|2026-01-15T12:00:20.0000000Z': { events: 2, viewers: 1 },
  });
});

test('a hopping window counts an event in each window that holds it', () => {
  const trending = build([[30, { event_type: 'video_complete' }]]).get('trending');
  assert.equal(trending?.size, 5);
  assert.deepEqual(trending?.get('trending|NF001|2026-01-15T12:05:00.0000000Z'), {
    events: 1,
    starts: 0,
    completions: 1,
    viewers: 1,
  });
});

test('hotspots need three buffer events and alerts more than five seconds', () => {
  const stall = (milliseconds: number) => ({ event_type: 'buffer_event', buffer_duration_ms: milliseconds });
  const two = build([
    [1, stall(3000)],
    [2, stall(2000)],
  ]);
  assert.equal(two.get('buffer_metrics')?.size, 0);
  assert.equal(two.get('quality_alert')?.size, 0);
  const three = build([
    [1, stall(3000)],
    [2, stall(2000)],
    [3, stall(1)],
  ]);
  assert.deepEqual([...(three.get('buffer_metrics')?.values() ?? [])], [{ buffer_events: 3, total_buffer_ms: 5001, users: 1 }]);
  assert.deepEqual([...(three.get('quality_alert')?.values() ?? [])], [{ buffer_events: 3, total_buffer_ms: 5001 }]);
});

test('an event without an id or of an unknown type is no playback', () => {
  assert.equal(isPlayback(base), true);
  assert.equal(isPlayback({ ...base, event_id: null }), false);
  assert.equal(isPlayback({ ...base, event_type: 'video_rewind' }), false);
});
