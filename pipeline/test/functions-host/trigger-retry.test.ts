/** Retry policies of triggers, on a clock that waiting turns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetryOptions } from '../../src/functions-host/core-types.ts';
import { invokeWithRetry, type RetryContext } from '../../src/functions-host/trigger-retry.ts';

async function run(
  options: RetryOptions | undefined,
  failures: number,
): Promise<{ succeeded: boolean; waitsMs: number[]; contexts: (RetryContext | undefined)[] }> {
  const waitsMs: number[] = [];
  const contexts: (RetryContext | undefined)[] = [];
  const clock = {
    nowMs: () => 0,
    sleep: async (durationMs: number) => {
      waitsMs.push(durationMs);
    },
  };
  const succeeded = await invokeWithRetry(
    options,
    async (context) => {
      contexts.push(context);
      if (contexts.length <= failures) throw new Error('no');
    },
    { clock, signal: new AbortController().signal, onFailure: () => undefined },
  );
  return { succeeded, waitsMs, contexts };
}

test('a success needs no retry', async () => {
  assert.deepEqual(await run({ retryStrategy: 'fixedDelay', maxRetryCount: 3 }, 0), {
    succeeded: true,
    waitsMs: [],
    contexts: [undefined],
  });
});

test('a fixed delay, with its count in the context', async () => {
  const result = await run({ retryStrategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 2 } }, 2);
  assert.deepEqual(result.waitsMs, [2000, 2000]);
  assert.deepEqual(result.contexts, [undefined, { retryCount: 1, maxRetryCount: 3 }, { retryCount: 2, maxRetryCount: 3 }]);
});

test('a policy that ends leaves the failure', async () => {
  assert.deepEqual(
    (await run({ retryStrategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 1 } }, 9)).contexts.length,
    3,
  );
  assert.equal((await run({ maxRetryCount: 2 }, 9)).succeeded, false);
  assert.equal((await run(undefined, 1)).succeeded, false);
});

test('exponential backoff up to its maximum, without end', async () => {
  const options: RetryOptions = {
    retryStrategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { seconds: 60 },
  };
  const { succeeded, waitsMs } = await run(options, 9);
  assert.equal(succeeded, true);
  assert.deepEqual(waitsMs, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('a stop ends it', async () => {
  const stop = new AbortController();
  const failing = invokeWithRetry(
    { maxRetryCount: -1 },
    async () => {
      throw new Error('no');
    },
    {
      clock: { nowMs: () => 0, sleep: async () => stop.abort(new Error('stopping')) },
      signal: stop.signal,
      onFailure: () => undefined,
    },
  );
  await assert.rejects(failing, /stopping/);
});
