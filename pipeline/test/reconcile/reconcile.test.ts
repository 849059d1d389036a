/** The reconciliation over real services: it balances where every side agrees, and names what is gone, altered or too many. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deadLetterHubName, eventHubName, filesystems, lakeFolder } from '@asaql/runtime';
import type { Container } from '@azure/cosmos';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { DataLakeFileClient } from '@azure/storage-file-datalake';
import { connectionStringParts } from '../../src/config/connections.ts';
import { cosmosClient, lakeClient } from '../../src/job/create-sinks.ts';
import { projectHubs, reconciliationGroup } from '../../src/local-services/definitions.ts';
import { type LocalServices, startLocalServices } from '../../src/local-services/start-local-services.ts';
import { ExpectedWindowsBuilder } from '../../src/reconcile/expected-windows.ts';
import { hubEnds } from '../../src/reconcile/hub-log.ts';
import { type ReconcileOptions, type Reconciliation, reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationReport } from '../../src/reconcile/reconciliation-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-reconcile-'));
const database = 'netflix-streaming';
const partition = '1';
const malformed = Buffer.from('[1, 2]');
/** One moment for all of them: they share their windows. It is now, so that no time policy moves them. */
const timestamp = new Date().toISOString();
const times = { earlyArrivalMs: 300_000, lateArrivalMs: 60_000, outOfOrderMs: 10_000 };
let services: LocalServices;
let events: Record<string, unknown>[];
let bodies: Buffer[];
let options: ReconcileOptions;
let processed: Container;
let aggregations: Container;
let archive: DataLakeFileClient;
let lines: string[];

function playback(number: number): Record<string, unknown> {
  const digit = String(number);
  return {
    event_id: `00000000-0000-4000-8000-00000000000${digit}`,
    event_type: 'video_start',
    user_id: `U000000${digit}`,
    session_id: `00000000-0000-4000-9000-00000000000${digit}`,
    content_id: 'NF001',
    timestamp,
    device_type: 'mobile',
    location: { country: 'BR', region: 'SP', city: 'São Paulo' },
  };
}

before(async () => {
  services = await startLocalServices({
    dataDir: folder,
    ports: { eventHubs: 0, cosmos: 0, storage: 0 },
    hubs: projectHubs,
    onError: (service, message) => assert.fail(`${service}: ${message}`),
  });
  const { eventHubs = '', cosmos = '', storage = '' } = services.connectionStrings;
  const account = connectionStringParts(cosmos);
  const connections = {
    eventHubs: { connectionString: eventHubs },
    cosmos: { endpoint: account.get('accountendpoint') ?? '', key: account.get('accountkey') ?? '' },
    storage: { connectionString: storage },
  };
  events = [1, 2, 3].map(playback);
  bodies = [...events.map((event) => Buffer.from(JSON.stringify(event))), malformed];
  await send(eventHubs, eventHubName, bodies);
  await writeDocuments(connections.cosmos);
  archive = lakeClient(connections.storage)
    .getFileSystemClient(filesystems.raw)
    .getFileClient(`${lakeFolder}/${new Date().toISOString().slice(0, 13).replace('T', '/')}/partition-${partition}.jsonl`);
  lines = bodies.map((_, number) =>
    JSON.stringify({ partition, sequence_number: number, enqueued_time: new Date().toISOString() }),
  );
  await writeArchive(lines);
  const letter = { reasons: [{ code: 'not-an-object' }], original: {}, source: { partition, sequence_number: 3 }, attempts: 0 };
  await send(eventHubs, deadLetterHubName, [Buffer.from(JSON.stringify(letter))], '0');
  options = {
    connections,
    hub: eventHubName,
    deadLetterHub: deadLetterHubName,
    database,
    processedContainer: 'processed-events',
    aggregationsContainer: 'aggregations',
    rawFilesystem: filesystems.raw,
    rawFolder: lakeFolder,
    after: {},
    upTo: await hubEnds(connections.eventHubs, eventHubName, reconciliationGroup),
    deadLettersAfter: {},
    deadLettersUpTo: await hubEnds(connections.eventHubs, deadLetterHubName, reconciliationGroup),
    policies: times,
    acknowledged: bodies,
  };
});

