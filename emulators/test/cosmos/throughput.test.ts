// 429s when a container's RU/s are used up, by a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, newContainer, startForFile } from './cosmos-under-test.ts';

const cosmos = await startForFile({ emulateThroughput: true });

test('a container’s RU/s used up: 429 with the time to wait, and after that time it goes on', async () => {
  const container = await newContainer(cosmos, { throughput: 400 });
  const text = 'x'.repeat(800);
  let written = 0;
  const write = () => container.items.create({ id: `${written}`, pk: 'a', text });
  let charged = 0;
  for (; charged < 400; written++) charged += (await write()).requestCharge;
  const { code, substatus, headers, message } = await failure(write());
  assert.equal(code, 429);
  assert.equal(substatus, 3200);
  assert.match(message, /Request rate is large/);
  const waitMs = Number(headers['x-ms-retry-after-ms']);
  assert.ok(waitMs >= 1 && waitMs < 100, String(waitMs));
  cosmos.clock.nowMs += waitMs;
  assert.equal((await write()).statusCode, 201);
  assert.ok(written > 50 && written < 90, `400 RU bought ${written} writes of 1 KB`);
});

test('what is overdrawn is paid back first', async () => {
  const container = await newContainer(cosmos, { throughput: 400 });
  await container.items.create({ id: '1', pk: 'a', text: 'x'.repeat(1_900_000) });
  const { code, headers } = await failure(container.item('1', 'a').read());
  assert.equal(code, 429);
  const waitMs = Number(headers['x-ms-retry-after-ms']);
  assert.ok(waitMs > 500, String(waitMs));
  cosmos.clock.nowMs += waitMs - 10;
  assert.equal((await failure(container.item('1', 'a').read())).code, 429);
  cosmos.clock.nowMs += 10;
  assert.equal((await container.item('1', 'a').read()).statusCode, 200);
});

test('containers have budgets of their own, those of a shared database one together', async () => {
  const drained = await newContainer(cosmos, { throughput: 400 });
  await drained.items.create({ id: '1', pk: 'a', text: 'x'.repeat(1_900_000) });
  assert.equal((await failure(drained.item('1', 'a').read())).code, 429);
  const other = await newContainer(cosmos, { throughput: 400 });
  assert.equal((await other.items.create({ id: '1', pk: 'a' })).statusCode, 201);
  const { database } = await cosmos.client.databases.create({ id: 'shared', throughput: 400 });
  const { container: one } = await database.containers.create({ id: 'one', partitionKey: '/pk' });
  const { container: two } = await database.containers.create({ id: 'two', partitionKey: '/pk' });
  await one.items.create({ id: '1', pk: 'a', text: 'x'.repeat(1_900_000) });
  assert.equal((await failure(two.items.create({ id: '1', pk: 'a' }))).code, 429);
});

test('without it nothing is ever refused', async () => {
  const free = await startForFile();
  const container = await newContainer(free, { throughput: 400 });
  for (let n = 0; n < 5; n++) await container.items.create({ id: `${n}`, pk: 'a', text: 'x'.repeat(1_000_000) });
});
