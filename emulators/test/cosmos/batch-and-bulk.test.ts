// Many operations in one request through the real SDK: transactional batches, bulk, and writers that meet at one document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newContainer, rawDocuments, startForFile } from './cosmos-under-test.ts';

const cosmos = await startForFile();

test('a batch of all six operations, in order, with a result each', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: 'old', pk: 'a', n: 1 });
  const { result, code, headers } = await container.items.batch(
    [
      { operationType: 'Create', resourceBody: { id: 'new', pk: 'a' } },
      { operationType: 'Read', id: 'old' },
      { operationType: 'Upsert', resourceBody: { id: 'old', pk: 'a', n: 2 } },
      { operationType: 'Patch', id: 'old', resourceBody: { operations: [{ op: 'incr', path: '/n', value: 5 }] } },
      { operationType: 'Replace', id: 'new', resourceBody: { id: 'new', pk: 'a', replaced: true } },
      { operationType: 'Delete', id: 'new' },
    ],
    'a',
  );
  assert.equal(code, 200);
  assert.deepEqual(
    result?.map(({ statusCode }) => statusCode),
    [201, 200, 200, 200, 200, 204],
  );
  assert.equal(result?.[1]?.resourceBody?.n, 1);
  assert.equal(result?.[3]?.resourceBody?.n, 7);
  assert.ok(result?.every(({ requestCharge }) => requestCharge > 0));
  const total = result?.reduce((sum, { requestCharge }) => sum + requestCharge, 0) ?? 0;
  assert.ok(Math.abs(Number(headers['x-ms-request-charge']) - total) < 0.01);
  assert.deepEqual((await container.items.query('SELECT c.id, c.n FROM c').fetchAll()).resources, [{ id: 'old', n: 7 }]);
});

test('a batch is all or nothing: 207, the failed operation its own status, the others 424', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: 'there', pk: 'a', n: 1 });
  const { result, code } = await container.items.batch(
    [
      { operationType: 'Create', resourceBody: { id: 'before', pk: 'a' } },
      { operationType: 'Upsert', resourceBody: { id: 'there', pk: 'a', n: 2 } },
      { operationType: 'Create', resourceBody: { id: 'there', pk: 'a' } },
      { operationType: 'Create', resourceBody: { id: 'behind', pk: 'a' } },
    ],
    'a',
  );
  assert.equal(code, 207);
  assert.deepEqual(
    result?.map(({ statusCode }) => statusCode),
    [424, 424, 409, 424],
  );
  assert.deepEqual((await container.items.query('SELECT c.id, c.n FROM c').fetchAll()).resources, [{ id: 'there', n: 1 }]);
});

test('batch conditions and limits', async () => {
  const container = await newContainer(cosmos);
  const { etag } = await container.items.create({ id: '1', pk: 'a' });
  const upsert = { operationType: 'Upsert' as const, resourceBody: { id: '1', pk: 'a' } };
  const first = await container.items.batch([{ ...upsert, ifMatch: etag }], 'a');
  assert.equal(first.code, 200);
  const second = await container.items.batch([{ ...upsert, ifMatch: etag }], 'a');
  assert.deepEqual([second.code, second.result?.[0]?.statusCode], [207, 412]);
  const foreign = await container.items.batch([{ operationType: 'Create', resourceBody: { id: '2', pk: 'b' } }], 'a');
  assert.deepEqual([foreign.code, foreign.result?.[0]?.statusCode], [207, 400]);
  const headers = {
    'x-ms-cosmos-is-batch-request': 'true',
    'x-ms-cosmos-batch-atomic': 'true',
    'x-ms-documentdb-partitionkey': '["a"]',
  };
  const tooMany = await rawDocuments(cosmos, container, headers, JSON.stringify(Array.from({ length: 101 }, () => upsert)));
  assert.equal(tooMany.status, 400);
  assert.match(tooMany.body.message ?? '', /more operations than what is supported: 101/);
  const binary = await rawDocuments(cosmos, container, headers, Buffer.from([0x81, 1, 2, 3]));
  assert.equal(binary.status, 400);
  assert.match(binary.body.message ?? '', /HybridRow.*not supported by this emulator/);
});

test('bulk: operations over many partition keys, each for itself', async () => {
  const container = await newContainer(cosmos);
  const outcome = await container.items.executeBulkOperations(
    Array.from({ length: 250 }, (_, n) => ({
      operationType: 'Create' as const,
      partitionKey: `p${n % 7}`,
      resourceBody: { id: `i${n}`, pk: `p${n % 7}`, n },
    })),
  );
  assert.ok(outcome.every(({ response }) => response?.statusCode === 201));
  const mixed = await container.items.executeBulkOperations([
    { operationType: 'Create', partitionKey: 'p0', resourceBody: { id: 'i0', pk: 'p0' } },
    { operationType: 'Read', partitionKey: 'p1', id: 'i1' },
    { operationType: 'Delete', partitionKey: 'p2', id: 'i2' },
    {
      operationType: 'Patch',
      partitionKey: 'p3',
      id: 'i3',
      resourceBody: { operations: [{ op: 'set', path: '/n', value: -1 }] },
    },
    { operationType: 'Upsert', partitionKey: 'p4', resourceBody: { id: 'i4', pk: 'p4', n: -1 } },
    { operationType: 'Replace', partitionKey: 'p5', id: 'absent', resourceBody: { id: 'absent', pk: 'p5' } },
  ]);
  assert.deepEqual(
    mixed.map(({ response, error }) => response?.statusCode ?? error?.code),
    [409, 200, 204, 200, 200, 404],
  );
  const { resources } = await container.items.query<number>('SELECT VALUE COUNT(1) FROM c').fetchAll();
  assert.equal(resources[0], 249);
});

test('concurrent writers of one document: each write is whole, and etags let one win', async () => {
  const container = await newContainer(cosmos);
  const { etag } = await container.items.create({ id: '1', pk: 'a', n: 0 });
  const item = container.item('1', 'a');
  const condition = { accessCondition: { type: 'IfMatch', condition: etag } };
  const codes = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      item.replace({ id: '1', pk: 'a', n }, condition).then(
        ({ statusCode }) => statusCode,
        ({ code }) => code as number,
      ),
    ),
  );
  assert.equal(codes.filter((code) => code === 200).length, 1);
  assert.equal(codes.filter((code) => code === 412).length, 19);
  await Promise.all(Array.from({ length: 50 }, () => item.patch([{ op: 'incr', path: '/count', value: 1 }])));
  assert.equal((await item.read()).resource?.count, 50);
});
