/** The job's sinks over the real SDKs and the emulators: order, overwriting, refusal, throttling and outages. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startCosmos, startStorage } from '@asaql/emulators';
import type { OutputRow } from '@asaql/engine';
import { CosmosSink } from '../../src/job/cosmos-sink.ts';
import { cosmosClient, lakeClient } from '../../src/job/create-sinks.ts';
import { LakeSink } from '../../src/job/lake-sink.ts';
import type { RejectedRow, SinkEvents } from '../../src/job/output-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-sinks-'));
after(() => rmSync(folder, { recursive: true }));

function recorder() {
  const rejected: RejectedRow[] = [];
  const retries: string[] = [];
  let written = 0;
  let onRetry: () => void = () => undefined;
  const firstRetry = new Promise<void>((resolve) => {
    onRetry = resolve;
  });
  const events: SinkEvents = {
    onRejected: (one) => rejected.push(one),
    onRetry: (_, reason) => {
      retries.push(reason);
      onRetry();
    },
    onWritten: (_, timestampsMs) => {
      written += timestampsMs.length;
    },
  };
  return { events, rejected, retries, firstRetry, written: () => written };
}

const database = { id: 'db', containers: [{ id: 'c', partitionKey: '/kind' }] };

async function cosmosSink(name: string, options: { port?: number } = {}) {
  const dataDir = join(folder, name);
  const emulator = await startCosmos({ dataDir, port: options.port ?? 0, databases: [database] });
  const connection = { endpoint: emulator.endpoint, key: /AccountKey=([^;]+)/.exec(emulator.connectionString)?.[1] ?? '' };
  const container = cosmosClient(connection).database('db').container('c');
  const record = recorder();
  const sink = new CosmosSink({ output: 'out', container, partitionKeyField: 'kind', events: record.events });
  return { emulator, container, sink, record, dataDir };
}

function batch(rows: readonly OutputRow[]) {
  return { output: 'out', rows, timestampsMs: rows.map(() => 0) };
}

test('rows become documents, the newest version of each', async () => {
  const { emulator, container, sink, record } = await cosmosSink('documents');
  const rows = Array.from({ length: 1000 }, (_, index) => ({
    id: `d${index % 250}`,
    kind: index % 2 === 0 ? 'even' : 'odd',
    version: index,
  }));
  for (let at = 0; at < rows.length; at += 100) {
    sink.write(batch(rows.slice(at, at + 100)));
    // Lets requests begin, so that newer versions meet older ones under way.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sink.settled();
  assert.equal(sink.pendingRows(), 0);
  const { resources } = await container.items.query<{ id: string; version: number }>('SELECT c.id, c.version FROM c').fetchAll();
  assert.equal(resources.length, 250);
  for (const { id, version } of resources) assert.equal(version, 750 + Number(id.slice(1)));
  assert.deepEqual(record.rejected, []);
  await sink.close();
  await emulator.close();
});

test('a row that the service refuses is told with its reason, and the others are written', async () => {
  const { emulator, container, sink, record } = await cosmosSink('refused');
  sink.write(
    batch([
      { id: 'good', kind: 'a' },
      { id: 'no/good', kind: 'a' },
      { id: 'better', kind: 'a' },
      { kind: 'a' },
      { id: 'x', kind: null },
    ]),
  );
  await sink.settled();
  const { resources } = await container.items.query<string>('SELECT VALUE c.id FROM c').fetchAll();
  assert.deepEqual(resources.sort(), ['better', 'good']);
  assert.deepEqual(record.rejected.map(({ row }) => (row as OutputRow).id).sort(), ['no/good', undefined, 'x'].sort());
  for (const { reason } of record.rejected) assert.notEqual(reason, '');
  await sink.close();
  await emulator.close();
});

test('an outage holds rows back and loses none', async () => {
  const { emulator, container, sink, record, dataDir } = await cosmosSink('outage');
  sink.write(batch([{ id: '1', kind: 'a' }]));
  await sink.settled();
  await emulator.close();
  sink.write(
    batch([
      { id: '2', kind: 'a' },
      { id: '3', kind: 'b' },
    ]),
  );
  await record.firstRetry;
  assert.equal(sink.pendingRows(), 2);
  const again = await startCosmos({ dataDir, port: emulator.port, databases: [database] });
  await sink.settled();
  const { resources } = await container.items.query<string>('SELECT VALUE c.id FROM c').fetchAll();
  assert.deepEqual(resources.sort(), ['1', '2', '3']);
  assert.deepEqual(record.rejected, []);
  await sink.close();
  await again.close();
});

test('lake files hold one line a row, by the hour of its timestamp', async () => {
  const emulator = await startStorage({ dataDir: join(folder, 'lake'), port: 0, filesystems: ['raw'] });
  const filesystem = lakeClient({ connectionString: emulator.connectionString }).getFileSystemClient('raw');
  const record = recorder();
  const sink = new LakeSink({
    output: 'out',
    filesystem,
    pathPattern: 'archive/{date}/{time}',
    runId: 'run',
    events: record.events,
  });
  const noon = Date.parse('2026-01-15T12:59:59Z');
  for (let index = 0; index < 50; index++) {
    sink.write({ output: 'out', rows: [{ n: index }, { n: index + 1000 }], timestampsMs: [noon, noon + 1000] });
    if (index === 20) await sink.settled();
  }
  await sink.settled();
  assert.equal(record.written(), 100);
  const read = (hour: string) =>
    readFileSync(join(folder, 'lake', 'raw', 'archive', '2026-01-15', hour, 'run.json'), 'utf8')
      .trimEnd()
      .split('\n');
  assert.deepEqual(
    read('12'),
    Array.from({ length: 50 }, (_, index) => `{"n":${index}}`),
  );
  assert.deepEqual(
    read('13'),
    Array.from({ length: 50 }, (_, index) => `{"n":${index + 1000}}`),
  );
  assert.deepEqual(readdirSync(join(folder, 'lake', 'raw', 'archive', '2026-01-15')).sort(), ['12', '13']);
  await sink.close();
  await emulator.close();
});
