// The change feed through the real SDK's iterators, old and new: from the beginning, a time, now, a token; while others write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeFeedMode, ChangeFeedStartFrom, type Container } from '@azure/cosmos';
import { failure, newContainer, startForFile } from './cosmos-under-test.ts';

const cosmos = await startForFile();

type Changed = { id: string; _lsn: number };

/** Reads to the end of the feed; the pages' ids, and the token to go on with. */
async function readToEnd(
  container: Container,
  from: ChangeFeedStartFrom,
  maxItemCount?: number,
): Promise<{ pages: string[][]; token: string }> {
  const options = { changeFeedStartFrom: from, ...(maxItemCount === undefined ? {} : { maxItemCount }) };
  const feed = container.items.getChangeFeedIterator<Changed>(options);
  const pages: string[][] = [];
  for (;;) {
    const page = await feed.readNext();
    if (page.statusCode === 304) return { pages, token: page.continuationToken };
    pages.push(page.result.map(({ id }) => id));
  }
}

test('every document once at its last change, in order, in pages; then only what is new', async () => {
  const container = await newContainer(cosmos);
  for (const id of ['1', '2', '3', '4', '5']) await container.items.create({ id, pk: `p${Number(id) % 2}` });
  await container.items.upsert({ id: '2', pk: 'p0', changed: true });
  const first = await readToEnd(container, ChangeFeedStartFrom.Beginning(), 2);
  assert.deepEqual(first.pages, [['1', '3'], ['4', '5'], ['2']]);
  const go = ChangeFeedStartFrom.Continuation(first.token);
  assert.deepEqual((await readToEnd(container, go)).pages, []);
  await container.item('1', 'p1').patch([{ op: 'set', path: '/x', value: 1 }]);
  await container.item('3', 'p1').delete();
  await container.items.create({ id: '6', pk: 'p0' });
  assert.deepEqual((await readToEnd(container, go)).pages, [['1', '6']]);
});

test('documents carry their _lsn, growing', async () => {
  const container = await newContainer(cosmos);
  await container.items.batch(
    Array.from({ length: 50 }, (_, n) => ({ operationType: 'Create' as const, resourceBody: { id: `${n}`, pk: 'a' } })),
    'a',
  );
  const page = await container.items
    .getChangeFeedIterator<Changed>({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning() })
    .readNext();
  const lsns = page.result.map(({ _lsn }) => _lsn);
  assert.equal(lsns.length, 50);
  assert.deepEqual(
    lsns,
    [...new Set(lsns)].sort((a, b) => a - b),
  );
});

test('from now', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: 'before', pk: 'a' });
  const feed = container.items.getChangeFeedIterator<Changed>({ changeFeedStartFrom: ChangeFeedStartFrom.Now() });
  assert.equal((await feed.readNext()).statusCode, 304);
  await container.items.create({ id: 'after', pk: 'a' });
  assert.deepEqual(
    (await feed.readNext()).result.map(({ id }) => id),
    ['after'],
  );
  assert.equal((await feed.readNext()).statusCode, 304);
});

test('from a time', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: 'old', pk: 'a' });
  cosmos.clock.nowMs += 60_000;
  const time = new Date(cosmos.clock.nowMs);
  await container.items.create({ id: 'new', pk: 'a' });
  cosmos.clock.nowMs += 60_000;
  await container.items.create({ id: 'newer', pk: 'b' });
  assert.deepEqual((await readToEnd(container, ChangeFeedStartFrom.Time(time))).pages, [['new', 'newer']]);
});

test('of one partition key, whose token goes past the others’ changes', async () => {
  const container = await newContainer(cosmos);
  for (const id of ['1', '2', '3', '4']) await container.items.create({ id, pk: `p${Number(id) % 2}` });
  const first = await readToEnd(container, ChangeFeedStartFrom.Beginning('p0'));
  assert.deepEqual(first.pages, [['2', '4']]);
  await container.items.create({ id: '5', pk: 'p1' });
  await container.items.create({ id: '6', pk: 'p0' });
  assert.deepEqual((await readToEnd(container, ChangeFeedStartFrom.Continuation(first.token))).pages, [['6']]);
});

test('of a feed range: halves of the hash space share the documents between them', async () => {
  const container = await newContainer(cosmos, { partitionKey: { paths: ['/pk'], version: 2 } });
  for (let n = 0; n < 40; n++) await container.items.create({ id: `${n}`, pk: `p${n}` });
  const [whole] = await container.getFeedRanges();
  assert.ok(whole);
  const half = (minInclusive: string, maxExclusive: string) =>
    Object.assign(Object.create(Object.getPrototypeOf(whole)), { minInclusive, maxExclusive });
  const low = (
    await readToEnd(container, ChangeFeedStartFrom.Beginning(half('', '1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF')))
  ).pages.flat();
  const high = (
    await readToEnd(container, ChangeFeedStartFrom.Beginning(half('1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', 'FF')))
  ).pages.flat();
  assert.ok(low.length > 5 && high.length > 5, `${low.length} and ${high.length}`);
  assert.equal(new Set([...low, ...high]).size, 40);
});

test('the older iterator with its etag continuation', async () => {
  const container = await newContainer(cosmos);
  for (const id of ['1', '2', '3']) await container.items.create({ id, pk: 'a' });
  const options = { startFromBeginning: true, maxItemCount: 2 };
  const iterator = container.items.changeFeed<Changed>('a', options);
  const { result, etag } = await iterator.fetchNext();
  assert.deepEqual(
    result.map(({ id }) => id),
    ['1', '2'],
  );
  const { result: rest } = await container.items.changeFeed<Changed>('a', { continuation: etag }).fetchNext();
  assert.deepEqual(
    rest.map(({ id }) => id),
    ['3'],
  );
});

test('a token that is none, and the mode that is not there, are named', async () => {
  const container = await newContainer(cosmos);
  await container.items.create({ id: '1', pk: 'a' });
  const bad = await failure(container.items.changeFeed('a', { continuation: 'nonsense' }).fetchNext());
  assert.equal(bad.code, 400);
  assert.match(bad.message, /'nonsense' is not one of this emulator/);
  const deletes = container.items.getChangeFeedIterator({
    changeFeedStartFrom: ChangeFeedStartFrom.Now(),
    changeFeedMode: ChangeFeedMode.AllVersionsAndDeletes,
  });
  const missing = await failure(deletes.readNext());
  assert.match(missing.message, /Full-Fidelity Feed.*not supported by this emulator/);
});

test('a reader that polls while others write sees every document', async () => {
  const container = await newContainer(cosmos);
  const total = 2000;
  const seen = new Set<string>();
  const feed = container.items.getChangeFeedIterator<Changed>({
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
    maxItemCount: 150,
  });
  const reader = async (): Promise<void> => {
    while (seen.size < total) for (const { id } of (await feed.readNext()).result) seen.add(id);
  };
  const writer = async (name: string): Promise<void> => {
    for (let round = 0; round < total / 200; round++) {
      const operations = Array.from({ length: 50 }, (_, n) => ({
        operationType: 'Upsert' as const,
        resourceBody: { id: `${name}-${round}-${n}`, pk: name },
      }));
      await container.items.batch(operations, name);
    }
  };
  await Promise.all([reader(), ...['a', 'b', 'c', 'd'].map(writer)]);
  assert.equal(seen.size, total);
});
