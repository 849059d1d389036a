/** Writing to a real container: what is refused is found among what is not, and nothing else is held up. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type CosmosEmulator, cosmosEmulatorKey, startCosmos } from '@asaql/emulators';
import { type Container, CosmosClient } from '@azure/cosmos';
import { realAmbient } from '../src/retry/ambient.ts';
import { type Retry, ServiceUnavailableError } from '../src/retry/backoff.ts';
import { writeDocuments } from '../src/store/write-documents.ts';

let dataDir: string;
let cosmos: CosmosEmulator;
let client: CosmosClient;
let container: Container;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'asaql-write-'));
  cosmos = await startCosmos({ dataDir, databases: [{ id: 'db', containers: [{ id: 'c', partitionKey: '/key' }] }] });
  client = new CosmosClient({
    endpoint: cosmos.endpoint,
    key: cosmosEmulatorKey,
    connectionPolicy: { enableEndpointDiscovery: false },
  });
  container = client.database('db').container('c');
});
after(async () => {
  client.dispose();
  await cosmos.close();
  await rm(dataDir, { recursive: true });
});

const retry: Retry = {
  policy: { firstDelayMs: 1, maxDelayMs: 10, budgetMs: 200 },
  ambient: realAmbient,
  signal: new AbortController().signal,
};
const item = (id: string, key = `k${id.length % 3}`, size = 0) => {
  const document = { id, key, fill: 'x'.repeat(size) };
  return { partitionKey: key, bytes: 100 + size, document };
};

test('every document is stored, whatever their number and size', async () => {
  const items = [
    ...Array.from({ length: 350 }, (_, index) => item(`n${index}`, 'a')),
    ...Array.from({ length: 8 }, (_, index) => item(`large${index}`, 'b', 700_000)),
  ];
  const outcome = await writeDocuments(container, items, { concurrency: 4, retry });
  assert.deepEqual([outcome.stored, outcome.refused, outcome.retries], [358, [], 0]);
  assert.ok(outcome.requestUnits > 350);
  const { resources } = await container.items.query<number>('SELECT VALUE COUNT(1) FROM c').fetchAll();
  assert.deepEqual(resources, [358]);
});

test('documents that the store will never take are told apart from their neighbours', async () => {
  const bad = [
    item('too large', 'd', 2_200_000),
    { ...item('odd ttl', 'd'), document: { id: 'odd ttl', key: 'd', fill: '', ttl: 'soon' } },
  ];
  const good = Array.from({ length: 120 }, (_, index) => item(`d${index}`, 'd'));
  const mixed = [
    ...good.slice(0, 30),
    bad[0],
    ...good.slice(30, 77),
    bad[1],
    ...good.slice(77, 100),
    bad[2],
    ...good.slice(100),
  ].filter((entry) => entry !== undefined);
  const outcome = await writeDocuments(container, mixed, { concurrency: 2, retry });
  assert.deepEqual(new Set(outcome.refused.map((refusal) => refusal.item)), new Set(bad));
  assert.match(outcome.refused.find((refusal) => refusal.status === 400)?.message ?? '', /ttl/);
  assert.equal(outcome.stored, good.length);
  const { resources } = await container.items
    .query<number>({ query: 'SELECT VALUE COUNT(1) FROM c WHERE c.key = @key', parameters: [{ name: '@key', value: 'd' }] })
    .fetchAll();
  assert.deepEqual(resources, [good.length]);
});

test('a container that is not there is waited for, not blamed on the documents', async () => {
  const missing = client.database('db').container('missing');
  await assert.rejects(writeDocuments(missing, [item('a')], { concurrency: 1, retry }), ServiceUnavailableError);
});
