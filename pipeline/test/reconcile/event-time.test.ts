/** The naive time policies, by the examples of the reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionClock } from '../../src/reconcile/event-time.ts';

const minute = 60_000;
const times = { earlyArrivalMs: 5 * minute, lateArrivalMs: 10 * minute, outOfOrderMs: 3 * minute };

test('an event in time keeps its time', () => {
  assert.equal(new PartitionClock(times).assign(100 * minute, 105 * minute), 100 * minute);
});

test('a late event is moved up to the late tolerance before its arrival', () => {
  assert.equal(new PartitionClock(times).assign(80 * minute, 100 * minute), 90 * minute);
});

test('an event too early is dropped and does not move time', () => {
  const clock = new PartitionClock(times);
  assert.equal(clock.assign(106 * minute, 100 * minute), null);
  assert.equal(clock.assign(95 * minute, 100 * minute), 95 * minute);
});

test('an event behind the watermark is moved up to it', () => {
  const clock = new PartitionClock(times);
  clock.assign(100 * minute, 100 * minute);
  assert.equal(clock.assign(98 * minute, 100 * minute), 98 * minute);
  assert.equal(clock.assign(92 * minute, 100 * minute), 97 * minute);
});
