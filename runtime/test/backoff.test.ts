/** How long is waited for a service, and when an invocation gives the batch back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelayMs, type Retry, ServiceUnavailableError, untilDone } from '../src/retry/backoff.ts';

const policy = { firstDelayMs: 100, maxDelayMs: 5000, budgetMs: 60_000 };

/** A clock that waiting turns. */
function turnedClock(random = 0.5): Retry & { readonly waitsMs: number[]; readonly stop: AbortController } {
  let nowMs = 0;
  const waitsMs: number[] = [];
  const stop = new AbortController();
  const ambient = {
    nowMs: () => nowMs,
    random: () => random,
    sleep: async (durationMs: number) => {
      nowMs += durationMs;
      waitsMs.push(durationMs);
    },
  };
  return { policy, ambient, signal: stop.signal, waitsMs, stop };
}

test('delays double up to the maximum and are spread over their upper half', () => {
  const at = (failures: number, random: number) => backoffDelayMs(policy, failures, () => random);
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => at(failures, 0)),
    [50, 100, 200, 400],
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => at(failures, 1)),
    [100, 200, 400, 800],
  );
  assert.equal(at(1000, 1), 5000);
});

test('a wait is never shorter than the service asks for', () => {
  for (const random of [0, 0.5, 0.999]) assert.ok(backoffDelayMs(policy, 1, () => random, 3000) >= 3000);
  assert.equal(
    backoffDelayMs(policy, 10, () => 1, 10),
    5000,
  );
});

test('an operation is repeated until it succeeds', async () => {
  const retry = turnedClock();
  let calls = 0;
  const result = await untilDone(
    'A service',
    async () => {
      calls += 1;
      if (calls < 4) throw new Error('away');
      return 'done';
    },
    retry,
  );
  assert.equal(result, 'done');
  assert.deepEqual(retry.waitsMs, [75, 150, 300]);
});

test('when the budget is used up the batch is given back with a sentence', async () => {
  const retry = turnedClock();
  const away = untilDone('A service', () => Promise.reject(new Error('connection refused')), retry);
  await assert.rejects(away, (error: unknown) => {
    assert.ok(error instanceof ServiceUnavailableError);
    assert.match(error.message, /A service has not been available for \d+ s; the batch stays in the hub.*connection refused/);
    return true;
  });
  assert.ok(retry.waitsMs.reduce((sum, waitMs) => sum + waitMs, 0) <= policy.budgetMs);
});

test('a stop wakes what waits', async () => {
  const retry = turnedClock();
  const waiting = untilDone(
    'A service',
    async () => {
      retry.stop.abort(new Error('stopping'));
      throw new Error('away');
    },
    retry,
  );
  await assert.rejects(waiting, /away/);
  assert.deepEqual(retry.waitsMs, []);
});
