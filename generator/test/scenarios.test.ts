// What each scenario does, in the shares and periods that its file promises, and that they can be combined.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type GeneratedEvent,
  malformedFaults,
  premiereTitle,
  requiredFields,
  scenarioNames,
  stormCityName,
} from '../src/index.ts';
import { generate, groupBy, percentages, readValid, startTimeMs, type Told } from './playback-stream.ts';

const near = (actual: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${what}: ${actual}, not about ${wanted}`);
const share = <Item>(items: readonly Item[], holds: (item: Item) => boolean) => items.filter(holds).length / items.length;
const marked = (name: string) => (event: GeneratedEvent) => (event.scenarios as readonly string[]).includes(name);
const inSeconds = (from: number, until: number) => (told: Told) => {
  const second = (told.sent.sendTimeMs - startTimeMs) / 1000;
  return second >= from && second < until;
};

test('without a scenario nothing is marked, late, held back, repeated or malformed', () => {
  for (const event of generate({}, 20_000)) {
    assert.deepEqual(event.scenarios, []);
    assert.equal(event.kind, 'valid');
    assert.equal(event.eventTimeMs, event.sendTimeMs);
  }
});

test('late: whole sessions lie in the past, most within 60 s, some beyond', () => {
  const events = generate({ scenarios: ['late'] }, 60_000);
  const told = readValid(events);
  for (const { sent, event } of told) {
    assert.equal(Date.parse(event.timestamp), sent.eventTimeMs);
    assert.equal(marked('late')(sent), sent.sendTimeMs > sent.eventTimeMs);
  }
  for (const session of groupBy(told, ({ event }) => event.session_id).values()) {
    assert.equal(new Set(session.map(({ sent }) => sent.sendTimeMs - sent.eventTimeMs)).size, 1);
  }
  const lateness = events.map((event) => event.sendTimeMs - event.eventTimeMs);
  near(
    share(lateness, (ms) => ms >= 5_000 && ms <= 55_000),
    0.04,
    0.006,
    'within tolerance',
  );
  near(
    share(lateness, (ms) => ms >= 65_000 && ms <= 180_000),
    0.02,
    0.005,
    'beyond tolerance',
  );
  near(
    share(lateness, (ms) => ms === 0),
    0.94,
    0.01,
    'in time',
  );
});

test('out-of-order: events are held back within 10 s and beyond, none is lost or invented', () => {
  const events = generate({ scenarios: ['out-of-order'], eventsPerSecond: 500 }, 60_000);
  assert.ok(events.every((event) => marked('out-of-order')(event) === event.sendTimeMs > event.eventTimeMs));
  // In the first seconds of a run nobody has been held back for long yet.
  const holdBack = events.slice(20_000).map((event) => event.sendTimeMs - event.eventTimeMs);
  near(
    share(holdBack, (ms) => ms >= 500 && ms <= 9_500),
    0.17,
    0.015,
    'within tolerance',
  );
  near(
    share(holdBack, (ms) => ms >= 11_000 && ms <= 25_500),
    0.03,
    0.006,
    'beyond tolerance',
  );
  assert.ok(Math.max(...holdBack) < 26_000);
  const ids = events.map((event) => event.eventId);
  assert.equal(new Set(ids).size, ids.length);
  // What has been sent by now is all that happened more than half a minute ago: whole sessions.
  const old = readValid(events).filter(({ sent }) => sent.eventTimeMs < startTimeMs + 80_000);
  const ends = old.filter(({ event }) => event.event_type === 'video_stop' || event.event_type === 'video_complete');
  const started = new Set(old.filter(({ event }) => event.event_type === 'video_start').map(({ event }) => event.session_id));
  assert.ok(ends.length > 10_000 && ends.every(({ event }) => started.has(event.session_id)));
});

test('duplicates: the same bytes once more, seconds later', () => {
  const events = generate({ scenarios: ['duplicates'] }, 60_000);
  let repeated = 0;
  for (const [, sendings] of groupBy(events, (event) => event.eventId ?? '')) {
    const [first, second, ...more] = sendings;
    assert.ok(first && more.length === 0);
    assert.ok(!marked('duplicates')(first));
    if (!second) continue;
    repeated++;
    assert.ok(marked('duplicates')(second));
    assert.equal(second.body, first.body);
    assert.equal(second.eventTimeMs, first.eventTimeMs);
    const laterMs = second.sendTimeMs - first.sendTimeMs;
    assert.ok(laterMs >= 2_000 && laterMs <= 8_100, `${laterMs} ms later`);
  }
  near(repeated / events.length, 0.03, 0.004, 'repeated');
});

test('malformed: every fault, each body unlike any other, and the valid events untouched', () => {
  const events = generate({ scenarios: ['malformed'], seed: 11 }, 60_000);
  const malformed = events.flatMap((event) => (event.kind === 'malformed' ? [event] : []));
  near(malformed.length / events.length, 0.02, 0.002, 'malformed');
  const faults = percentages(malformed, (event) => event.fault);
  for (const fault of malformedFaults) near(faults[fault] ?? 0, 100 / 7, 3, fault);
  const bodies = malformed.map((event) => Buffer.from(event.body as string).toString('hex'));
  assert.equal(new Set(bodies).size, bodies.length);
  for (const event of malformed) {
    assert.equal(event.eventId, null);
    assert.match(event.userId, /^U\d{7}$/);
    assert.deepEqual(event.scenarios, ['malformed']);
    assertFault(event.fault, Buffer.from(event.body as string));
  }
  const known = new Set(events.map((event) => event.eventId));
  const idsInBodies = malformed.flatMap((event) => String(event.body).match(/"event_id":"[^"]{36}"/g) ?? []);
  assert.ok(idsInBodies.length > malformed.length / 2 && idsInBodies.every((text) => !known.has(text.slice(12, -1))));
});

function assertFault(fault: (typeof malformedFaults)[number], body: Buffer): void {
  const text = () => new TextDecoder('utf-8', { fatal: true }).decode(body);
  if (fault === 'broken-utf8') assert.throws(text);
  else if (fault === 'broken-json') assert.throws(() => JSON.parse(text()));
  else if (fault === 'not-an-object') assert.ok(typeof JSON.parse(text()) !== 'object' || Array.isArray(JSON.parse(text())));
  else {
    const event = JSON.parse(text());
    assert.equal(requiredFields.filter((field) => !(field in event)).length, fault === 'missing-field' ? 1 : 0);
    if (fault === 'bad-timestamp') assert.ok(typeof event.timestamp === 'string' && Number.isNaN(Date.parse(event.timestamp)));
  }
}

test('buffer-storm: one city stalls for a minute, the others do not', () => {
  const told = readValid(generate({ scenarios: ['buffer-storm'], eventsPerSecond: 500 }, 60_000));
  const stalls = ({ event }: Told) => event.event_type === 'buffer_event';
  const ofCity = (told: Told) => told.event.location.city === stormCityName;
  const storm = told.filter(inSeconds(20, 70));
  assert.ok(share(storm.filter(ofCity), stalls) > 0.5);
  near(
    share(
      storm.filter((each) => !ofCity(each)),
      stalls,
    ),
    0.1,
    0.02,
    'stalls elsewhere',
  );
  for (const [from, until] of [
    [0, 14],
    [85, 120],
  ] as const) {
    assert.ok(share(told.filter(inSeconds(from, until)).filter(ofCity), stalls) < 0.2);
  }
  for (const { sent, event } of told.filter(({ sent }) => marked('buffer-storm')(sent))) {
    assert.equal(event.location.city, stormCityName);
    assert.equal(event.event_type, 'buffer_event');
    assert.ok((event.buffer_duration_ms ?? 0) >= 4000 && (event.buffer_duration_ms ?? 0) <= 15_000);
    const second = (sent.sendTimeMs - startTimeMs) / 1000;
    assert.ok(second >= 15 && second < 80, `a storm stall in second ${second}`);
  }
});

test('premiere: a new title comes out in second 10 and draws a crowd', () => {
  const starts = readValid(generate({ scenarios: ['premiere'], eventsPerSecond: 200 }, 60_000)).filter(
    ({ event }) => event.event_type === 'video_start',
  );
  const isPremiere = ({ event }: Told) => event.content_id === premiereTitle.id;
  for (const told of starts) assert.equal(marked('premiere')(told.sent), isPremiere(told));
  assert.equal(share(starts.filter(inSeconds(0, 10)), isPremiere), 0);
  near(share(starts.filter(inSeconds(10, 70)), isPremiere), 0.6, 0.03, 'crowd');
  const later = share(starts.filter(inSeconds(280, 300)), isPremiere);
  near(later, 0.6 - 0.5 * (220 / 540), 0.05, 'afterglow');
});

test('events that stand alone know the scenarios too', () => {
  const events = generate({ stateless: true, scenarios: [...scenarioNames] }, 60_000);
  for (const name of scenarioNames) assert.ok(events.some(marked(name)), name);
});

test('all scenarios together leave each its mark', () => {
  const events = generate({ scenarios: [...scenarioNames] }, 60_000);
  for (const name of scenarioNames) assert.ok(events.some(marked(name)), name);
  near(share(events, marked('malformed')), 0.02, 0.003, 'malformed');
  near(share(events, marked('duplicates')), 0.03, 0.005, 'repetitions');
  assert.ok(events.some((event) => event.scenarios.length >= 3));
});
