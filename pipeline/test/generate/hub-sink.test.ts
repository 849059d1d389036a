/** The generator against a real hub over a real socket: order, the ledger, and what happens when either side is killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGenerator, type GeneratedEvent } from '@asaql/generator';
import { generateCommand } from '../../src/generate/generate-command.ts';
import type { GenerateProcessMessage, GenerateProcessOptions } from '../../src/generate/generate-process.ts';
import { HubSink } from '../../src/generate/hub-sink.ts';
import { Ledger } from '../../src/generate/ledger.ts';
import { type LedgerEntry, readLedgerEntries } from '../../src/generate/read-ledger.ts';
import { childEnvironment } from '../../src/up/child-channel.ts';
import { hub, KillableHub } from './killable-hub.ts';

let server: KillableHub;
before(async () => {
  server = await KillableHub.start();
});
after(() => server.remove());

const never = new AbortController().signal;
const bytesOf = (body: string | Uint8Array) => Buffer.from(body as Uint8Array);
const texts = (bodies: readonly Buffer[]) => bodies.map((body) => body.toString('latin1'));

async function entriesOf(path: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of readLedgerEntries(path)) entries.push(entry);
  return entries;
}

/** Everything in the hub that is not of an earlier test. */
async function newInHub(known: ReadonlySet<string>): Promise<string[][]> {
  return (await server.read()).map((partition) => texts(partition).filter((text) => !known.has(text)));
}

async function known(): Promise<ReadonlySet<string>> {
  return new Set(texts((await server.read()).flat()));
}

function generated(count: number, seed: number): GeneratedEvent[] {
  const options = {
    seed,
    users: 300,
    eventsPerSecond: 1000,
    startTimeMs: Date.UTC(2026, 0, 15),
    scenarios: ['malformed'],
  } as const;
  return createGenerator(options).take(count);
}

test('every event arrives once, byte for byte, in order for each user, and stands acknowledged in the ledger', async () => {
  const path = join(server.folder, 'ledger', 'once.ndjson');
  const ledger = new Ledger(path, {});
  const notices: string[] = [];
  const sink = await HubSink.open(
    { connection: { connectionString: server.connectionString }, hub, ledger, onNotice: (line) => notices.push(line) },
    never,
  );
  const events = generated(12_000, 21);
  for (let at = 0; at < events.length; at += 500) await sink.send(events.slice(at, at + 500));
  await sink.flush();
  await sink.close();
  ledger.close();
  assert.deepEqual(notices, []);
  assert.equal(sink.acknowledged, events.length);
  const partitions = await newInHub(new Set());
  assert.deepEqual(partitions.flat().sort(), texts(events.map((event) => bytesOf(event.body))).sort());
  const place = new Map(events.map((event, index) => [bytesOf(event.body).toString('latin1'), index]));
  for (const partition of partitions) {
    assert.ok(partition.length > 1_000, 'the partitions share the load');
    const places = partition.map((text) => place.get(text) ?? -1);
    assert.ok(places.every((each, index) => index === 0 || each > (places[index - 1] ?? 0)));
  }
  const entries = await entriesOf(path);
  assert.equal(entries.length, events.length);
  assert.ok(entries.every((entry) => entry.status === 'acknowledged'));
});

test('a hub that is killed again and again loses nothing and doubles nothing', async () => {
  const earlier = await known();
  const path = join(server.folder, 'ledger', 'killed-hub.ndjson');
  const ledger = new Ledger(path, {});
  const notices: string[] = [];
  const onNotice = (line: string) => notices.push(line);
  const sink = await HubSink.open({ connection: { connectionString: server.connectionString }, hub, ledger, onNotice }, never);
  const events = generated(12_000, 22);
  for (let round = 0; round < 3; round++) {
    const part = events.slice(round * 4_000, (round + 1) * 4_000);
    await sink.send(part);
    // Batches are under way: some stored and not acknowledged, some half sent.
    await server.kill();
    await server.restart();
  }
  await sink.flush();
  await sink.close();
  ledger.close();
  const inHub = (await newInHub(earlier)).flat();
  assert.deepEqual(inHub.sort(), texts(events.map((event) => bytesOf(event.body))).sort());
  const entries = await entriesOf(path);
  assert.equal(entries.length, events.length);
  assert.ok(entries.every((entry) => entry.status === 'acknowledged'));
  assert.ok(
    notices.some((line) => line.includes('does not take events')) && notices.some((line) => line.includes('takes events again')),
  );
});

