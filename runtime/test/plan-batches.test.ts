/** Batches hold to the service's limits and lose nothing, whatever the documents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchLimits, planBatches } from '../src/store/plan-batches.ts';
import { storeFailure } from '../src/store/store-answer.ts';

test('every document is in one batch of its key, in order, within the limits', () => {
  const documents = fc.array(
    fc.record({ partitionKey: fc.constantFrom('a', 'b', 'c'), bytes: fc.integer({ min: 100, max: 900_000 }) }),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(documents, (list) => {
      const items = list.map((item, index) => ({ ...item, document: { index } }));
      const batches = planBatches(items);
      for (const batch of batches) {
        assert.ok(batch.items.length > 0 && batch.items.length <= batchLimits.operationsMax);
        assert.ok(batch.items.every((item) => item.partitionKey === batch.partitionKey));
        assert.ok(batch.items.length === 1 || batch.items.reduce((sum, item) => sum + item.bytes, 0) <= batchLimits.bytesMax);
      }
      for (const key of ['a', 'b', 'c']) {
        const planned = batches.filter((batch) => batch.partitionKey === key).flatMap((batch) => batch.items);
        assert.deepEqual(
          planned,
          items.filter((item) => item.partitionKey === key),
        );
      }
    }),
  );
});

const answer = (code: number, more: object = {}) =>
  new Error('Batch request error', { cause: Object.assign(new Error('why'), { code, ...more }) });

test('what no later attempt would change is a refusal', () => {
  for (const status of [400, 409, 413, 422])
    assert.deepEqual(storeFailure(answer(status)), { kind: 'refused', status, message: 'why' });
});

test('everything else is waited for: throttling, outages, and what an operator must mend', () => {
  assert.deepEqual(storeFailure(answer(429, { retryAfterInMs: 120 })), { kind: 'wait', throttled: true, retryAfterMs: 120 });
  assert.deepEqual(storeFailure(answer(429, { headers: { 'x-ms-retry-after-ms': '7' } })), {
    kind: 'wait',
    throttled: true,
    retryAfterMs: 7,
  });
  for (const status of [401, 403, 404, 408, 410, 449, 500, 503]) {
    assert.deepEqual(storeFailure(answer(status)), { kind: 'wait', throttled: false, retryAfterMs: 0 });
  }
  for (const code of ['ECONNREFUSED', 'TimeoutError', undefined]) {
    assert.deepEqual(storeFailure(Object.assign(new Error('no answer'), { code })), {
      kind: 'wait',
      throttled: false,
      retryAfterMs: 0,
    });
  }
});
