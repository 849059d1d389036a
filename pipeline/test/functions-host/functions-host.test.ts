/** The Functions app in its local host, over real services: where each event ends up, and how dead letters come back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bodyOf, deadLetterHubName, filesystems, parseDeadLetter } from '@asaql/runtime';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';
import { addBatchLine, noTotals } from '../../src/functions-host/batch-totals.ts';
import { hostCheckpointStore } from '../../src/functions-host/checkpoint-store.ts';
import type { LogEntry } from '../../src/functions-host/functions-app.ts';
import { type FunctionsHost, startFunctionsHost } from '../../src/functions-host/start-functions-host.ts';
import { appEntry, LocalServices, until } from './support/local-services.ts';
import { bytesOf, eventId, playbackBodies, playbackEvent } from './support/playback-events.ts';

let services: LocalServices;
let host: FunctionsHost;
let totals = noTotals;
const complaints: LogEntry[] = [];
const functionKey = 'a key of the test';

async function start(): Promise<FunctionsHost> {
  return startFunctionsHost({
    appEntry,
    settings: services.settings,
    checkpointStore: await hostCheckpointStore(services.settings, 'sole'),
    functionKey,
    onLog: (entry) => {
      totals = addBatchLine(totals, entry);
      if (entry.level !== 'information') complaints.push(entry);
    },
  });
}

before(async () => {
  services = await LocalServices.start();
  host = await start();
});
after(async () => {
  await host.stop();
  await services.close();
});

/** Larger than what a dead letter can carry beside its reasons. */
const hugeBody = Buffer.concat([Buffer.from('{"event_id":"'), Buffer.alloc(900_000, 0xff), Buffer.from('"}')]);
const malformed: readonly (readonly [string, Uint8Array])[] = [
  ['not-utf8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d])],
  ['not-utf8', hugeBody],
  ['invalid-json', bytesOf('{"event_id":')],
  ['not-an-object', bytesOf('[1,2]')],
  ['missing-field', bytesOf({ ...playbackEvent(9001), user_id: undefined })],
  ['wrong-type', bytesOf({ ...playbackEvent(9002), timestamp: 5 })],
  ['not-allowed', bytesOf({ ...playbackEvent(9003), device_type: 'fridge' })],
  ['empty-body', Buffer.alloc(0)],
];

async function post(path: string, key = functionKey): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${host.url}${path}`, { method: 'POST', headers: { 'x-functions-key': key } });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

test('the app registers its four functions', () => {
  assert.deepEqual([...host.functionNames].sort(), ['archiveRaw', 'compactLake', 'processEvents', 'replayDeadLetters']);
});

test('valid events are stored, the others dead-lettered with reasons and exact bytes, all of them archived', async () => {
  await services.send(playbackBodies(0, 500));
  for (const [, body] of malformed) await services.send([body], 'one-key');
  await until('every event is dealt with', () => totals.processed + totals.deadLettered === 508 && totals.archived === 508);

  const documents = await services.processedDocuments();
  assert.equal(documents.length, 500);
  const document = documents.find((candidate) => candidate.id === eventId(7));
  assert.ok(document);
  const { processed_at: processedAt, processing_version: version, hour_bucket: hour, ...rest } = document;
  assert.match(String(processedAt), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual([version, hour], ['1.0', '2026-01-15T12']);
  for (const [field, value] of Object.entries(playbackEvent(7))) assert.deepEqual(rest[field], value, field);

  const letters = (await services.readHub(deadLetterHubName)).map((message) => parseDeadLetter(message.body));
  assert.equal(letters.length, malformed.length);
  const raw = DataLakeServiceClient.fromConnectionString(services.settings.DataLakeConnection ?? '').getFileSystemClient(
    filesystems.raw,
  );
  const found: [string, string][] = [];
  for (const letter of letters) {
    assert.ok(letter);
    assert.equal(letter.source.partition_key, 'one-key');
    assert.equal(letter.attempts, 0);
    const body =
      bodyOf(letter.original) ??
      (await raw.getFileClient(letter.original.encoding === 'file' ? letter.original.path : '').readToBuffer());
    found.push([letter.reasons[0]?.code ?? '', Buffer.from(body).toString('base64')]);
  }
  const wanted = malformed.map(([code, body]): [string, string] => [code, Buffer.from(body).toString('base64')]);
  assert.deepEqual(found.sort(), wanted.sort());

  const lines = await services.archivedLines();
  assert.equal(lines.length, 508);
  const kept = new Set(lines.map((line) => line.event_base64).filter((text) => text !== undefined));
  for (const body of [malformed[0], malformed[1], malformed[2], malformed[7]])
    assert.ok(kept.has(Buffer.from(body?.[1] ?? []).toString('base64')));
});

test('dead letters are replayed within the limit, with their count, until they are given up', async () => {
  assert.equal((await post('/api/replayDeadLetters', 'wrong')).status, 401);
  assert.equal((await post('/api/replayDeadLetters?limit=0')).status, 400);
  const first = await post('/api/replayDeadLetters?limit=3&maxAttempts=1');
  assert.deepEqual(first.body, { replayed: 3, given_up: 0, unreadable: 0, remaining: 5, max_attempts: 1, given_up_letters: [] });
  await until('the three are dead letters again', () => totals.deadLettered === 11);
  const second = (await post('/api/replayDeadLetters?limit=100&maxAttempts=1')).body as Record<string, unknown>;
  assert.deepEqual([second.replayed, second.given_up, second.remaining], [5, 3, 0]);
  await until('the five are dead letters again', () => totals.deadLettered === 16);
  const letters = (await services.readHub(deadLetterHubName)).map((message) => parseDeadLetter(message.body));
  assert.deepEqual(letters.map((letter) => letter?.attempts).sort(), [...Array(8).fill(0), ...Array(8).fill(1)]);
  const third = (await post('/api/replayDeadLetters?maxAttempts=1')).body as {
    replayed: number;
    given_up_letters: { why: string }[];
  };
  assert.equal(third.replayed, 0);
  assert.equal(third.given_up_letters.length, 5);
  assert.match(third.given_up_letters[0]?.why ?? '', /replayed 1 times, the maximum is 1/);
});

test('what Cosmos DB refuses for good is a dead letter too', async () => {
  const before = totals;
  await services.send([bytesOf({ ...playbackEvent(9100), ttl: 'soon' }), ...playbackBodies(0, 20)]);
  await until(
    'it is dealt with',
    () => totals.deadLettered === before.deadLettered + 1 && totals.processed === before.processed + 20,
  );
  const letters = (await services.readHub(deadLetterHubName)).map((message) => parseDeadLetter(message.body));
  const refused = letters.find((letter) => letter?.event_id === eventId(9100));
  assert.equal(refused?.reasons[0]?.code, 'refused-by-store');
  assert.match(refused.reasons[0].message, /Cosmos DB refused the document \(status 400\): .*ttl/s);
});

test('a timer can be run by hand', async () => {
  assert.equal((await post('/admin/functions/compactLake')).status, 202);
  assert.equal((await post('/admin/functions/nothing')).status, 404);
  assert.equal(await host.runTimer('compactLake'), true);
});

test('a host that starts again goes on behind its checkpoints', async () => {
  await host.stop();
  const before = totals;
  await services.send(playbackBodies(500, 700));
  host = await start();
  await until(
    'the new events are dealt with',
    () => totals.processed === before.processed + 200 && totals.archived === before.archived + 200,
  );
  assert.equal(totals.deadLettered, before.deadLettered);
  await until('nothing is left', () => host.progress().length === 8 && host.progress().every(({ lag }) => lag === 0));
  assert.deepEqual(
    complaints.filter((entry) => entry.level === 'error'),
    [],
  );
});

test('an app without a setting says which one', async () => {
  const { EventHubConnection: _gone, ...settings } = services.settings;
  await assert.rejects(
    startFunctionsHost({
      appEntry,
      hostJson: join(appEntry, '../../host.json'),
      settings: { ...settings, EventHubConnection: '' },
      checkpointStore: await hostCheckpointStore(settings, 'sole'),
      onLog: () => undefined,
    }),
    /App setting EventHubConnection or EventHubConnection__fullyQualifiedNamespace is missing/,
  );
});
