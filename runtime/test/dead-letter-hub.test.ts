/** The dead-letter hub away: the batch waits for it and is given back, and nothing of it is lost. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCosmos, startEventHubs, startStorage } from '@asaql/emulators';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { closeClients, deadLetterProducer, lakeFilesystem, processedEvents } from '../src/azure/clients.ts';
import { settingsFrom } from '../src/azure/settings.ts';
import { parseDeadLetter } from '../src/dead-letters/dead-letter.ts';
import { databaseName, deadLetterHubName, filesystems, processedContainerName } from '../src/names.ts';
import { processBatch } from '../src/process-batch.ts';
import { realAmbient } from '../src/retry/ambient.ts';
import { type Retry, ServiceUnavailableError } from '../src/retry/backoff.ts';
import type { ReceivedBatch } from '../src/trigger-batch.ts';
import { sampleEvent } from './support/sample-event.ts';

test('a batch whose dead letters cannot be written waits for their hub', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'asaql-letters-'));
  const hubOptions = (port: number) => ({
    dataDir: join(dataDir, 'hubs'),
    port,
    hubs: [{ name: deadLetterHubName, partitions: 1, consumerGroups: [], retentionHours: 1 }],
  });
  let hubs = await startEventHubs(hubOptions(0));
  const containers = [{ id: processedContainerName, partitionKey: '/content_id' }];
  const cosmos = await startCosmos({ dataDir: join(dataDir, 'cosmos'), databases: [{ id: databaseName, containers }] });
  const storage = await startStorage({ dataDir: join(dataDir, 'lake'), port: 0, filesystems: [filesystems.raw] });
  const settings = settingsFrom({
    EventHubConnection: hubs.connectionString,
    CosmosConnection: cosmos.connectionString,
    DataLakeConnection: storage.connectionString,
  });
  const targets = {
    container: processedEvents(settings),
    cosmosConcurrency: 2,
    producer: deadLetterProducer(settings),
    lake: lakeFilesystem(settings, filesystems.raw),
  };
  const received = (body: Uint8Array, sequenceNumber: number) => ({
    body,
    sequenceNumber,
    offset: '0',
    enqueuedTimeMs: 0,
    properties: {},
  });
  const batch: ReceivedBatch = {
    partition: '0',
    events: [received(Buffer.from(JSON.stringify(sampleEvent(1))), 1), received(Buffer.from('oops'), 2)],
  };
  const waiting = Promise.withResolvers<void>();
  const retry = (budgetMs: number, onWait: () => void = () => undefined): Retry => ({
    policy: { firstDelayMs: 20, maxDelayMs: 200, budgetMs },
    ambient: realAmbient,
    signal: new AbortController().signal,
    onWait: ({ reason }) => (/dead-letter hub/.test(reason) ? onWait() : undefined),
  });
  try {
    await hubs.close();
    await assert.rejects(processBatch(batch, targets, retry(100)), ServiceUnavailableError);
    const again = processBatch(batch, targets, retry(60_000, waiting.resolve));
    await waiting.promise;
    hubs = await startEventHubs(hubOptions(hubs.port));
    const log = await again;
    assert.deepEqual([log.eventsProcessed, log.eventsDeadLettered], [1, 1]);
    assert.ok(Number(log.retries) > 0);
    assert.deepEqual(await bodiesOf(hubs.connectionString), ['oops']);
  } finally {
    await closeClients();
    await Promise.all([hubs.close(), cosmos.close(), storage.close()]);
    await rm(dataDir, { recursive: true });
  }
});

async function bodiesOf(connectionString: string): Promise<string[]> {
  const consumer = new EventHubConsumerClient('$Default', connectionString, deadLetterHubName);
  try {
    const { lastEnqueuedSequenceNumber: last } = await consumer.getPartitionProperties('0');
    return await new Promise<string[]>((resolve, reject) => {
      const bodies: string[] = [];
      const subscription = consumer.subscribe(
        '0',
        {
          processEvents: async (events) => {
            for (const event of events) {
              const original = parseDeadLetter(event.body)?.original;
              bodies.push(original?.encoding === 'utf8' ? original.body : '');
              if (event.sequenceNumber >= last) subscription.close().then(() => resolve(bodies), reject);
            }
          },
          processError: async (error) => reject(error),
        },
        { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
      );
    });
  } finally {
    await consumer.close();
  }
}
