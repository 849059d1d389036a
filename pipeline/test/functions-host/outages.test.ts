/** Throttling and outages pause the app and lose nothing: no event is dropped, none is dead-lettered for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadLetterHubName } from '@asaql/runtime';
import { addBatchLine, noTotals } from '../../src/functions-host/batch-totals.ts';
import { hostCheckpointStore } from '../../src/functions-host/checkpoint-store.ts';
import { type FunctionsHost, startFunctionsHost } from '../../src/functions-host/start-functions-host.ts';
import { appEntry, LocalServices, until } from './support/local-services.ts';
import { bytesOf, playbackBodies } from './support/playback-events.ts';

interface Running {
  readonly host: FunctionsHost;
  totals: typeof noTotals;
  readonly warnings: string[];
}

async function run(services: LocalServices, settings: Record<string, string> = {}): Promise<Running> {
  const warnings: string[] = [];
  const running: Omit<Running, 'host'> = { totals: noTotals, warnings };
  const host = await startFunctionsHost({
    appEntry,
    settings: { ...services.settings, ...settings },
    checkpointStore: await hostCheckpointStore(services.settings, 'sole'),
    onLog: (entry) => {
      running.totals = addBatchLine(running.totals, entry);
      if (entry.level === 'warning' || entry.level === 'error') warnings.push(entry.message);
    },
  });
  return Object.assign(running, { host });
}

async function balances(services: LocalServices, sent: number): Promise<void> {
  const ids = new Set((await services.processedDocuments()).map((document) => document.id));
  assert.equal(ids.size, sent);
  const lines = await services.archivedLines();
  const places = new Set(lines.map((line) => `${line.partition}/${line.sequence_number}`));
  assert.deepEqual([places.size, lines.length], [sent, sent]);
  assert.deepEqual(await services.readHub(deadLetterHubName), []);
}

test('a container with few RU/s is waited for', async () => {
  const services = await LocalServices.start({ throughput: 1000 });
  const running = await run(services);
  try {
    await services.send(playbackBodies(0, 600));
    await until('all are stored', () => running.totals.processed === 600 && running.totals.archived === 600, 60_000);
    assert.ok(running.totals.throttled > 0, 'nothing was throttled');
    await balances(services, 600);
  } finally {
    await running.host.stop();
    await services.close();
  }
});

test('each service may be away for a while', async () => {
  const services = await LocalServices.start();
  const running = await run(services);
  const allDone = (count: number) => () => running.totals.processed === count && running.totals.archived === count;
  try {
    await services.send(playbackBodies(0, 100));
    await until('the first are dealt with', allDone(100));

    await services.stopCosmos();
    await services.send(playbackBodies(100, 400));
    await until('processEvents waits for Cosmos DB', () => running.warnings.some((text) => text.includes('Cosmos DB')));
    await services.startCosmos();
    await until('processEvents has caught up', allDone(400));

    await services.stopStorage();
    await services.send(playbackBodies(400, 700));
    await until('archiveRaw waits for the lake', () => running.warnings.some((text) => text.includes('The lake')));
    await services.startStorage();
    await until('archiveRaw has caught up', allDone(700));

    await services.stopHubs();
    await services.startHubs();
    await services.send(playbackBodies(700, 1000));
    await until('the hub is read again', allDone(1000), 60_000);
    await balances(services, 1000);
  } finally {
    await running.host.stop();
    await services.close();
  }
});

test('an outage longer than an invocation may wait fails the invocation, and the host repeats it', async () => {
  const services = await LocalServices.start();
  const running = await run(services, { RETRY_BUDGET_MS: '300' });
  try {
    await services.stopCosmos();
    await services.send([...playbackBodies(0, 50), bytesOf('oops')]);
    await until('the invocation fails', () =>
      running.warnings.some((text) => /processEvents, partition \d failed \(retry 0\).*has not been available/.test(text)),
    );
    await services.startCosmos();
    await until('the repeated invocation succeeds', () => running.totals.processed === 50 && running.totals.deadLettered === 1);
    assert.equal((await services.processedDocuments()).length, 50);
    assert.equal((await services.readHub(deadLetterHubName)).length, 1);
  } finally {
    await running.host.stop();
    await services.close();
  }
});

test('a stop in the middle of an outage does not wait for its end, and the batch is there for the next host', async () => {
  const services = await LocalServices.start();
  const first = await run(services);
  await services.stopCosmos();
  await services.send(playbackBodies(0, 50));
  await until('processEvents waits', () => first.warnings.some((text) => text.includes('Cosmos DB')));
  await first.host.stop();
  // It stopped waiting; it did not wait until it gave up.
  assert.ok(!first.warnings.some((text) => text.includes('has not been available')));
  await services.startCosmos();
  const second = await run(services);
  try {
    await until('the next host stores it', () => second.totals.processed === 50);
    await until('the archive is whole', async () => (await services.archivedLines()).length === 50);
    await balances(services, 50);
  } finally {
    await second.host.stop();
    await services.close();
  }
});
