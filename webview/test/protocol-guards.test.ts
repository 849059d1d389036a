// The guards at the border: they let every message of the protocol through, and nothing that lacks a field.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isHostMessage,
  isPageMessage,
  PART_STATES,
  PROTOCOL_VERSION,
  protocolVersionOf,
  RANGE_NAMES,
  SOURCE_STATES,
} from '../src/protocol/index.ts';
import { sampleHealth, sampleSnapshot, sampleSource } from './support/sample-messages.ts';

const version = PROTOCOL_VERSION;
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const maybeNumber = fc.option(number);

const source = fc.record({
  version: fc.constant(version),
  kind: fc.constant('source'),
  atMs: number,
  state: fc.constantFrom(...SOURCE_STATES),
  sinceMs: number,
  detail: fc.option(fc.string()),
  unreadableDocuments: fc.nat(),
});
const health = fc.record({
  version: fc.constant(version),
  kind: fc.constant('health'),
  atMs: number,
  health: fc.record({
    eventsInPerSecond: maybeNumber,
    eventsOutPerSecond: maybeNumber,
    lagEvents: maybeNumber,
    watermarkDelayMs: maybeNumber,
    deadLetters: maybeNumber,
    parts: fc.array(fc.record({ name: fc.string(), state: fc.constantFrom(...PART_STATES), detail: fc.option(fc.string()) })),
  }),
});
const sections = sampleSnapshot('1h', 1_768_478_400_000).sections;
const delta = fc.record({
  version: fc.constant(version),
  kind: fc.constant('delta'),
  atMs: number,
  range: fc.constantFrom(...RANGE_NAMES),
  sections: fc
    .subarray(Object.keys(sections))
    .map((names) => Object.fromEntries(Object.entries(sections).filter(([name]) => names.includes(name)))),
  points: fc.array(fc.record({ endMs: number, viewers: number, peakViewers: number, events: number })),
  pointsFromMs: number,
});
const page = fc.record({
  version: fc.constant(version),
  kind: fc.constantFrom('ready', 'range'),
  range: fc.constantFrom(...RANGE_NAMES),
});

test('every message passes, after a journey as JSON too', () => {
  fc.assert(fc.property(fc.oneof(source, health, delta), (message) => isHostMessage(JSON.parse(JSON.stringify(message)))));
  fc.assert(fc.property(page, (message) => isPageMessage(message) && !isHostMessage(message)));
  for (const range of RANGE_NAMES) assert.ok(isHostMessage(sampleSnapshot(range, 1_768_478_400_000)));
});

test('anything at all may come, and the guards do not throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      isHostMessage(value);
      isPageMessage(value);
      protocolVersionOf(value);
    }),
  );
});

/** All paths of fields within a message, into the first element of each list. */
function paths(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  return entries.flatMap(([name, field]) => [[...prefix, name], ...paths(field, [...prefix, name])]);
}

function changed(
  value: unknown,
  [name = '', ...rest]: readonly string[],
  change: (holder: Record<string, unknown>, name: string) => void,
): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0) change(copy, name);
  else copy[name] = changed(copy[name], rest, change);
  return copy;
}

test('a message that lacks a field, or holds one of another type, is refused', () => {
  const atMs = 1_768_478_400_000;
  for (const message of [sampleSnapshot('24h', atMs), sampleHealth(atMs), sampleSource(atMs)]) {
    for (const path of paths({ ...message, points: 'points' in message ? message.points.slice(0, 1) : [] })) {
      const where = `${message.kind}: ${path.join('.')}`;
      if (!Object.hasOwn(message, path[0] ?? '')) continue;
      const isInList = /^\d+$/.test(path.at(-1) ?? '');
      const without = changed(message, path, (holder, name) => {
        delete holder[name];
      });
      // An element that is gone leaves a shorter list, which is fine.
      if (!isInList) assert.equal(isHostMessage(without), false, `without ${where}`);
      const symbol = changed(message, path, (holder, name) => {
        holder[name] = { surprise: true };
      });
      assert.equal(isHostMessage(symbol), false, `other type in ${where}`);
    }
  }
});

test('a peer of another version is told apart from noise', () => {
  const later = { ...sampleSource(0), version: 2 };
  assert.equal(isHostMessage(later), false);
  assert.equal(protocolVersionOf(later), 2);
  assert.equal(protocolVersionOf({ some: 'noise' }), undefined);
  assert.equal(protocolVersionOf(null), undefined);
});

test('numbers that JSON cannot carry are refused', () => {
  assert.equal(isHostMessage({ ...sampleSource(0), atMs: Number.NaN }), false);
  assert.equal(isHostMessage({ ...sampleSource(0), atMs: Number.POSITIVE_INFINITY }), false);
});
