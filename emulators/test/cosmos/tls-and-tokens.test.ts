// The keyless path: https with a given certificate, and AAD tokens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { CosmosClient } from '@azure/cosmos';
import { failure, startForFile } from './cosmos-under-test.ts';

const folder = join(import.meta.dirname, '..', 'tls');
const tls = { cert: readFileSync(join(folder, 'cert.pem'), 'utf8'), key: readFileSync(join(folder, 'key.pem'), 'utf8') };
const cosmos = await startForFile({
  tls,
  acceptTokens: true,
  databases: [{ id: 'tokens', containers: [{ id: 'c', partitionKey: '/pk' }] }],
});

function tokenClient(claims: Record<string, unknown>): CosmosClient {
  const token = ['{"alg":"none"}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return new CosmosClient({
    endpoint: cosmos.endpoint,
    aadCredentials: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    agent: new Agent({ ca: tls.cert }),
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

const valid = { exp: Math.floor(Date.now() / 1000) + 3600, oid: 'someone' };

test('over TLS with an AAD token', async () => {
  assert.match(cosmos.endpoint, /^https:/);
  const client = tokenClient(valid);
  const { container } = await client.database('tokens').containers.createIfNotExists({ id: 'c', partitionKey: '/pk' });
  await container.items.create({ id: '1', pk: 'a' });
  assert.equal((await container.item('1', 'a').read()).statusCode, 200);
  assert.deepEqual((await container.items.query('SELECT VALUE c.id FROM c').fetchAll()).resources, ['1']);
  const outcome = await container.items.executeBulkOperations([{ operationType: 'Delete', partitionKey: 'a', id: '1' }]);
  assert.equal(outcome[0]?.response?.statusCode, 204);
  client.dispose();
});

test('a token makes no databases or containers, as in the service', async () => {
  const client = tokenClient(valid);
  for (const call of [
    () => client.databases.create({ id: 'new' }),
    () => client.database('tokens').containers.createIfNotExists({ id: 'new', partitionKey: '/pk' }),
    () => client.database('tokens').container('c').delete(),
    () => client.database('tokens').container('c').readOffer(),
  ]) {
    const { code, substatus, message } = await failure(call());
    assert.deepEqual([code, substatus], [403, 5300]);
    assert.match(message, /cannot be authorized by AAD token in data plane/);
  }
  client.dispose();
});

test('an expired token is refused', async () => {
  const client = tokenClient({ exp: 1_000_000 });
  const { code, message } = await failure(client.database('tokens').read());
  assert.equal(code, 401);
  assert.match(message, /expired/);
  client.dispose();
});
