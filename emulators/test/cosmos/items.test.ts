// Single documents through the real SDK: etags, partition keys, patch, TTL, unique keys, request charges, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PatchOperation } from '@azure/cosmos';
import { failure, newContainer, rawDocuments, startForFile } from './cosmos-under-test.ts';

const cosmos = await startForFile();

test('create, read, upsert, replace, delete', async () => {
  const container = await newContainer(cosmos);
  const created = await container.items.create({
    id: '1',
    pk: 'a',
    text: 'grüße \u{1f600} "\\',
    n: 1.5,
    none: null,
    list: [1, { x: [] }],
  });
  assert.equal(created.statusCode, 201);
  const { _rid, _self, _etag, _attachments, _ts, ...own } = created.resource as unknown as Record<string, unknown>;
  assert.deepEqual(own, { id: '1', pk: 'a', text: 'grüße \u{1f600} "\\', n: 1.5, none: null, list: [1, { x: [] }] });
  assert.equal(Buffer.from(String(_rid), 'base64').length, 16);
  assert.equal(_ts, cosmos.clock.nowMs / 1000);
  assert.equal(created.etag, _etag);
  assert.match(String(_self), /^dbs\/.+\/colls\/.+\/docs\/.+\/$/);
  assert.equal((await failure(container.items.create({ id: '1', pk: 'a' }))).code, 409);
  assert.equal((await container.items.upsert({ id: '1', pk: 'a', n: 2 })).statusCode, 200);
  assert.equal((await container.items.upsert({ id: '2', pk: 'a', n: 2 })).statusCode, 201);
  const replaced = await container.item('1', 'a').replace({ id: '1', pk: 'a', n: 3 });
  assert.equal(replaced.resource?.n, 3);
  assert.equal((replaced.resource as { _rid?: string } | undefined)?._rid, _rid, 'the rid stays through replaces');
  assert.equal((await container.item('1', 'a').delete()).statusCode, 204);
  assert.equal((await container.item('1', 'a').read()).statusCode, 404);
  assert.equal((await failure(container.item('1', 'a').delete())).code, 404);
  assert.equal((await failure(container.item('1', 'a').replace({ id: '1', pk: 'a' }))).code, 404);
});

test('etags: if-match, if-none-match', async () => {
  const container = await newContainer(cosmos);
  const { etag } = await container.items.create({ id: '1', pk: 'a' });
  const item = container.item('1', 'a');
  const match = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });
  const noneMatch = (condition: string) => ({ accessCondition: { type: 'IfNoneMatch', condition } });
  assert.equal((await item.read(noneMatch(etag))).statusCode, 304);
  const second = await item.replace({ id: '1', pk: 'a', n: 2 }, match(etag));
  assert.notEqual(second.etag, etag);
  assert.equal((await item.read(noneMatch(etag))).statusCode, 200);
  const stale = await failure(item.replace({ id: '1', pk: 'a', n: 3 }, match(etag)));
  assert.equal(stale.code, 412);
  assert.match(stale.message, /One of the specified pre-condition is not met/);
  assert.equal((await failure(item.delete(match(etag)))).code, 412);
  assert.equal((await failure(container.items.upsert({ id: '1', pk: 'a' }, match(etag)))).code, 412);
  assert.equal((await failure(item.patch([{ op: 'set', path: '/n', value: 0 }], match(etag)))).code, 412);
  assert.equal((await item.delete(match(second.etag))).statusCode, 204);
});

