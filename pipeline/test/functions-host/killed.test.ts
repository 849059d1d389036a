/** The host's process killed in the middle of its work, again and again: what was sent is processed or dead-lettered, and archived once. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deadLetterHubName, parseDeadLetter } from '@asaql/runtime';
import type { FunctionsProcessMessage, FunctionsProcessOptions } from '../../src/functions-host/functions-process.ts';
import { childEnvironment } from '../../src/up/child-channel.ts';
import { appEntry, LocalServices, until } from './support/local-services.ts';
import { bytesOf, eventId, playbackBodies } from './support/playback-events.ts';

const entry = fileURLToPath(new URL('../../src/functions-host/functions-process.ts', import.meta.url));

let services: LocalServices;
before(async () => {
  services = await LocalServices.start();
});
const children = new Set<ChildProcess>();
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await services.close();
});

interface HostProcess {
  readonly child: ChildProcess;
  readonly messages: FunctionsProcessMessage[];
  metrics(): Extract<FunctionsProcessMessage, { kind: 'metrics' }> | undefined;
}

function startProcess(): HostProcess {
  const options: FunctionsProcessOptions = { appEntry, settings: services.settings, ownership: 'sole' };
  const child = fork(entry, [], { env: childEnvironment(options), stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const messages: FunctionsProcessMessage[] = [];
  child.on('message', (message) => messages.push(message as FunctionsProcessMessage));
  return { child, messages, metrics: () => messages.findLast((message) => message.kind === 'metrics') };
}

test('SIGKILL in mid-run loses nothing and archives each event once', async () => {
  let sent = 0;
  let process = startProcess();
  const sendSome = async () => {
    await services.send([
      ...playbackBodies(sent, sent + 490),
      ...Array.from({ length: 10 }, (_, index) => bytesOf(`malformed ${sent + index}`)),
    ]);
    sent += 500;
  };
  for (let round = 0; round < 4; round += 1) {
    for (let batch = 0; batch < 6; batch += 1) await sendSome();
    // Somewhere in its work: some of the round is done and some is not.
    await until('the process has begun', () =>
      process.messages.some((message) => message.kind === 'metrics' && message.processed > 0),
    );
    const exited = once(process.child, 'exit');
    process.child.kill('SIGKILL');
    await exited;
    process = startProcess();
  }
  await until('the last process has nothing left to do', () => {
    const metrics = process.metrics();
    return metrics?.partitions.length === 8 && metrics.lag === 0;
  });
  await until(
    'everything is archived',
    async () =>
      new Set((await services.archivedLines()).map((line) => `${line.partition}/${line.sequence_number}`)).size === sent,
  );
  const lines = await services.archivedLines();
  assert.equal(lines.length, sent);

  const valid = new Set(
    Array.from({ length: sent }, (_, index) => index)
      .filter((index) => index % 500 < 490)
      .map(eventId),
  );
  await until('everything is stored', async () => (await services.processedDocuments()).length === valid.size);
  assert.deepEqual(new Set((await services.processedDocuments()).map((document) => document.id)), valid);
  const letters = (await services.readHub(deadLetterHubName)).map((message) => parseDeadLetter(message.body));
  const bodies = new Set(letters.map((letter) => (letter?.original.encoding === 'utf8' ? letter.original.body : '')));
  assert.equal(bodies.size, sent / 50);

  const stopped = once(process.child, 'exit');
  process.child.send({ kind: 'stop' });
  assert.deepEqual(await stopped, [0, null]);
  assert.ok(process.messages.some((message) => message.kind === 'stopped'));
});

test('the process ends with its parent', async () => {
  const { child, messages } = startProcess();
  await until('it is ready', () => messages.some((message) => message.kind === 'ready'));
  const exited = once(child, 'exit');
  child.disconnect();
  assert.deepEqual(await exited, [0, null]);
});

test('a wrong option ends the process with one line', async () => {
  const options: FunctionsProcessOptions = { appEntry, settings: {} };
  const child = fork(entry, [], { env: childEnvironment(options), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  assert.deepEqual(await once(child, 'exit'), [1, null]);
  assert.match(text, /functions: App setting AzureWebJobsStorage .* or AzureWebJobsStorage__blobServiceUri .* is missing\.\n/);
});
