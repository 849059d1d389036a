// The account, databases, containers and throughput through the real SDK; who is let in; what the emulator does not have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionKeyKind } from '@azure/cosmos';
import { cosmosEmulatorKey, startCosmos } from '../../src/cosmos/start-cosmos.ts';
import { clientOf, failure, newContainer, startForFile, temporaryFolder } from './cosmos-under-test.ts';

const cosmos = await startForFile({
  databases: [
    {
      id: 'ready',
      containers: [{ id: 'aggregations', partitionKey: '/aggregation_type', defaultTtl: 86_400, throughput: 1000 }],
    },
  ],
});
const { client } = cosmos;

test('the account, by any client that only has the connection string', async () => {
  const { resource } = await client.getDatabaseAccount();
  assert.equal(resource?.consistencyPolicy, 'Session');
  assert.equal(cosmos.connectionString, `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmosEmulatorKey};`);
});

test('what was asked to stand ready does, with its settings', async () => {
  const container = client.database('ready').container('aggregations');
  const { resource } = await container.read();
  assert.deepEqual(resource?.partitionKey?.paths, ['/aggregation_type']);
  assert.equal(resource?.defaultTtl, 86_400);
  const { resource: offer } = await container.readOffer();
  assert.equal(offer?.content?.offerThroughput, 1000);
});

test('databases: created once, listed, queried, deleted', async () => {
  const { database, statusCode } = await client.databases.createIfNotExists({ id: 'first' });
  assert.equal(statusCode, 201);
  assert.equal((await client.databases.createIfNotExists({ id: 'first' })).statusCode, 200);
  assert.equal((await failure(client.databases.create({ id: 'first' }))).code, 409);
  const found = await client.databases
    .query({ query: 'SELECT * FROM c WHERE c.id = @id', parameters: [{ name: '@id', value: 'first' }] })
    .fetchAll();
  assert.deepEqual(
    found.resources.map(({ id }) => id),
    ['first'],
  );
  await database.delete();
  assert.equal((await database.read().catch((error) => error)).code, 404);
  const all = await client.databases.readAll().fetchAll();
  assert.ok(!all.resources.some(({ id }) => id === 'first'));
});

test('a database goes with its containers and documents', async () => {
  const { database } = await client.databases.create({ id: 'gone' });
  const { container } = await database.containers.create({ id: 'c', partitionKey: '/pk' });
  await container.items.create({ id: '1', pk: 'a' });
  const { resource: before } = await container.read();
  await database.delete();
  const { database: again } = await client.databases.create({ id: 'gone' });
  const { container: empty } = await again.containers.create({ id: 'c', partitionKey: '/pk' });
  assert.deepEqual((await empty.items.readAll().fetchAll()).resources, []);
  const { resource: after } = await empty.read();
  assert.notEqual(after?._rid, before?._rid);
});

test('containers: settings come back, some can be replaced, keys cannot', async () => {
  const container = await newContainer(cosmos, { partitionKey: { paths: ['/a/b'] }, defaultTtl: 60 });
  const { resource } = await container.read();
  assert.ok(resource);
  assert.equal(resource.indexingPolicy?.indexingMode, 'consistent');
  const replaced = await container.replace({ ...resource, defaultTtl: 120 });
  assert.equal(replaced.resource?.defaultTtl, 120);
  const refused = await failure(
    container.replace({ ...resource, partitionKey: { paths: ['/other'], kind: PartitionKeyKind.Hash } }),
  );
  assert.equal(refused.code, 400);
  assert.equal((await failure(container.replace({ ...resource, defaultTtl: -7 }))).code, 400);
  await container.delete();
  assert.equal((await failure(container.read())).code, 404);
});

test('names that cannot be are refused, unusual ones work', async () => {
  assert.equal((await failure(client.databases.create({ id: 'x'.repeat(256) }))).code, 400);
  const { database } = await client.databases.create({ id: 'ünï cöde+%41' });
  const { container } = await database.containers.create({ id: 'ein Behälter', partitionKey: '/pk' });
  await container.items.create({ id: 'a b+c%20ü', pk: 'é"\\' });
  assert.equal((await container.item('a b+c%20ü', 'é"\\').read()).resource?.id, 'a b+c%20ü');
});

