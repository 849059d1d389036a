/** The raw archive over a real lake: every event exactly once, whatever is repeated, lost on the way or done twice at a time. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type StorageEmulator, startStorage } from '@asaql/emulators';
import { type DataLakeFileSystemClient, DataLakeServiceClient } from '@azure/storage-file-datalake';
import { archiveBatch, RawArchive } from '../src/archive/archive-batch.ts';
import { RawFile } from '../src/archive/raw-file.ts';
import { parseRawLine, type RawLine } from '../src/archive/raw-line.ts';
import { readFileIfThere } from '../src/lake/read-file.ts';
import { realAmbient } from '../src/retry/ambient.ts';
import type { Retry } from '../src/retry/backoff.ts';
import type { ReceivedEvent } from '../src/trigger-batch.ts';
import { sampleEvent } from './support/sample-event.ts';

let dataDir: string;
let storage: StorageEmulator;
let lake: DataLakeFileSystemClient;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'asaql-archive-'));
  storage = await startStorage({ dataDir, port: 0, filesystems: ['raw'] });
  lake = DataLakeServiceClient.fromConnectionString(storage.connectionString).getFileSystemClient('raw');
});
after(async () => {
  await storage.close();
  await rm(dataDir, { recursive: true });
});

const hourMs = Date.parse('2026-01-15T12:00:00Z');
const event = (sequenceNumber: number, body?: Uint8Array, shiftMs = 0): ReceivedEvent => ({
  body: body ?? Buffer.from(JSON.stringify(sampleEvent(sequenceNumber))),
  sequenceNumber,
  offset: String(sequenceNumber * 100),
  enqueuedTimeMs: hourMs + shiftMs + sequenceNumber,
  properties: {},
});
const range = (from: number, to: number): ReceivedEvent[] => Array.from({ length: to - from }, (_, index) => event(from + index));
const retry: Retry = {
  policy: { firstDelayMs: 1, maxDelayMs: 5, budgetMs: 5000 },
  ambient: realAmbient,
  signal: new AbortController().signal,
};

async function linesOf(path: string): Promise<RawLine[]> {
  const text = (await readFileIfThere(lake, path))?.toString('utf8') ?? '';
  assert.ok(text.endsWith('\n'));
  return text.trimEnd().split('\n').map(parseRawLine);
}
const sequenceNumbers = (lines: readonly RawLine[]): number[] => lines.map((line) => line.sequence_number);
const upTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

test('a repeated batch adds what is new and nothing else, also after a restart', async () => {
  const path = 'netflix-events/a/partition-0.jsonl';
  const file = new RawFile(lake, path);
  assert.deepEqual(await file.append(range(0, 10), '0', 'now').then(({ appended, skipped }) => [appended, skipped]), [10, 0]);
  assert.deepEqual(await file.append(range(5, 12), '0', 'now').then(({ appended, skipped }) => [appended, skipped]), [2, 5]);
  const restarted = new RawFile(lake, path);
  assert.deepEqual(
    await restarted.append(range(0, 20), '0', 'now').then(({ appended, skipped }) => [appended, skipped]),
    [8, 12],
  );
  assert.deepEqual(sequenceNumbers(await linesOf(path)), upTo(20));
});

test('of two writers at one file the one behind is refused, looks again and goes on', async () => {
  const path = 'netflix-events/b/partition-0.jsonl';
  const first = new RawFile(lake, path);
  const second = new RawFile(lake, path);
  await first.append(range(0, 3), '0', 'now');
  await second.append(range(0, 5), '0', 'now');
  await assert.rejects(first.append(range(3, 6), '0', 'now'), /contiguous/);
  assert.deepEqual(await first.append(range(3, 6), '0', 'now').then(({ appended, skipped }) => [appended, skipped]), [1, 2]);
  assert.deepEqual(sequenceNumbers(await linesOf(path)), upTo(6));
});

test('a last line longer than what is looked at first is found', async () => {
  const path = 'netflix-events/c/partition-0.jsonl';
  await new RawFile(lake, path).append([event(0), event(1, Buffer.alloc(700_000, 0xff))], '0', 'now');
  const outcome = await new RawFile(lake, path).append([event(1, Buffer.alloc(700_000, 0xff)), event(2)], '0', 'now');
  assert.deepEqual([outcome.appended, outcome.skipped], [1, 1]);
  const lines = await linesOf(path);
  assert.deepEqual(sequenceNumbers(lines), [0, 1, 2]);
  assert.deepEqual(Buffer.from(lines[1]?.event_base64 ?? '', 'base64'), Buffer.alloc(700_000, 0xff));
});

test('a batch larger than one request is appended in pieces', async () => {
  const path = 'netflix-events/d/partition-0.jsonl';
  const events = Array.from({ length: 12 }, (_, index) => event(index, Buffer.alloc(900_000, 0xff)));
  await new RawFile(lake, path).append(events, '0', 'now');
  assert.deepEqual(sequenceNumbers(await linesOf(path)), upTo(12));
});

test('a hub that was made anew begins at 0 again, and loses nothing', async () => {
  const path = 'netflix-events/e/partition-0.jsonl';
  await new RawFile(lake, path).append(range(0, 5), '0', 'now');
  const anew = Array.from({ length: 3 }, (_, index) => event(index, undefined, 60_000));
  assert.equal((await new RawFile(lake, path).append(anew, '0', 'now')).appended, 3);
  assert.deepEqual(sequenceNumbers(await linesOf(path)), [0, 1, 2, 3, 4, 0, 1, 2]);
});

test('what a stranger left without a line end does not swallow the next line', async () => {
  const path = 'netflix-events/f/partition-0.jsonl';
  await new RawFile(lake, path).append(range(0, 2), '0', 'now');
  const client = lake.getFileClient(path);
  const length = Number((await client.getProperties()).contentLength);
  await client.append(Buffer.from('{"torn'), length, 6, { flush: true });
  await new RawFile(lake, path).append(range(0, 4), '0', 'now');
  const text = (await readFileIfThere(lake, path))?.toString('utf8').split('\n') ?? [];
  assert.deepEqual(text.filter((line) => line.startsWith('{"partition"')).length, 4);
});

test('a batch over the end of an hour fills two files; answers lost on the way double nothing', async () => {
  const { connectionString, close, lose } = await startLossyProxy(storage);
  try {
    const filesystem = DataLakeServiceClient.fromConnectionString(connectionString, {
      retryOptions: { maxTries: 1 },
    }).getFileSystemClient('raw');
    const archive = new RawArchive(filesystem);
    const events = [...range(0, 50), ...Array.from({ length: 50 }, (_, index) => event(50 + index, undefined, 3_600_000))];
    let appended = 0;
    let retries = 0;
    for (let from = 0; from < 100; from += 10) {
      lose();
      const log = await archiveBatch({ partition: '1', events: events.slice(from, from + 10) }, archive, retry);
      appended += Number(log.eventsArchived) + Number(log.eventsAlreadyArchived);
      retries += Number(log.retries);
    }
    assert.equal(appended, 100);
    assert.equal(retries, 10);
    assert.deepEqual(sequenceNumbers(await linesOf('netflix-events/2026-01-15/12/partition-1.jsonl')), upTo(50));
    assert.deepEqual(sequenceNumbers(await linesOf('netflix-events/2026-01-15/13/partition-1.jsonl')), upTo(100).slice(50));
  } finally {
    await close();
  }
});

/** A proxy that passes a request on and, when told so, swallows the answer of the next append. */
async function startLossyProxy(
  target: StorageEmulator,
): Promise<{ connectionString: string; close: () => Promise<void>; lose: () => void }> {
  let losing = false;
  const server = createServer((incoming, outgoing) => {
    const upstream = request(
      { host: '127.0.0.1', port: target.port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (losing && incoming.method === 'PATCH') {
          losing = false;
          answer.resume().once('end', () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: target.connectionString.replaceAll(`:${target.port}/`, `:${port}/`),
    lose: () => {
      losing = true;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
