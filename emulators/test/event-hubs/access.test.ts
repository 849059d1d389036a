// Who is let in: signatures, their expiry, scope and rights; bearer tokens and TLS where they are switched on.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { TokenVerifier } from '../../src/event-hubs/shared-access.ts';
import { emulatorForTest, errorOf, HUB, producerOf, RETRY, receive, undo } from './emulator-under-test.ts';

const KEYS = [
  { name: 'manage', key: 'k-manage', rights: ['Manage'] as const },
  { name: 'send', key: 'k-send', rights: ['Send'] as const },
  { name: 'listen', key: 'k-listen', rights: ['Listen'] as const },
];
const TLS_FOLDER = join(import.meta.dirname, '..', 'tls');
const CERTIFICATE = readFileSync(join(TLS_FOLDER, 'cert.pem'), 'utf8');

function endpoint(port: number): string {
  return `Endpoint=sb://127.0.0.1:${port};UseDevelopmentEmulator=true;`;
}

function keyConnection(port: number, name: string, key: string): string {
  return `${endpoint(port)}SharedAccessKeyName=${name};SharedAccessKey=${key}`;
}

function signature(resource: string, expirySeconds: number, name = 'manage', key = 'k-manage'): string {
  const scope = encodeURIComponent(resource);
  const hash = createHmac('sha256', key).update(`${scope}\n${expirySeconds}`).digest('base64');
  return `SharedAccessSignature sr=${scope}&sig=${encodeURIComponent(hash)}&se=${expirySeconds}&skn=${name}`;
}

test('a wrong key and an unknown key name are refused as unauthorized', async (t) => {
  const emulator = await emulatorForTest(t, { keys: KEYS });
  for (const connection of [
    keyConnection(emulator.port, 'manage', 'wrong'),
    keyConnection(emulator.port, 'nobody', 'k-manage'),
  ]) {
    const producer = producerOf(t, connection);
    for (const attempt of [() => producer.sendBatch([{ body: 1 }]), () => producer.getEventHubProperties()]) {
      const error = await errorOf(attempt());
      assert.equal(error.code, 'UnauthorizedError');
      assert.match(error.message, /InvalidSignature: The token has an invalid signature/);
    }
  }
});

test('a signature must not be expired and must cover what it is put for', async (t) => {
  const nowMs = Date.now();
  const emulator = await emulatorForTest(t, { keys: KEYS, now: () => nowMs });
  const inAnHour = Math.floor(nowMs / 1000) + 3600;
  const attempt = (token: string): Promise<unknown> =>
    producerOf(t, `${endpoint(emulator.port)}SharedAccessSignature=${token}`).sendBatch([{ body: 1 }], { partitionId: '0' });
  await attempt(signature(`sb://127.0.0.1:${emulator.port}/${HUB}`, inAnHour));
  await attempt(signature(`http://127.0.0.1:${emulator.port}/`, inAnHour));
  const refusals: [string, RegExp][] = [
    [signature(`sb://127.0.0.1:${emulator.port}/${HUB}`, Math.floor(nowMs / 1000) - 1), /ExpiredToken/],
    [signature(`sb://127.0.0.1:${emulator.port}/other`, inAnHour), /InvalidAudience/],
    [signature(`sb://127.0.0.1:${emulator.port}/tele`, inAnHour), /InvalidAudience/],
    [signature(`sb://127.0.0.1:${emulator.port}/${HUB}`, inAnHour).replace(/se=\d+/, `se=${inAnHour + 1}`), /InvalidSignature/],
  ];
  for (const [token, message] of refusals) {
    const error = await errorOf(attempt(token));
    assert.equal(error.code, 'UnauthorizedError');
    assert.match(error.message, message);
  }
});

