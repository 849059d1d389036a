// Queries page by page through the real SDK: sizes, continuations, scopes, plans; and while documents change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedOptions } from '@azure/cosmos';
import { startCosmos } from '../../src/cosmos/start-cosmos.ts';
import { clientOf, failure, newContainer, rawDocuments, startForFile, temporaryFolder } from './cosmos-under-test.ts';

const cosmos = await startForFile();
const container = await newContainer(cosmos);
const total = 250;
for (let start = 0; start < total; start += 50) {
  const pk = `p${start / 50}`;
  const operations = Array.from({ length: 50 }, (_, n) => ({
    operationType: 'Create' as const,
    resourceBody: { id: `${start + n}`, pk, n: start + n, odd: (start + n) % 2, list: [1, 2, 3] },
  }));
  await container.items.batch(operations, pk);
}
const everyN = Array.from({ length: total }, (_, n) => n);

async function pagesOf(query: string, options: FeedOptions): Promise<unknown[][]> {
  const iterator = container.items.query<unknown>(query, options);
  const pages: unknown[][] = [];
  while (iterator.hasMoreResults()) {
    const { resources } = await iterator.fetchNext();
    if (resources !== undefined) pages.push(resources);
  }
  return pages;
}

test('pages of at most the asked size, nothing twice and nothing missing', async () => {
  const cases: [query: string, expected: unknown[]][] = [
    ['SELECT VALUE c.n FROM c', everyN],
    ['SELECT VALUE c.n FROM c WHERE c.odd = 1', everyN.filter((n) => n % 2 === 1)],
    ['SELECT VALUE c.n FROM c ORDER BY c.n DESC', [...everyN].reverse()],
    ['SELECT VALUE c.n FROM c ORDER BY c.odd, c.n DESC', [...everyN].sort((a, b) => (a % 2) - (b % 2) || b - a)],
    [
      'SELECT VALUE c.n FROM c WHERE c.n % 10 = 0 ORDER BY c.n OFFSET 3 LIMIT 15',
      everyN.filter((n) => n % 10 === 0).slice(3, 18),
    ],
    ['SELECT VALUE c.n FROM c OFFSET 20 LIMIT 100', everyN.slice(20, 120)],
    ['SELECT TOP 33 VALUE c.n FROM c', everyN.slice(0, 33)],
    [
      'SELECT VALUE [c.n, x] FROM c JOIN x IN c.list WHERE c.n < 40',
      everyN.slice(0, 40).flatMap((n) => [1, 2, 3].map((x) => [n, x])),
    ],
    ['SELECT DISTINCT VALUE c.n % 50 FROM c', everyN.slice(0, 50)],
    ['SELECT VALUE COUNT(1) FROM c GROUP BY c.n', everyN.map(() => 1)],
  ];
  for (const [query, expected] of cases) {
    for (const maxItemCount of [7, 50, 1000]) {
      const pages = await pagesOf(query, { maxItemCount });
      assert.ok(
        pages.every((page) => page.length <= maxItemCount),
        query,
      );
      assert.deepEqual(pages.flat(), expected, `${query} in pages of ${maxItemCount}`);
    }
  }
});

test('a query of one partition key reads that partition only, and is charged for that', async () => {
  const whole = await container.items.query('SELECT * FROM c', { maxItemCount: 1000 }).fetchAll();
  const scoped = await container.items.query('SELECT * FROM c', { partitionKey: 'p2' }).fetchAll();
  assert.equal(scoped.resources.length, 50);
  assert.ok(scoped.requestCharge < whole.requestCharge / 2, `${scoped.requestCharge} of ${whole.requestCharge}`);
  const filtered = await container.items.query("SELECT * FROM c WHERE c.pk = 'p2' AND c.odd = 1").fetchAll();
  assert.equal(filtered.resources.length, 25);
  assert.deepEqual(
    (await pagesOf('SELECT VALUE c.n FROM c ORDER BY c.n DESC', { partitionKey: 'p1', maxItemCount: 30 })).flat(),
    everyN.slice(50, 100).reverse(),
  );
});

