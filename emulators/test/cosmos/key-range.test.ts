// The hashes by which SDKs address parts of a container, against values that the JavaScript SDK computes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/cosmos/json.ts';
import { effectivePartitionKey } from '../../src/cosmos/key-range.ts';

test('effective partition keys are those that the SDKs compute', () => {
  const cases: [key: Json, hash: string][] = [
    ['', '32E9366E637A71B4E710384B2F4970A0'],
    ['abc', '2424691CC38A7EEF2A65ADE404E1F528'],
    ['x'.repeat(15), '2B275C18C408A03A0A53709CD6F5829A'],
    ['x'.repeat(16), '0BE09FB42A423996BAA4B9E2F43C323A'],
    ['ü😀', '0A60929340008FCE262A7F3605A2AAE2'],
    [-1.5, '151793206780805FF6E1DCAE6C787B6A'],
    [true, '0E711127C5B5A8E4726AC6DD306A3E59'],
    [null, '378867E4430E67857ACE5C908374FE16'],
  ];
  for (const [key, hash] of cases) assert.equal(effectivePartitionKey([key]), hash);
  assert.equal(effectivePartitionKey(['', 'abc']), '32E9366E637A71B4E710384B2F4970A02424691CC38A7EEF2A65ADE404E1F528');
});
