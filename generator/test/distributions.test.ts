// Laws of large numbers: shares of events, devices, tiers and places, and the form of every event.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cities,
  contentTypes,
  createGenerator,
  deviceTypes,
  deviceWeights,
  eventTypes,
  meanSessionSeconds,
  type PlaybackEvent,
  playbackEventFields,
  resolutions,
  scenarioNames,
  speedFactorFor,
  subscriptionTiers,
  tierWeights,
  titles,
} from '../src/index.ts';
import { deviceResolutionMax, tierResolutionMax } from '../src/quality.ts';
import { generate, percentages, readValid, startTimeMs } from './playback-stream.ts';

const living = readValid(generate({ seed: 3 }, 300_000)).map(({ event }) => event);
const settled = living.slice(60_000);
const standalone = readValid(generate({ seed: 3, stateless: true }, 100_000)).map(({ event }) => event);

function assertShares<Key extends string>(
  events: readonly PlaybackEvent[],
  keyOf: (event: PlaybackEvent) => string,
  keys: readonly Key[],
  wanted: readonly number[],
  tolerance: number,
): void {
  const shares = percentages(events, keyOf);
  keys.forEach((key, at) => {
    const off = Math.abs((shares[key] ?? 0) - (wanted[at] ?? 0));
    assert.ok(off < tolerance, `${key}: ${shares[key]} % instead of ${wanted[at]} %`);
  });
  assert.ok(Object.keys(shares).every((key) => (keys as readonly string[]).includes(key)));
}

test('living sessions tend to 37.5 / 15 / 16.7 / 20.8 / 10 % of the event types', () => {
  assertShares(settled, (event) => event.event_type, eventTypes, [37.5, 15, 16.7, 20.8, 10], 0.8);
});

test('events that stand alone have 30 / 15 / 20 / 25 / 10 %, each in a session of its own', () => {
  assertShares(standalone, (event) => event.event_type, eventTypes, [30, 15, 20, 25, 10], 0.6);
  assert.equal(new Set(standalone.map((event) => event.session_id)).size, standalone.length);
});

test('devices, tiers and cities have their weights', () => {
  for (const events of [living, standalone]) {
    assertShares(events, (event) => event.device_type, deviceTypes, deviceWeights, 2);
    assertShares(events, (event) => event.subscription_tier, subscriptionTiers, tierWeights, 2.5);
    const names = cities.map((city) => city.location.city);
    assertShares(
      events,
      (event) => event.location.city,
      names,
      cities.map((city) => city.weight),
      1.5,
    );
  }
});

test('there are 20 titles over four content types, 15 cities, and users from U0000000 to U0009999', () => {
  assert.equal(titles.length, 20);
  assert.equal(cities.length, 15);
  assert.deepEqual(
    titles.map((title) => title.id),
    Array.from({ length: 20 }, (_, at) => `NF${String(at + 1).padStart(3, '0')}`),
  );
  assert.deepEqual(new Set(titles.map((title) => title.type)), new Set(contentTypes));
  assert.equal(new Set(living.map((event) => event.content_id)).size, 20);
  const users = [...new Set(living.map((event) => event.user_id))].sort();
  assert.ok(users.length > 9000 && users[0] === 'U0000000' && (users.at(-1) ?? '') <= 'U0009999');
});

test('some users watch much more than others', () => {
  const perUser = Object.values(percentages(settled, (event) => event.user_id)).sort((left, right) => right - left);
  const ofTopTenth = perUser.slice(0, 1000).reduce((sum, share) => sum + share, 0);
  assert.ok(ofTopTenth > 18 && ofTopTenth < 45, `the most active tenth brings ${ofTopTenth} %`);
});

