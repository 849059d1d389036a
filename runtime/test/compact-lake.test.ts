/** Compaction over a real lake: Parquet read back, hours that grow late, and runs that repeat. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type StorageEmulator, startStorage } from '@asaql/emulators';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';
import { parquetReadObjects } from 'hyparquet';
import { RawFile } from '../src/archive/raw-file.ts';
import { rawFilePath } from '../src/archive/raw-line.ts';
import { type CompactionLake, compactHour } from '../src/compaction/compact-hour.ts';
import { findHours } from '../src/compaction/find-hours.ts';
import { readFileIfThere } from '../src/lake/read-file.ts';
import type { ReceivedEvent } from '../src/trigger-batch.ts';
import { sampleEvent } from './support/sample-event.ts';

let dataDir: string;
let storage: StorageEmulator;
let lake: CompactionLake;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'asaql-compaction-'));
  storage = await startStorage({ dataDir, port: 0, filesystems: ['raw', 'processed', 'curated'] });
  const service = DataLakeServiceClient.fromConnectionString(storage.connectionString);
  lake = {
    raw: service.getFileSystemClient('raw'),
    processed: service.getFileSystemClient('processed'),
    curated: service.getFileSystemClient('curated'),
  };
});
after(async () => {
  await storage.close();
  await rm(dataDir, { recursive: true });
});

const hourStartMs = Date.parse('2026-01-15T12:00:00Z');
const nowMs = Date.parse('2026-01-15T13:05:00Z');

async function archive(partition: string, bodies: readonly string[], firstSequenceNumber = 0): Promise<void> {
  const events = bodies.map((body, index): ReceivedEvent => {
    const sequenceNumber = firstSequenceNumber + index;
    return {
      body: Buffer.from(body),
      sequenceNumber,
      offset: String(sequenceNumber),
      enqueuedTimeMs: hourStartMs + sequenceNumber,
      properties: {},
    };
  });
  await new RawFile(lake.raw, rawFilePath(partition, hourStartMs)).append(events, partition, 'now');
}

async function rowsOf(filesystem: CompactionLake['processed'], path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFileIfThere(filesystem, path);
  assert.ok(bytes, path);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
}

const folder = 'netflix-events/date=2026-01-15/hour=12';

test('a closed hour becomes Parquet; a late line makes it due again; otherwise there is nothing to do', async () => {
  assert.deepEqual(await findHours(lake.raw, lake.processed, nowMs), []);
  const events = Array.from({ length: 45_000 }, (_, index) => sampleEvent(index));
  const bodies = events.map((event) => JSON.stringify(event));
  await archive('0', bodies.slice(0, 30_000));
  // A duplicate, a malformed and an invalid event among them.
  await archive('1', [...bodies.slice(30_000), bodies[0] ?? '', 'oops', '{"event_id":1}']);

  assert.deepEqual(await findHours(lake.raw, lake.processed, Date.parse('2026-01-15T12:59:00Z')), [], 'an hour that is not over');
  const [hour, ...others] = await findHours(lake.raw, lake.processed, nowMs);
  assert.ok(hour);
  assert.deepEqual(others, []);
  const { rows, duplicates, invalid, unreadable } = await compactHour(hour, lake, nowMs);
  assert.deepEqual({ rows, duplicates, invalid, unreadable }, { rows: 45_000, duplicates: 1, invalid: 2, unreadable: 0 });
  const first = await rowsOf(lake.processed, `${folder}/events.parquet`);
  assert.deepEqual(
    first.map((row) => row.event_id),
    events.map((event) => event.event_id),
  );
  assert.deepEqual(await findHours(lake.raw, lake.processed, nowMs), []);

  await archive('1', [JSON.stringify(sampleEvent(50_000))], 15_003);
  const [again] = await findHours(lake.raw, lake.processed, nowMs);
  assert.ok(again);
  await compactHour(again, lake, nowMs);
  assert.equal((await rowsOf(lake.processed, `${folder}/events.parquet`)).length, 45_001);
  const titles = await rowsOf(lake.curated, `${folder}/by-title.parquet`);
  assert.equal(titles.length, 20);
  assert.equal(
    titles.reduce((sum, row) => sum + Number(row.events), 0),
    45_001,
  );
  const names: string[] = [];
  for await (const path of lake.processed.listPaths({ recursive: true })) if (!path.isDirectory) names.push(path.name ?? '');
  assert.deepEqual(names.sort(), [`${folder}/_compacted.json`, `${folder}/events.parquet`]);
});

test('an hour with no valid event has a table without rows', async () => {
  const date = Date.parse('2026-01-16T00:00:00Z');
  const event = { body: Buffer.from([0xff]), sequenceNumber: 0, offset: '0', enqueuedTimeMs: date, properties: {} };
  await new RawFile(lake.raw, rawFilePath('0', date)).append([event], '0', 'now');
  const [hour] = await findHours(lake.raw, lake.processed, date + 2 * 3_600_000);
  assert.ok(hour);
  assert.equal((await compactHour(hour, lake, nowMs)).invalid, 1);
  assert.deepEqual(await rowsOf(lake.processed, 'netflix-events/date=2026-01-16/hour=00/events.parquet'), []);
});
