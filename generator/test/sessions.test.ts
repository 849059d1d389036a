// Laws of living sessions, over many seeds, rates and scenarios.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createGenerator, type GeneratorOptions, premiereTitle, scenarioNames, titles } from '../src/index.ts';
import { generate, groupBy, readValid, startTimeMs, type Told } from './playback-stream.ts';

const lengthOf = new Map([...titles, premiereTitle].map((title) => [title.id, title.lengthSeconds]));

const anyOptions = fc.record({
  seed: fc.integer(),
  users: fc.constantFrom(1, 7, 300, 10_000),
  eventsPerSecond: fc.constantFrom(1, 33, 100, 1000, 2500.5),
  // Those that change what happens, not in which order it is sent.
  scenarios: fc.subarray(['late', 'buffer-storm', 'premiere', 'malformed'] as const),
});

function assertSession(told: readonly Told[], speedFactor: number): void {
  const events = told.map(({ event }) => event);
  const first = events[0];
  assert.ok(first);
  assert.equal(first.event_type, 'video_start');
  assert.equal(first.playback_position_seconds, 0);
  assert.equal(events.filter((event) => event.event_type === 'video_start').length, 1);
  const ends = events.filter((event) => event.event_type === 'video_stop' || event.event_type === 'video_complete');
  assert.ok(ends.length <= 1);
  if (ends[0]) assert.equal(ends[0], events.at(-1), 'nothing follows the end');
  const length = lengthOf.get(first.content_id) ?? 0;
  events.forEach((event, at) => {
    for (const field of ['user_id', 'content_id', 'content_title', 'device_id', 'profile_id', 'subscription_tier'] as const) {
      assert.equal(event[field], first[field]);
    }
    assert.deepEqual(event.location, first.location);
    assert.deepEqual(event.quality_settings, first.quality_settings);
    const position = event.playback_position_seconds;
    assert.ok(Number.isInteger(position) && position <= length);
    if (event.event_type === 'video_complete') assert.equal(position, length);
    assert.equal(event.duration_seconds, ends.includes(event) ? position : undefined);
    if (event.duration_seconds !== undefined) assert.ok(event.duration_seconds > 0);
    const before = events[at - 1];
    if (!before) return;
    assert.ok(position > before.playback_position_seconds, 'the position grows');
    const passedMs = Date.parse(event.timestamp) - Date.parse(before.timestamp);
    const seconds = position - before.playback_position_seconds;
    assert.ok(seconds * 1000 <= (passedMs + 1) * speedFactor + 1e-6, 'nobody watches faster than the speed factor');
  });
}

test('a session is one story: one start, a position that grows, at most one end', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const generator = createGenerator({ ...options, startTimeMs });
      const told = readValid(generator.take(1500));
      for (const session of groupBy(told, ({ event }) => event.session_id).values())
        assertSession(session, generator.speedFactor);
    }),
    { numRuns: 60 },
  );
});

test('a user watches one thing at a time while others are idle', () => {
  const watching = new Map<string, string>();
  for (const { event } of readValid(generate({ seed: 5 }, 60_000))) {
    const session = watching.get(event.user_id);
    if (event.event_type === 'video_start') {
      assert.equal(session, undefined);
      watching.set(event.user_id, event.session_id);
    } else {
      assert.equal(session, event.session_id);
      if (event.event_type === 'video_stop' || event.event_type === 'video_complete') watching.delete(event.user_id);
    }
  }
});

test('at most three in ten users watch at a time, once the run has settled', () => {
  let watching = 0;
  const afterwards: number[] = [];
  readValid(generate({}, 120_000)).forEach(({ event }, at) => {
    if (event.event_type === 'video_start') watching++;
    if (event.event_type === 'video_stop' || event.event_type === 'video_complete') watching--;
    if (at >= 30_000) afterwards.push(watching);
  });
  const mean = afterwards.reduce((sum, each) => sum + each, 0) / afterwards.length;
  assert.ok(Math.abs(mean - 3000) < 150, `${mean} watch on average`);
});

test('a user stays the same person from session to session', () => {
  for (const told of groupBy(readValid(generate({ users: 40 }, 20_000)), ({ event }) => event.user_id).values()) {
    const of = (key: (event: Told['event']) => string) => new Set(told.map(({ event }) => key(event))).size;
    assert.equal(
      of((event) => event.subscription_tier),
      1,
    );
    assert.equal(
      of((event) => JSON.stringify(event.location)),
      1,
    );
    assert.ok(of((event) => event.device_id) <= 4);
    assert.equal(
      of((event) => event.device_id),
      of((event) => `${event.device_id} ${event.device_type}`),
    );
  }
});

test('every send has its slot: the rate is exact from the first event on, whatever the scenarios', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.subarray([...scenarioNames]),
      fc.constantFrom(3, 700, 1000),
      (seed, scenarios, eventsPerSecond) => {
        const events = generate({ seed, scenarios, eventsPerSecond, users: 500 }, 600);
        events.forEach((event, at) => {
          assert.equal(event.sendTimeMs, startTimeMs + Math.floor((at * 1000) / eventsPerSecond));
          assert.ok(event.eventTimeMs <= event.sendTimeMs);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('taking until a time and taking one by one give the same events', () => {
  const options: GeneratorOptions = { seed: 9, users: 300, eventsPerSecond: 450, startTimeMs, scenarios: [...scenarioNames] };
  const inOne = createGenerator(options).take(4000);
  const generator = createGenerator(options);
  const inParts = [0.4, 1, 3.7, 20].flatMap((seconds) => generator.takeUntil(startTimeMs + seconds * 1000, 1500));
  assert.deepEqual(inParts, inOne.slice(0, inParts.length));
  assert.equal(generator.takeUntil(startTimeMs).length, 0);
  assert.ok(inParts.length > 2500);
});