test('a key that may only send cannot receive, and the other way round', async (t) => {
  const emulator = await emulatorForTest(t, { keys: KEYS });
  const sender = keyConnection(emulator.port, 'send', 'k-send');
  const listener = keyConnection(emulator.port, 'listen', 'k-listen');
  await producerOf(t, sender).sendBatch([{ body: 'x' }], { partitionId: '0' });
  const received = await receive(listener, { count: 1, partitionId: '0' });
  assert.equal(received[0]?.event.body, 'x');
  const sending = await errorOf(producerOf(t, listener).sendBatch([{ body: 'y' }], { partitionId: '0' }));
  assert.equal(sending.code, 'UnauthorizedError');
  assert.match(sending.message, /'Send' claim\(s\) are required/);
  const receiving = await errorOf(receive(sender, { count: 1, partitionId: '0' }));
  assert.equal(receiving.code, 'UnauthorizedError');
  assert.match(receiving.message, /'Listen' claim\(s\) are required/);
});

test('token types that the service does not know are refused, and bearer tokens unless they are switched on', () => {
  const expiry = 2_000_000_000;
  const closed = new TokenVerifier(KEYS, false, () => 1e12);
  const open = new TokenVerifier(KEYS, true, () => 1e12);
  const good = signature('sb://h/hub', expiry);
  assert.deepEqual('refused' in closed.verify(good, 'jwt', 'sb://h/hub/Partitions/0'), false);
  assert.match(JSON.stringify(closed.verify(good, 'x509', 'sb://h/hub')), /InvalidType/);
  assert.match(JSON.stringify(closed.verify('any', 'jwt', 'sb://h/hub')), /bearer tokens are not switched on/);
  assert.deepEqual('refused' in open.verify('any', 'jwt', 'sb://h/hub'), false);
  assert.match(JSON.stringify(open.verify('any', 'servicebus.windows.net:sastoken', 'sb://h/hub')), /MalformedToken/);
  assert.match(JSON.stringify(open.verify('SharedAccessSignature sr=x&se=1', 'jwt', 'sb://h/hub')), /lacks one of/);
  const expired = `e30.${Buffer.from(JSON.stringify({ exp: 1000 })).toString('base64url')}.sig`;
  assert.match(JSON.stringify(open.verify(expired, 'jwt', 'sb://h/hub')), /ExpiredToken/);
});

test('over TLS with a token credential, as a namespace', async (t) => {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, CERTIFICATE]);
  undo(t, async () => setDefaultCACertificates(before));
  const tls = { cert: CERTIFICATE, key: readFileSync(join(TLS_FOLDER, 'key.pem')) };
  const emulator = await emulatorForTest(t, { tls, acceptTokens: true });
  const scopes: unknown[] = [];
  const credential = {
    getToken: async (scope: unknown) => {
      scopes.push(scope);
      return { token: 'a.bearer.token', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const options = { customEndpointAddress: `sb://localhost:${emulator.port}`, retryOptions: RETRY };
  const producer = new EventHubProducerClient('myns.servicebus.windows.net', HUB, credential, options);
  undo(t, () => producer.close());
  await producer.sendBatch([{ body: 'keyless' }], { partitionId: '0' });
  const consumer = new EventHubConsumerClient('$Default', 'myns.servicebus.windows.net', HUB, credential, options);
  undo(t, () => consumer.close());
  assert.equal((await consumer.getPartitionProperties('0')).lastEnqueuedSequenceNumber, 0);
  assert.ok(scopes.length > 0);
  const received = await receive(emulator.connectionString, { count: 1, partitionId: '0' });
  assert.equal(received[0]?.event.body, 'keyless');
});

test('without the switch a token credential is refused', async (t) => {
  const emulator = await emulatorForTest(t);
  const credential = { getToken: async () => ({ token: 'a.b.c', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const host = `127.0.0.1:${emulator.port}/;UseDevelopmentEmulator=true;Ignored=`;
  const producer = new EventHubProducerClient(host, HUB, credential, { retryOptions: RETRY });
  undo(t, () => producer.close());
  assert.equal((await errorOf(producer.sendBatch([{ body: 1 }], { partitionId: '0' }))).code, 'UnauthorizedError');
});
