/** The whole pipeline over services that it does not start: by their addresses, over TLS, without a key, as it runs against Azure. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectHubs } from '../../src/local-services/definitions.ts';
import { startLocalServices } from '../../src/local-services/start-local-services.ts';
import { type Running, startAsaql } from '../cli/asaql-process.ts';
import { openFeed } from '../dashboard/support/feed-client.ts';
import { startIdentityEndpoint } from '../support/identity-endpoint.ts';

const certificate = fileURLToPath(new URL('../../../emulators/test/tls/cert.pem', import.meta.url));
const key = fileURLToPath(new URL('../../../emulators/test/tls/key.pem', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'asaql-keyless-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function lineWith(running: Running, text: string): Promise<string> {
  for (;;) {
    const line = await running.nextLine();
    if (line.includes(text)) return line;
  }
}

test('by addresses and an identity it runs and balances, and its dashboard shows rows', async () => {
  const troubles: string[] = [];
  const services = await startLocalServices({
    dataDir: join(folder, 'services'),
    ports: { eventHubs: 0, cosmos: 0, storage: 0 },
    hubs: projectHubs,
    tls: { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') },
    onError: (service, message) => troubles.push(`${service}: ${message}`),
  });
  const identity = await startIdentityEndpoint();
  try {
    const { eventHubs, cosmos, storage } = services.ports;
    const data = join(folder, 'data');
    const options = ['--port', '0', '--data', data, '--users', '500', '--eps', '200', '--duration', '12', '--seed', '4'];
    const running = startAsaql(['up', ...options], {
      ...identity.environment,
      NODE_EXTRA_CA_CERTS: certificate,
      EVENTHUB_NAMESPACE: `localhost:${eventHubs}`,
      COSMOS_ENDPOINT: `https://localhost:${cosmos}/`,
      STORAGE_ACCOUNT_URL: `https://localhost:${storage}/devstoreaccount1`,
    });
    const [url = ''] = /http:\S+/.exec(await lineWith(running, 'Dashboard: ')) ?? [];
    const feed = await openFeed(url, '1h');
    await feed.untilTrue((message) => message.kind === 'delta' && (message.sections.now?.viewers ?? 0) > 0);
    await feed.close();
    const { code, output, errors } = await running.finished;
    assert.match(output, /It balances\./, `${output}\n${errors}`);
    assert.equal(code, 0);
    assert.doesNotMatch(`${output}${errors}`, /dashboard: |SharedAccessKey=|AccountKey=/);
    assert.deepEqual([...identity.resources].map((resource) => new URL(resource).hostname).sort(), [
      'eventhubs.azure.net',
      'localhost',
      'storage.azure.com',
    ]);
    assert.deepEqual(troubles, []);
  } finally {
    await identity.close();
    await services.close();
  }
});
