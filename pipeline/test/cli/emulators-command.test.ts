/** `asaql emulators` as another program uses it: started, its connection strings read, its services used, stopped. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CosmosClient } from '@azure/cosmos';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';
import { runAsaql, startAsaql } from './asaql-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-emulators-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Description {
  readonly eventHubs: string;
  readonly cosmos: string;
  readonly storage: string;
  readonly hubs: Readonly<Record<string, { readonly partitions: number; readonly consumerGroups: readonly string[] }>>;
}

test('the services stand ready under the connection strings that are printed', async () => {
  const running = startAsaql(['emulators', '--json', '--data', folder, '--hub', 'orders:3:billing,audit']);
  const description = JSON.parse(await running.nextLine()) as Description;
  assert.deepEqual(description.hubs.orders, { partitions: 3, consumerGroups: ['$Default', 'billing', 'audit'] });
  assert.equal(description.hubs['netflix-events']?.partitions, 4);

  const producer = new EventHubProducerClient(description.eventHubs, 'orders');
  await producer.sendBatch([{ body: { n: 1 } }], { partitionId: '2' });
  assert.equal((await producer.getPartitionProperties('2')).lastEnqueuedSequenceNumber, 0);
  await producer.close();
  const stranger = new EventHubConsumerClient('nobody', description.eventHubs, 'orders');
  const error = await new Promise<Error>((resolve) => {
    const subscription = stranger.subscribe('0', {
      processEvents: async () => undefined,
      processError: async (problem) => {
        resolve(problem);
        await subscription.close();
      },
    });
  });
  assert.equal((error as { code?: string }).code, 'MessagingEntityNotFoundError');
  await stranger.close();

  const container = new CosmosClient(description.cosmos).database('netflix-streaming').container('aggregations');
  await container.items.upsert({ id: 'a', aggregation_type: 't' });
  assert.equal((await container.item('a', 't').read()).resource?.id, 'a');

  const lake = DataLakeServiceClient.fromConnectionString(description.storage).getFileSystemClient('raw');
  await lake.getFileClient('hello.txt').upload(Buffer.from('hello'));
  assert.equal((await lake.getFileClient('hello.txt').readToBuffer()).toString(), 'hello');

  running.process.kill('SIGTERM');
  assert.equal((await running.finished).code, 0);
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [['emulators', '--hub', 'x'], /--hub x is not possible: write NAME:PARTITIONS/],
  [['emulators', '--tls', 'a'], /--tls needs a certificate and a key file/],
  [['emulators', '--tls', '/no/cert', '/no/key'], /\/no\/cert cannot be read/],
  [['emulators', '--fast'], /--fast is no option/],
  [['fly'], /fly is no command\. Known: /],
];
for (const [argv, message] of wrong) {
  test(`asaql ${argv.join(' ')} is wrong usage: one line, exit code 2`, async () => {
    const { code, output, errors } = await runAsaql(argv);
    assert.equal(code, 2);
    assert.equal(output, '');
    assert.match(errors, message);
    assert.equal(errors.trimEnd().split('\n').length, 1);
  });
}