test('a sink whose hub is gone can be closed at once, and the ledger does not say more than it knows', async () => {
  const earlier = await known();
  const path = join(server.folder, 'ledger', 'gone.ndjson');
  const ledger = new Ledger(path, {});
  const connection = { connectionString: server.connectionString };
  const sink = await HubSink.open({ connection, hub, ledger, onNotice: () => undefined }, never);
  const events = generated(24_500, 27);
  await sink.send(events.slice(0, 500));
  await sink.flush();
  await server.kill();
  // More than may wait: the caller is held up until the sink is closed.
  const sending = sink.send(events.slice(500));
  await sink.close();
  await sending;
  await sink.flush();
  ledger.close();
  await server.restart();
  const entries = await entriesOf(path);
  assert.equal(entries.filter((entry) => entry.status === 'acknowledged').length, 500);
  assert.ok(entries.length > 500 && entries.length < 2_500, 'only one batch of each partition was under way');
  const noted = new Set(texts(entries.map((entry) => entry.body)));
  assert.ok((await newInHub(earlier)).flat().every((text) => noted.has(text)));
});

test('an event that the hub can never take is refused and noted, and the others go on', async () => {
  const path = join(server.folder, 'ledger', 'too-large.ndjson');
  const ledger = new Ledger(path, {});
  const notices: string[] = [];
  const onNotice = (line: string) => notices.push(line);
  const sink = await HubSink.open({ connection: { connectionString: server.connectionString }, hub, ledger, onNotice }, never);
  const events = generated(20, 23);
  const tooLarge: GeneratedEvent = {
    ...(events[7] as GeneratedEvent),
    kind: 'malformed',
    eventId: null,
    fault: 'broken-json',
    body: 'x'.repeat(300_000),
  };
  await sink.send([...events.slice(0, 7), tooLarge, ...events.slice(8)]);
  await sink.flush();
  await sink.close();
  ledger.close();
  assert.equal(sink.acknowledged, 19);
  assert.equal(sink.refused, 1);
  assert.match(notices.join(), /larger than the hub takes/);
  assert.deepEqual(
    (await entriesOf(path)).filter((entry) => entry.status !== 'acknowledged').map((entry) => [entry.status, entry.body.length]),
    [['refused', 300_000]],
  );
});

test('a wrong hub or key fails at once with one line that names it and shows no key', async () => {
  const wrongKey = server.connectionString.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=c2VjcmV0');
  for (const [connectionString, name, words] of [
    [server.connectionString, 'no-such-hub', 'no-such-hub'],
    [wrongKey, hub, hub],
  ] as const) {
    const opening = HubSink.open(
      { connection: { connectionString }, hub: name, ledger: null, onNotice: () => undefined },
      AbortSignal.timeout(20_000),
    );
    await assert.rejects(
      opening,
      (error: Error) => error.message.includes(words) && !error.message.includes('c2VjcmV0') && !error.message.includes('\n'),
    );
  }
});