test('documents that are changed while a query is paged are neither lost nor given twice', async () => {
  const paged = await newContainer(cosmos);
  for (let n = 0; n < 20; n++) await paged.items.create({ id: `${n}`, pk: 'a' });
  const iterator = paged.items.query<string>('SELECT VALUE c.id FROM c', { maxItemCount: 6 });
  const seen: string[] = [];
  while (iterator.hasMoreResults()) {
    seen.push(...(await iterator.fetchNext()).resources);
    for (let n = 0; n < 20; n += 3) await paged.items.upsert({ id: `${n}`, pk: 'a', changed: seen.length });
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 20 }, (_, n) => `${n}`),
  );
});

test('a continuation goes on after a restart', async () => {
  const dataDir = temporaryFolder();
  const read = async (continuationToken?: string, query = 'SELECT VALUE c.n FROM c ORDER BY c.n DESC') => {
    const emulator = await startCosmos({ dataDir, databases: [{ id: 'db', containers: [{ id: 'c', partitionKey: '/pk' }] }] });
    const client = clientOf(emulator.endpoint);
    const { items } = client.database('db').container('c');
    if (continuationToken === undefined) for (let n = 0; n < 10; n++) await items.upsert({ id: `${n}`, pk: 'a', n });
    const page = await items
      .query<number>(query, { maxItemCount: 4, ...(continuationToken ? { continuationToken } : {}) })
      .fetchNext();
    client.dispose();
    await emulator.close();
    return page;
  };
  const first = await read();
  assert.deepEqual(first.resources, [9, 8, 7, 6]);
  assert.deepEqual((await read(first.continuationToken)).resources, [5, 4, 3, 2]);
});

test('a continuation of something else is refused', async () => {
  for (const continuationToken of ['nonsense', '{}', '{"cursor":1}']) {
    for (const query of ['SELECT * FROM c', 'SELECT * FROM c ORDER BY c.n']) {
      const { code, message } = await failure(container.items.query(query, { continuationToken }).fetchNext());
      assert.equal(code, 400);
      assert.match(message, /continuation token is not one of this query/);
    }
  }
});

test('a client that insists on a query plan gets one that leaves the query to the server', async () => {
  const query = 'SELECT c.odd, COUNT(1) AS n FROM c GROUP BY c.odd';
  const { resources } = await container.items.query(query, { forceQueryPlan: true } as FeedOptions).fetchAll();
  assert.deepEqual(resources, [
    { odd: 0, n: 125 },
    { odd: 1, n: 125 },
  ]);
  const ordered = await container.items
    .query('SELECT VALUE c.n FROM c ORDER BY c.n DESC', { forceQueryPlan: true, maxItemCount: 40 } as FeedOptions)
    .fetchAll();
  assert.deepEqual(ordered.resources, [...everyN].reverse());
});

test('readAll, query metrics, and pages cut at 4 MB', async () => {
  assert.equal((await container.items.readAll({ maxItemCount: 100 }).fetchAll()).resources.length, total);
  const { queryMetrics } = await container.items
    .query('SELECT * FROM c WHERE c.n < 10', { populateQueryMetrics: true })
    .fetchNext();
  assert.match(JSON.stringify(queryMetrics), /"outputDocumentCount":10/);
  const large = await newContainer(cosmos);
  for (let n = 0; n < 5; n++) await large.items.create({ id: `${n}`, pk: 'a', text: 'x'.repeat(1_500_000) });
  const page = await large.items.query('SELECT * FROM c').fetchNext();
  assert.equal(page.resources.length, 3);
  assert.ok(page.hasMoreResults);
});

test('a query’s body that is none', async () => {
  const headers = { 'x-ms-documentdb-isquery': 'true', 'content-type': 'application/query+json' };
  assert.match(
    (await rawDocuments(cosmos, container, headers, '{"nothing":1}')).body.message ?? '',
    /must have the property 'query'/,
  );
  const parameters = '{"query":"SELECT 1","parameters":[{"value":1}]}';
  assert.match((await rawDocuments(cosmos, container, headers, parameters)).body.message ?? '', /parameter must have a name/);
});
