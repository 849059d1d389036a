/** Without keys: the app and its host reach all three services over TLS with tokens of a managed identity. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { FunctionsProcessMessage, FunctionsProcessOptions } from '../../src/functions-host/functions-process.ts';
import { childEnvironment } from '../../src/up/child-channel.ts';
import { appEntry, LocalServices, tlsCertificatePath, until } from './support/local-services.ts';
import { bytesOf, playbackBodies } from './support/playback-events.ts';

const entry = fileURLToPath(new URL('../../src/functions-host/functions-process.ts', import.meta.url));

/** What an Azure host offers its app: tokens on loopback, for those who know the header. Any text is a token to the emulators. */
async function startIdentityEndpoint(): Promise<{ url: string; resources: Set<string>; close: () => Promise<void> }> {
  const resources = new Set<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const resource = url.searchParams.get('resource') ?? '';
    if (request.headers['x-identity-header'] !== 'local') return void response.writeHead(403).end();
    resources.add(resource);
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      aud: resource,
      iss: 'https://sts.windows.net/00000000-0000-0000-0000-000000000000/',
      nbf: now - 60,
      iat: now - 60,
      exp: now + 3600,
    };
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, expires_on: String(now + 3600), resource, token_type: 'Bearer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/msi/token`,
    resources,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

test('events are processed, dead-lettered and archived by an identity', async () => {
  // This process sends events over TLS, too.
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(tlsCertificatePath, 'utf8')]);
  const services = await LocalServices.start({ tls: true });
  const identity = await startIdentityEndpoint();
  const options: FunctionsProcessOptions = {
    appEntry,
    settings: { ...services.keylessSettings(), IDENTITY_ENDPOINT: identity.url, IDENTITY_HEADER: 'local' },
  };
  const child = fork(entry, [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...childEnvironment(options), NODE_EXTRA_CA_CERTS: tlsCertificatePath },
  });
  const messages: FunctionsProcessMessage[] = [];
  child.on('message', (message) => messages.push(message as FunctionsProcessMessage));
  try {
    await services.send([...playbackBodies(0, 100), bytesOf('oops')]);
    await until('every event is dealt with', () => {
      const metrics = messages.findLast((message) => message.kind === 'metrics');
      return metrics?.processed === 100 && metrics.deadLettered === 1 && metrics.archived === 101;
    });
    assert.deepEqual([...identity.resources].map((resource) => new URL(resource).hostname).sort(), [
      'eventhubs.azure.net',
      'localhost',
      'storage.azure.com',
    ]);
    const exited = once(child, 'exit');
    child.send({ kind: 'stop' });
    assert.deepEqual(await exited, [0, null]);
  } finally {
    child.kill('SIGKILL');
    await identity.close();
    await services.close();
  }
});