test('a paced run meets its rate and its summary', async () => {
  const earlier = await known();
  const progress: number[] = [];
  const summary = await generateCommand({
    eventsPerSecond: 800,
    users: 2_000,
    seed: 24,
    scenarios: [],
    stateless: false,
    durationSeconds: 3,
    startTimeMs: null,
    target: { kind: 'hub', connection: { connectionString: server.connectionString }, hub },
    logLevel: 'error',
    onProgress: ({ sent }) => progress.push(sent),
  });
  assert.equal(summary.sent, 2_400);
  assert.equal(summary.acknowledged, 2_400);
  assert.ok(Math.abs(summary.ratePerSecond - 800) < 40, `${summary.ratePerSecond} events/s`);
  assert.ok(progress.length >= 1);
  assert.equal((await newInHub(earlier)).flat().length, 2_400);
});

function startProcess(options: GenerateProcessOptions) {
  const entry = fileURLToPath(new URL('../../src/generate/generate-process.ts', import.meta.url));
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: childEnvironment(options) });
  const messages: GenerateProcessMessage[] = [];
  child.on('message', (message: GenerateProcessMessage) => messages.push(message));
  const said = async (kind: GenerateProcessMessage['kind']) => {
    while (!messages.some((message) => message.kind === kind)) {
      if (child.exitCode !== null) assert.fail(`The process ended with code ${child.exitCode} before it said ${kind}.`);
      await Promise.race([once(child, 'message'), once(child, 'exit')]);
    }
  };
  return { child, messages, said };
}

test('the generator itself may be killed: what its ledger says is true, and it goes on for the rest of its time', async () => {
  const earlier = await known();
  const ledgerPath = join(server.folder, 'ledger', 'killed-generator.ndjson');
  const options: GenerateProcessOptions = {
    connection: { connectionString: server.connectionString },
    hub,
    eventsPerSecond: 2_000,
    users: 1_000,
    durationSeconds: 6,
    seed: 25,
    scenarios: ['duplicates'],
    ledgerPath,
  };
  const first = startProcess(options);
  await first.said('progress');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = startProcess(options);
  await second.said('done');
  second.child.send({ kind: 'stop' });
  const [code] = await once(second.child, 'exit');
  assert.equal(code, 0);

  const entries = await entriesOf(ledgerPath);
  const bodies = (wanted: LedgerEntry['status']) =>
    texts(entries.filter((entry) => entry.status === wanted).map((entry) => entry.body));
  const inHub = (await newInHub(earlier)).flat();
  const left = new Map<string, number>();
  for (const text of inHub) left.set(text, (left.get(text) ?? 0) + 1);
  for (const text of bodies('acknowledged')) {
    assert.ok((left.get(text) ?? 0) > 0, 'acknowledged and in the hub');
    left.set(text, (left.get(text) ?? 0) - 1);
  }
  const uncertain = bodies('uncertain');
  const unexplained = [...left]
    .flatMap(([text, count]) => new Array<string>(count).fill(text))
    .filter((text) => !uncertain.includes(text));
  assert.deepEqual(unexplained, [], 'what is in the hub stands in the ledger');
  assert.ok(uncertain.length < 1_000);
  assert.deepEqual(new Set(entries.map((entry) => entry.run)), new Set([1, 2]));
  const done = second.messages.find((message) => message.kind === 'done');
  assert.ok(done && done.elapsedSeconds < 5.5, 'the second process had only the rest to do');
});

test('a process that is told to stop sends what it has, says so, and ends with code 0', async () => {
  for (const stop of ['message', 'disconnect'] as const) {
    const ledgerPath = join(server.folder, 'ledger', `stopped-by-${stop}.ndjson`);
    const connection = { connectionString: server.connectionString };
    const { child, said } = startProcess({
      connection,
      hub,
      eventsPerSecond: 500,
      users: 100,
      durationSeconds: null,
      seed: 26,
      scenarios: [],
      ledgerPath,
    });
    await said('progress');
    if (stop === 'message') child.send({ kind: 'stop' });
    else child.disconnect();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    const entries = await entriesOf(ledgerPath);
    assert.ok(entries.length >= 400);
    assert.ok(entries.every((entry) => entry.status === 'acknowledged'));
  }
});