after(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(connectionString: string, hub: string, list: readonly Buffer[], partitionId = partition): Promise<void> {
  const producer = new EventHubProducerClient(connectionString, hub);
  await producer.sendBatch(
    list.map((body) => ({ body })),
    { partitionId },
  );
  await producer.close();
}

async function writeDocuments(connection: ReconcileOptions['connections']['cosmos']): Promise<void> {
  const store = cosmosClient(connection).database(database);
  processed = store.container('processed-events');
  aggregations = store.container('aggregations');
  for (const event of events) await processed.items.upsert({ ...event, id: event.event_id });
  const builder = new ExpectedWindowsBuilder();
  for (const event of events) builder.add({ timestampMs: Date.parse(String(event.timestamp)), event });
  for (const [type, rows] of builder.build())
    for (const [id, row] of rows) await aggregations.items.upsert({ id, aggregation_type: type, ...row });
}

async function writeArchive(content: readonly string[]): Promise<void> {
  await archive.upload(Buffer.from(content.map((line) => `${line}\n`).join('')));
}

/** What the reconciliation says while something is wrong; then it is put right. */
async function whileWrong(spoil: () => Promise<unknown>, mend: () => Promise<unknown>): Promise<Reconciliation> {
  await spoil();
  try {
    return await reconcile(options);
  } finally {
    await mend();
  }
}

test('it balances where every side agrees', async () => {
  const result = await reconcile(options);
  assert.ok(result.balanced, reconciliationReport(result));
  assert.deepEqual([result.processed, result.deadLettered, result.archived, result.acknowledgedDistinct], [3, 1, 4, 4]);
});

test('a document that is gone from processed events', async () => {
  const [event] = events as [Record<string, unknown>];
  const id = String(event.event_id);
  const result = await whileWrong(
    () => processed.item(id, event.content_id as string).delete(),
    () => processed.items.upsert({ ...event, id }),
  );
  assert.deepEqual([result.balanced, result.unprocessed], [false, [id]]);
});

test('a line that is gone from the archive, and an archive that is gone', async () => {
  const fewer = await whileWrong(
    () => writeArchive(lines.slice(1)),
    () => writeArchive(lines),
  );
  assert.deepEqual([fewer.balanced, fewer.unarchived], [false, [events[0]?.event_id]]);
  const none = await whileWrong(
    () => archive.delete(),
    () => writeArchive(lines),
  );
  assert.deepEqual([none.balanced, none.unarchived.length], [false, 4]);
});

test('a dead letter that never came, and one of an event that was stored', async () => {
  const none = await reconcile({ ...options, deadLettersUpTo: {} });
  assert.deepEqual([none.balanced, none.unprocessed.length], [false, 1]);
  const { deadLettersUpTo } = options;
  const letter = { reasons: [], original: {}, source: { partition, sequence_number: 0 }, attempts: 0 };
  await send(services.connectionStrings.eventHubs ?? '', deadLetterHubName, [Buffer.from(JSON.stringify(letter))], '0');
  const both = await reconcile({ ...options, deadLettersUpTo: { 0: (deadLettersUpTo['0'] ?? 0) + 1 } });
  assert.deepEqual([both.balanced, both.both], [false, [events[0]?.event_id]]);
});

test('an event that was acknowledged and is not in the hub; one in the hub that nobody was told of', async () => {
  const lost = await reconcile({ ...options, acknowledged: [...bodies, Buffer.from(JSON.stringify(playback(9)))] });
  assert.deepEqual([lost.balanced, lost.acknowledgedMissing], [false, 1]);
  const untold = await reconcile({ ...options, acknowledged: bodies.slice(1) });
  assert.deepEqual([untold.balanced, untold.unacknowledged], [true, 1]);
  assert.match(reconciliationReport(untold), /1 without an acknowledgement/);
});

test('a window with another figure, one that is gone, one that no event accounts for', async () => {
  const { resources } = await aggregations.items
    .query<{ id: string; events: number }>('SELECT * FROM c', { partitionKey: 'viewer_count' })
    .fetchAll();
  const [document] = resources;
  assert.ok(document);
  const put = (row: object) => aggregations.items.upsert(row);
  const changed = await whileWrong(
    () => put({ ...document, events: document.events + 1 }),
    () => put(document),
  );
  assert.match(changed.windows.find((one) => one.aggregationType === 'viewer_count')?.different[0] ?? '', /events 4, expected 3/);
  const gone = await whileWrong(
    () => aggregations.item(document.id, 'viewer_count').delete(),
    () => put(document),
  );
  assert.deepEqual(gone.windows.find((one) => one.aggregationType === 'viewer_count')?.missing, [document.id]);
  const strange = { ...document, id: 'viewer_count|NF099|2001-01-01T00:00:00.0000000Z' };
  const more = await whileWrong(
    () => put(strange),
    () => aggregations.item(strange.id, 'viewer_count').delete(),
  );
  assert.deepEqual(more.windows.find((one) => one.aggregationType === 'viewer_count')?.unexpected, [strange.id]);
  assert.deepEqual([changed.balanced, gone.balanced, more.balanced], [false, false, false]);
});