test('partition keys of every type are told apart, and must be the document’s', async () => {
  const container = await newContainer(cosmos);
  const keys = ['1', 1, true, null, undefined, '', 1.5, 'null'];
  for (const [n, pk] of keys.entries())
    await container.items.create(pk === undefined ? { id: 'same', n } : { id: 'same', n, pk });
  for (const [n, pk] of keys.entries()) {
    const { resource } = await container.item('same', pk as string).read();
    assert.equal(resource?.n, n, `partition key ${JSON.stringify(pk)}`);
  }
  const scoped = await container.items.query<number>('SELECT VALUE c.n FROM c', { partitionKey: 1 }).fetchAll();
  assert.deepEqual(scoped.resources, [1]);
  const wrong = await failure(container.item('same', '1').replace({ id: 'same', pk: '2' }));
  assert.equal(wrong.code, 400);
  assert.equal(wrong.substatus, 1001);
  assert.match(wrong.message, /doesn't match the one specified in the header/);
});

test('hierarchical partition keys: whole ones address, prefixes scope queries', async () => {
  const container = await newContainer(cosmos, {
    partitionKey: { paths: ['/tenant', '/user', '/session'], kind: 'MultiHash' as never, version: 2 },
  });
  for (const tenant of ['t1', 't2']) {
    for (const user of ['u1', 'u2']) {
      for (const session of [1, 2]) await container.items.create({ id: 'x', tenant, user, session });
    }
  }
  assert.equal((await container.item('x', ['t1', 'u2', 2]).read()).resource?.user, 'u2');
  const count = async (partitionKey: (string | number)[]): Promise<number> =>
    (await container.items.query('SELECT * FROM c', { partitionKey }).fetchAll()).resources.length;
  assert.equal(await count(['t1']), 4);
  assert.equal(await count(['t1', 'u1']), 2);
  assert.equal(await count(['t2', 'u1', 1]), 1);
});

test('ids and bodies that cannot be', async () => {
  const container = await newContainer(cosmos);
  const post = async (body: string | Buffer, pk = '["a"]'): Promise<[number, string]> => {
    const answer = await rawDocuments(cosmos, container, { 'x-ms-documentdb-partitionkey': pk }, body);
    return [answer.status, answer.body.message ?? ''];
  };
  const refused: [body: unknown, status: number, message: RegExp][] = [
    [{ pk: 'a' }, 400, /required properties - 'id; ' - are missing/],
    [{ id: 5, pk: 'a' }, 400, /'id' must be a string/],
    [{ id: 'a/b', pk: 'a' }, 400, /without '\/'/],
    [{ id: 'x'.repeat(256), pk: 'a' }, 400, /longer than 255/],
    [{ id: '1', pk: { an: 'object' } }, 400, /not an object or array/],
    [{ id: '1', pk: 'a', ttl: 0 }, 400, /The input ttl '0' is invalid/],
    [{ id: '1', pk: 'b' }, 400, /doesn't match the one specified in the header/],
    [[1], 400, /no JSON object/],
    [{ id: '1', pk: 'a', big: 'x'.repeat(2 * 1024 * 1024) }, 413, /2 MB at most/],
  ];
  for (const [body, status, message] of refused) {
    const [foundStatus, found] = await post(JSON.stringify(body));
    assert.match(found, message);
    assert.equal(foundStatus, status);
  }
  const deep = `{"id":"1","pk":"a","deep":${'['.repeat(200)}${']'.repeat(200)}}`;
  assert.match((await post(deep))[1], /nested more than 128 levels/);
  assert.match((await post('{"id":'))[1], /no JSON in UTF-8/);
  assert.match((await post(Buffer.from('7b226964223a22ff227d', 'hex')))[1], /no JSON in UTF-8/);
  assert.match((await post('{"id":"1","pk":"a"}', '["a","b"]'))[1], /1 components expected/);
  assert.match((await post('{"id":"1","pk":"a"}', 'a'))[1], /header is no JSON/);
  assert.deepEqual((await container.items.readAll().fetchAll()).resources, []);
});

test('patch: every operation, the condition, and all or nothing', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: '1', pk: 'a', n: 1, list: [1, 2, 3], nested: { deep: { x: 1 } }, old: 'v' });
  const item = container.item('1', 'a');
  const patched = await item.patch([
    { op: 'add', path: '/list/1', value: 'inserted' },
    { op: 'add', path: '/list/-', value: 'last' },
    { op: 'set', path: '/list/0', value: 'first' },
    { op: 'replace', path: '/nested/deep/x', value: { y: null } },
    { op: 'remove', path: '/list/3' },
    { op: 'incr', path: '/n', value: 2.5 },
    { op: 'incr', path: '/fresh', value: 7 },
    // The SDK sends it, but its types leave it out.
    { op: 'move', from: '/old', path: '/nested/new' } as unknown as PatchOperation,
    { op: 'set', path: '/nested/a~1b', value: 1 },
  ]);
  const { list, n, fresh, nested, old } = patched.resource as Record<string, unknown>;
  assert.deepEqual(
    { list, n, fresh, nested, old },
    {
      list: ['first', 'inserted', 2, 'last'],
      n: 3.5,
      fresh: 7,
      nested: { deep: { x: { y: null } }, new: 'v', 'a/b': 1 },
      old: undefined,
    },
  );
  const increase: PatchOperation[] = [{ op: 'incr', path: '/n', value: 1 }];
  assert.equal((await item.patch({ condition: 'FROM c WHERE c.n = 3.5', operations: increase })).resource?.n, 4.5);
  assert.equal((await failure(item.patch({ condition: 'from c where c.n = 3.5', operations: increase }))).code, 412);
  const refused: [PatchOperation[], RegExp][] = [
    [[{ op: 'replace', path: '/absent', value: 1 }], /nothing at '\/absent'/],
    [[{ op: 'remove', path: '/absent' }], /nothing at '\/absent'/],
    [[{ op: 'add', path: '/absent/x', value: 1 }], /parent of '\/absent\/x' does not exist/],
    [[{ op: 'add', path: '/list/99', value: 1 }], /out of the array's bounds/],
    [[{ op: 'incr', path: '/list', value: 1 }], /no number/],
    [[{ op: 'set', path: '/id', value: 'other' }], /cannot change the property 'id'/],
    [[{ op: 'set', path: '/pk', value: 'other' }], /cannot change the partition key/],
    [[{ op: 'set', path: '/_ts', value: 1 }], /system property/],
    [Array.from({ length: 11 }, () => ({ op: 'incr', path: '/n', value: 1 }) as const), /can't exceed 10/],
  ];
  for (const [operations, message] of refused) {
    const found = await failure(item.patch([{ op: 'set', path: '/n', value: -1 } as PatchOperation, ...operations].slice(-11)));
    assert.equal(found.code, 400);
    assert.match(found.message, message);
  }
  assert.equal((await item.read()).resource?.n, 4.5);
});

test('TTL: a default, an own one, none; expired is invisible at once and deleted in time', async () => {
  const container = await newContainer(cosmos, { defaultTtl: 60 });
  await container.items.create({ id: 'default', pk: 'a' });
  await container.items.create({ id: 'short', pk: 'a', ttl: 10 });
  await container.items.create({ id: 'forever', pk: 'a', ttl: -1 });
  const visible = async (): Promise<string[]> => {
    const [queried, fed, counted] = await Promise.all([
      container.items.query<string>('SELECT VALUE c.id FROM c').fetchAll(),
      container.items.changeFeed('a', { startFromBeginning: true }).fetchNext(),
      container.items.query<number>('SELECT VALUE COUNT(1) FROM c').fetchAll(),
    ]);
    assert.deepEqual((fed.result as { id: string }[]).map(({ id }) => id).sort(), [...queried.resources].sort());
    assert.equal(counted.resources[0], queried.resources.length);
    return queried.resources;
  };
  cosmos.clock.nowMs += 9_000;
  assert.deepEqual(await visible(), ['default', 'short', 'forever']);
  cosmos.clock.nowMs += 1_000;
  assert.deepEqual(await visible(), ['default', 'forever']);
  assert.equal((await container.item('short', 'a').read()).statusCode, 404);
  assert.equal((await failure(container.item('short', 'a').replace({ id: 'short', pk: 'a' }))).code, 404);
  assert.equal((await container.items.create({ id: 'short', pk: 'a', again: true })).statusCode, 201);
  cosmos.clock.nowMs += 50_000;
  assert.deepEqual(await visible(), ['forever', 'short']);
  await container.items.upsert({ id: 'short', pk: 'a', renewed: true });
  cosmos.clock.nowMs += 59_000;
  assert.deepEqual(await visible(), ['forever', 'short']);
  const { resource } = await container.read();
  await container.replace({ ...resource, id: container.id, partitionKey: { paths: ['/pk'] }, defaultTtl: -1 } as never);
  cosmos.clock.nowMs += 1_000_000;
  assert.deepEqual(await visible(), ['forever', 'short'], 'a default of -1 keeps what has no ttl of its own');
});

test('without a default, a document’s own ttl means nothing', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: '1', pk: 'a', ttl: 1 });
  cosmos.clock.nowMs += 100_000;
  assert.equal((await container.item('1', 'a').read()).statusCode, 200);
});