test('every event keeps to its form', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const order = (fields: readonly string[]) => fields.map((field) => (playbackEventFields as readonly string[]).indexOf(field));
  for (const event of [...living.slice(0, 30_000), ...standalone.slice(0, 30_000)]) {
    assert.match(event.event_id, uuid);
    assert.match(event.session_id, uuid);
    assert.match(event.user_id, /^U\d{7}$/);
    assert.equal(new Date(event.timestamp).toISOString(), event.timestamp);
    const places = order(Object.keys(event));
    assert.ok(
      places.every((place, at) => place >= 0 && (at === 0 || place > (places[at - 1] ?? 0))),
      'fields come in their order',
    );
    assert.ok(Object.values(event).every((value) => value !== null));
    assert.equal(event.buffer_duration_ms !== undefined, event.event_type === 'buffer_event');
    if (event.buffer_duration_ms !== undefined) assert.ok(event.buffer_duration_ms >= 500 && event.buffer_duration_ms <= 15_000);
    const rank = resolutions.indexOf(event.quality_settings.resolution);
    assert.ok(rank >= 0 && rank <= resolutions.indexOf(tierResolutionMax[event.subscription_tier]));
    assert.ok(rank <= resolutions.indexOf(deviceResolutionMax[event.device_type]));
    assert.equal(event.quality_settings.hdr_enabled, event.quality_settings.resolution === '4K_HDR');
  }
  const withError = living.filter((event) => event.error_code !== undefined).length / living.length;
  assert.ok(withError > 0.005 && withError < 0.03, `${withError} have an error code`);
});

test('an event has a little over half a kilobyte', () => {
  const sizes = generate({}, 10_000).map((event) => Buffer.byteLength(event.body as string));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  assert.ok(mean > 450 && mean < 700, `${mean} bytes`);
  assert.ok(Math.max(...sizes) < 1000);
});

test('the same seed and options give the same bytes, other ones do not', () => {
  fc.assert(
    fc.property(fc.integer(), fc.subarray([...scenarioNames]), fc.boolean(), (seed, scenarios, stateless) => {
      const options = { seed, scenarios, stateless, users: 200 };
      assert.deepEqual(generate(options, 300), generate(options, 300));
      assert.notDeepEqual(generate(options, 300), generate({ ...options, seed: seed + 1 }, 300));
    }),
    { numRuns: 20 },
  );
});

test('another start time has the same story under other ids', () => {
  const one = readValid(generate({}, 2000));
  const other = readValid(generate({ startTimeMs: startTimeMs + 3_600_000 }, 2000));
  const ids = new Set(one.map(({ event }) => event.event_id));
  assert.ok(other.every(({ event }) => !ids.has(event.event_id)));
  const story = (told: typeof one) =>
    told.map(({ event }) => [event.event_type, event.user_id, event.content_id, event.playback_position_seconds]);
  assert.deepEqual(story(one), story(other));
});

test('event ids never repeat', () => {
  assert.equal(new Set([...living, ...standalone].map((event) => event.event_id)).size, living.length + standalone.length);
});

test('the speed factor grows with the rate and falls with the users, and a session lasts ten seconds at most', () => {
  assert.equal(speedFactorFor(100, 10_000), meanSessionSeconds / 10);
  assert.equal(speedFactorFor(1, 10_000), speedFactorFor(100, 10_000));
  assert.ok(speedFactorFor(1000, 10_000) > speedFactorFor(100, 10_000));
  assert.ok(Math.abs(speedFactorFor(4000, 10_000) / speedFactorFor(2000, 10_000) - 2) < 1e-9);
  assert.ok(Math.abs(speedFactorFor(2000, 20_000) / speedFactorFor(1000, 10_000) - 1) < 1e-9);
});

test('an option out of range is refused by name', () => {
  const base = { seed: 1, users: 10, eventsPerSecond: 10, startTimeMs };
  for (const [wrong, name] of [
    [{ seed: 1.5 }, 'seed'],
    [{ users: 0 }, 'users'],
    [{ eventsPerSecond: 0 }, 'eventsPerSecond'],
    [{ eventsPerSecond: Number.NaN }, 'eventsPerSecond'],
    [{ startTimeMs: 0.5 }, 'startTimeMs'],
    [{ speedFactor: -1 }, 'speedFactor'],
    [{ scenarios: ['blizzard'] as never }, 'blizzard'],
  ] as const) {
    assert.throws(
      () => createGenerator({ ...base, ...wrong }),
      (error: Error) => error instanceof RangeError && error.message.includes(name),
    );
  }
});

test('the sample file holds one event of each type, as seed 1 makes them', () => {
  const path = new URL('../samples/sample-events.json', import.meta.url);
  const told = readValid(generate({}, 20_000)).map(({ event }) => event);
  const samples = eventTypes.map((type) => told.find((event) => event.event_type === type));
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), samples);
});
