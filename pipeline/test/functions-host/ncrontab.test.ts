/** Schedules of timers: when they occur, and what is said of those that are not understood. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule } from '../../src/functions-host/ncrontab.ts';

const occurrences: readonly (readonly [string, string, string])[] = [
  ['0 5 * * * *', '2026-01-15T12:04:59Z', '2026-01-15T12:05:00Z'],
  ['0 5 * * * *', '2026-01-15T12:05:00Z', '2026-01-15T13:05:00Z'],
  ['0 */5 * * * *', '2026-01-15T23:58:30Z', '2026-01-16T00:00:00Z'],
  ['*/10 * * * * *', '2026-01-15T12:00:09.999Z', '2026-01-15T12:00:10Z'],
  ['30 4 * * *', '2026-01-15T12:00:00Z', '2026-01-16T04:30:00Z'],
  ['0 0 9-17/4 * * 1-5', '2026-01-16T17:00:00Z', '2026-01-19T09:00:00Z'],
  ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['15,45 0 0 1 1,7 *', '2026-01-01T00:00:15Z', '2026-01-01T00:00:45Z'],
  ['0 10/25 * * * *', '2026-01-15T12:10:00Z', '2026-01-15T12:35:00Z'],
];
for (const [schedule, after, next] of occurrences) {
  test(`${schedule} after ${after}`, () => {
    assert.equal(new Date(parseSchedule(schedule).nextAfterMs(Date.parse(after))).toISOString(), new Date(next).toISOString());
  });
}

const wrong: readonly (readonly [string, RegExp])[] = [
  ['* * *', /has 3 fields; it needs 5 or 6/],
  ['0 60 * * * *', /"60" is not understood as minute; here numbers from 0 to 59/],
  ['0 0 0 * jan *', /"jan" is not understood as month/],
  ['0 0 0 * * 1-9', /"1-9" is not understood as day of week/],
  ['0 */0 * * * *', /"\*\/0" is not understood as minute/],
  ['01:00:00', /has 1 fields/],
];
for (const [schedule, message] of wrong) {
  test(`${schedule} is refused`, () => {
    assert.throws(() => parseSchedule(schedule), message);
  });
}

test('a day that no month has never occurs', () => {
  assert.throws(() => parseSchedule('0 0 0 31 2 *').nextAfterMs(0), /never occurs/);
});