test('throughput: read, replaced, autoscale, shared by a database', async () => {
  const manual = await newContainer(cosmos, { throughput: 700 });
  const { offer, resource } = await manual.readOffer();
  assert.equal(resource?.content?.offerThroughput, 700);
  assert.ok(offer && resource);
  await offer.replace({
    ...resource,
    content: { ...resource.content, offerThroughput: 900 } as NonNullable<typeof resource.content>,
  });
  assert.equal((await manual.readOffer()).resource?.content?.offerThroughput, 900);
  const autoscale = await newContainer(cosmos, { maxThroughput: 4000 });
  assert.equal((await autoscale.readOffer()).resource?.content?.offerAutopilotSettings?.maxThroughput, 4000);
  const { database } = await client.databases.create({ id: 'shared', throughput: 500 });
  assert.equal((await database.readOffer()).resource?.content?.offerThroughput, 500);
  const { container } = await database.containers.create({ id: 'c', partitionKey: '/pk' });
  assert.equal((await container.readOffer()).resource, undefined);
});

test('one partition key range, and not modified when asked again', async () => {
  const container = await newContainer(cosmos);
  const { resources } = await container.readPartitionKeyRanges().fetchAll();
  assert.deepEqual(
    resources.map(({ id, minInclusive, maxExclusive }) => [id, minInclusive, maxExclusive]),
    [['0', '', 'FF']],
  );
});

test('two createIfNotExists at once make one container', async () => {
  const { database } = await client.databases.createIfNotExists({ id: 'test' });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => database.containers.createIfNotExists({ id: 'raced', partitionKey: '/pk', throughput: 400 })),
  );
  const codes = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value.statusCode : (outcome.reason as { code: number }).code,
  );
  assert.equal(codes.filter((code) => code === 201).length, 1);
  assert.ok(codes.every((code) => code === 200 || code === 201 || code === 409));
  const { resources } = await database.containers.readAll().fetchAll();
  assert.equal(resources.filter(({ id }) => id === 'raced').length, 1);
});

test('a wrong key is refused with 401 and the payload that was signed', async () => {
  const wrong = clientOf(cosmos.endpoint, Buffer.from('another key').toString('base64'));
  const { code, message } = await failure(wrong.database('ready').read());
  assert.equal(code, 401);
  assert.match(message, /The input authorization token can't serve the request.*The wrong key is being used/);
  assert.match(message, /'get\\ndbs\\ndbs\/ready\\n/);
  wrong.dispose();
});

test('no authorization, a resource token and an AAD token are refused, saying why', async () => {
  const ask = async (authorization?: string): Promise<string> => {
    const answer = await fetch(
      cosmos.endpoint,
      authorization === undefined ? {} : { headers: { authorization: encodeURIComponent(authorization) } },
    );
    assert.equal(answer.status, 401);
    return ((await answer.json()) as { message: string }).message;
  };
  assert.match(await ask(), /authorization is missing/);
  assert.match(await ask('type=resource&ver=1&sig=x'), /Resource tokens are not supported/);
  assert.match(await ask('type=aad&ver=1.0&sig=x.y.z'), /AAD tokens are not accepted/);
});

test("a client's clock that is off by more than 15 minutes is refused with 403", async () => {
  const late = await startCosmos({ dataDir: temporaryFolder(), clientNow: () => Date.now() + 16 * 60_000 });
  const skewed = clientOf(late.endpoint);
  const { code, message } = await failure(skewed.database('x').read());
  assert.equal(code, 403);
  assert.match(message, /not valid at the current time.*current server time/);
  skewed.dispose();
  await late.close();
});

test('what the emulator does not have is named', async () => {
  const container = await newContainer(cosmos);
  const { code, message } = await failure(container.scripts.storedProcedures.create({ id: 'p', body: 'function () {}' }));
  assert.equal(code, 400);
  assert.match(message, /'sprocs'.*not supported by this emulator/);
});

test('a folder serves one emulator at a time', async () => {
  await assert.rejects(startCosmos({ dataDir: cosmos.dataDir }), /in use by another Cosmos DB emulator/);
});

test('a taken port is an error at the start', async () => {
  await assert.rejects(startCosmos({ dataDir: temporaryFolder(), port: cosmos.port }), { code: 'EADDRINUSE' });
});
