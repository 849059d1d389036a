/** Without keys: the app and its host reach all three services over TLS with tokens of a managed identity. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { FunctionsProcessMessage, FunctionsProcessOptions } from '../../src/functions-host/functions-process.ts';
import { childEnvironment } from '../../src/up/child-channel.ts';
import { startIdentityEndpoint } from '../support/identity-endpoint.ts';
import { appEntry, LocalServices, tlsCertificatePath, until } from './support/local-services.ts';
import { bytesOf, playbackBodies } from './support/playback-events.ts';

const entry = fileURLToPath(new URL('../../src/functions-host/functions-process.ts', import.meta.url));

test('events are processed, dead-lettered and archived by an identity', async () => {
  // This process sends events over TLS, too.
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(tlsCertificatePath, 'utf8')]);
  const services = await LocalServices.start({ tls: true });
  const identity = await startIdentityEndpoint();
  const options: FunctionsProcessOptions = {
    appEntry,
    settings: { ...services.keylessSettings(), ...identity.environment },
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
