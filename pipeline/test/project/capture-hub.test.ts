/** A sample out of a real hub over a real socket. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EventHubProducerClient } from '@azure/event-hubs';
import { runAsaql } from '../cli/asaql-process.ts';
import { hub, KillableHub } from '../generate/killable-hub.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();
let server: KillableHub;
before(async () => {
  server = await KillableHub.start();
});
after(() => server.remove());

test('the events of a hub become a sample; what is no JSON is counted and left out', async () => {
  const producer = new EventHubProducerClient(server.connectionString, hub);
  const body = (text: string) => ({ body: Buffer.from(text) });
  await producer.sendBatch([body('{"id":1,\n "at":"2026-01-15T12:00:00Z"}'), body('no json'), body('[{"id":"two"},{"id":3}]')]);
  await producer.close();
  const input = {
    ...{ ScriptType: 'Input', Name: 'plays', Type: 'Data Stream', DataSourceType: 'Event Hub' },
    EventHubProperties: { ServiceBusNamespace: 'ns', EventHubName: hub },
  };
  folder.write(
    'asaproj.json',
    JSON.stringify({ name: 'p', configurations: [{ filePath: 'Inputs/plays.json', subType: 'Input' }] }),
  );
  folder.write('Inputs/plays.json', JSON.stringify(input));
  const capture = ['capture', 'plays', '--count', '3', '--seconds', '60', '--project', folder.path];
  const { code, output, errors } = await runAsaql(capture, { EVENTHUB_CONNECTION_STRING: server.connectionString });
  assert.equal(code, 0, errors);
  assert.equal(output, 'id  CONFLICT bigint (2), nvarchar(max) (1)\nat  nvarchar(max), a time, in 1 of 3\n');
  assert.match(errors, /^1 events are no JSON/);
  assert.deepEqual(folder.read('Inputs/plays.sample.ndjson').split('\n'), [
    '{"id":1, "at":"2026-01-15T12:00:00Z"}',
    '{"id":"two"}',
    '{"id":3}',
    '',
  ]);
  assert.doesNotMatch(output + errors, /SharedAccessKey=/);
});
