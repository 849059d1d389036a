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
const cosmos = await startForFile({ tls, acceptTokens: true });

function tokenClient(claims: Record<string, unknown>): CosmosClient {
  const token = ['{"alg":"none"}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return new CosmosClient({
    endpoint: cosmos.endpoint,
    aadCredentials: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    agent: new Agent({ ca: tls.cert }),
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

test('over TLS with an AAD token', async () => {
  assert.match(cosmos.endpoint, /^https:/);
  const client = tokenClient({ exp: Math.floor(Date.now() / 1000) + 3600, oid: 'someone' });
  const { database } = await client.databases.create({ id: 'tokens' });
  const { container } = await database.containers.create({ id: 'c', partitionKey: '/pk' });
  await container.items.create({ id: '1', pk: 'a' });
  assert.equal((await container.item('1', 'a').read()).statusCode, 200);
  client.dispose();
});

test('an expired token is refused', async () => {
  const client = tokenClient({ exp: 1_000_000 });
  const { code, message } = await failure(client.database('tokens').read());
  assert.equal(code, 401);
  assert.match(message, /expired/);
  client.dispose();
});