test('unique keys, within a partition key', async () => {
  const container = await newContainer(cosmos, {
    defaultTtl: -1,
    uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/email'] }, { paths: ['/a/b', '/c'] }] },
  });
  await container.items.create({ id: '1', pk: 'p', email: 'x', a: { b: 1 }, c: 1 });
  const violated = await failure(container.items.create({ id: '2', pk: 'p', email: 'x', a: { b: 2 }, c: 1 }));
  assert.equal(violated.code, 409);
  assert.match(violated.message, /Unique index constraint violation/);
  assert.equal((await failure(container.items.upsert({ id: '2', pk: 'p', email: 'y', a: { b: 1 }, c: 1 }))).code, 409);
  await container.items.create({ id: '2', pk: 'p', email: 1, a: { b: '1' }, c: 1 });
  await container.items.create({ id: '1', pk: 'other', email: 'x', a: { b: 1 }, c: 1, ttl: 5 });
  cosmos.clock.nowMs += 6_000;
  await container.items.create({ id: '9', pk: 'other', email: 'x', a: { b: 1 }, c: 1 });
});

test('deleteAllItemsForPartitionKey', async () => {
  const container = await newContainer(cosmos);
  for (const pk of ['a', 'b']) for (const id of ['1', '2']) await container.items.create({ id, pk });
  await container.deleteAllItemsForPartitionKey('a');
  assert.deepEqual((await container.items.query('SELECT VALUE c.pk FROM c').fetchAll()).resources, ['b', 'b']);
});

test('request charges: 1 RU for reading 1 KB, 5 to 7 for inserting it, twice that for replacing', async () => {
  const container = await newContainer(cosmos);
  const document = { id: '1', pk: 'a', text: 'x'.repeat(700) };
  const created = await container.items.create(document);
  assert.ok(created.requestCharge >= 5 && created.requestCharge <= 7, String(created.requestCharge));
  assert.equal((await container.item('1', 'a').read()).requestCharge, 1);
  assert.equal((await container.items.upsert(document)).requestCharge, 2 * created.requestCharge);
  const large = await container.items.create({ id: '2', pk: 'a', text: 'x'.repeat(100_000) });
  assert.ok(large.requestCharge > 40 && large.requestCharge < 60, String(large.requestCharge));
});
