/** An invocation's arrays become events; what the host leaves out is no reason to guess. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settingsFrom } from '../src/azure/settings.ts';
import { batchLogFields } from '../src/batch-log.ts';
import { batchFromTrigger } from '../src/trigger-batch.ts';

const metadata = {
  partitionContext: { partitionId: '2' },
  sequenceNumberArray: [5, 6],
  offsetArray: ['100', '200'],
  enqueuedTimeUtcArray: ['2026-01-15T12:00:00.000Z', '2026-01-15T12:00:01'],
  partitionKeyArray: ['k', null],
  propertiesArray: [{ attempts: 1 }, {}],
};

test('bodies and metadata are joined by position', () => {
  const batch = batchFromTrigger([Buffer.from('a'), Buffer.from([0xff])], metadata);
  assert.equal(batch.partition, '2');
  assert.deepEqual(batch.events, [
    {
      body: Buffer.from('a'),
      sequenceNumber: 5,
      offset: '100',
      enqueuedTimeMs: Date.parse('2026-01-15T12:00:00Z'),
      properties: { attempts: 1 },
      partitionKey: 'k',
    },
    {
      body: Buffer.from([0xff]),
      sequenceNumber: 6,
      offset: '200',
      enqueuedTimeMs: Date.parse('2026-01-15T12:00:01Z'),
      properties: {},
    },
  ]);
});

test('a host that parses bodies all the same loses nothing', () => {
  const batch = batchFromTrigger([{ a: 1 }, 'text'], metadata);
  assert.deepEqual(
    batch.events.map((event) => Buffer.from(event.body).toString()),
    ['{"a":1}', 'text'],
  );
});

test('missing metadata fails the invocation', () => {
  assert.throws(() => batchFromTrigger([Buffer.from('a')], undefined), /no partitionContext/);
  assert.throws(() => batchFromTrigger([Buffer.from('a')], metadata), /2 sequenceNumberArray with 1 events/);
  assert.throws(
    () => batchFromTrigger([Buffer.from('a'), Buffer.from('b')], { ...metadata, enqueuedTimeUtcArray: ['x', 'y'] }),
    /as an enqueued time/,
  );
});

test('settings: a key or an identity, and one line for what is missing', () => {
  const keyless = {
    EventHubConnection__fullyQualifiedNamespace: 'ns.servicebus.windows.net',
    CosmosConnection__accountEndpoint: 'https://a.documents.azure.com:443/',
    CosmosConnection__clientId: 'id',
    DataLakeConnection: 'DefaultEndpointsProtocol=https;…',
  };
  const settings = settingsFrom(keyless);
  assert.deepEqual(settings.eventHubs, { kind: 'identity', address: 'ns.servicebus.windows.net' });
  assert.deepEqual(settings.cosmos, { kind: 'identity', address: 'https://a.documents.azure.com:443/', clientId: 'id' });
  assert.equal(settings.dataLake.kind, 'connection-string');
  assert.throws(
    () => settingsFrom({}),
    /EventHubConnection \(a connection string\) or EventHubConnection__fullyQualifiedNamespace/,
  );
  assert.throws(() => settingsFrom({ ...keyless, RETRY_BUDGET_MS: 'soon' }), /RETRY_BUDGET_MS is "soon"/);
});

test('the example of local settings is complete, with keys and without', () => {
  const text = readFileSync(new URL('../local.settings.example.json', import.meta.url), 'utf8');
  const { Values, Keyless } = JSON.parse(text) as Record<'Values' | 'Keyless', Record<string, string>>;
  assert.equal(settingsFrom(Values).cosmos.kind, 'connection-string');
  const keyless = settingsFrom(Keyless);
  assert.deepEqual([keyless.eventHubs.kind, keyless.cosmos.kind, keyless.dataLake.kind], ['identity', 'identity', 'identity']);
});

test('the fields of the log have one name each', () => {
  const names = Object.values(batchLogFields);
  assert.equal(new Set(names).size, names.length);
});
