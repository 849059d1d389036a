// Stopping, starting again, and being killed in the middle of it: nothing that was acknowledged is lost, nothing comes twice.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type EventData,
  EventHubBufferedProducerClient,
  type EventHubClientOptions,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
} from '@azure/event-hubs';
import { emulatorForTest, HUB, producerOf, receive, temporaryFolder, undo } from './emulator-under-test.ts';

const PATIENT = { maxRetries: 50, retryDelayInMs: 50, maxRetryDelayInMs: 200, timeoutInMs: 2000 };

test('over several stops and starts the log goes on where it stopped', async (t) => {
  const dataDir = await temporaryFolder(t);
  for (let start = 0; start < 4; start++) {
    const emulator = await emulatorForTest(t, { dataDir });
    const producer = producerOf(t, emulator.connectionString);
    await producer.sendBatch([{ body: `start ${start}` }, { body: 'second' }], { partitionId: '0' });
    const received = await receive(emulator.connectionString, { count: 2 * (start + 1), partitionId: '0' });
    assert.deepEqual(
      received.map(({ event }) => event.sequenceNumber),
      Array.from({ length: 2 * (start + 1) }, (_, index) => index),
    );
    assert.equal(received.at(-2)?.event.body, `start ${start}`);
    const properties = await producer.getEventHubProperties();
    assert.ok(properties.createdOn.getTime() <= (received[0]?.event.enqueuedTimeUtc.getTime() ?? 0));
    await producer.close();
    await emulator.close();
  }
});

interface EmulatorProcess {
  readonly port: number;
  readonly connectionString: string;
  readonly lines: string[];
  kill(): Promise<void>;
}

async function startProcess(t: TestContext, dataDir: string, port = 0): Promise<EmulatorProcess> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'emulator-process.ts'), [dataDir, String(port)]);
  const lines: string[] = [];
  const listening = Promise.withResolvers<{ port: number; connectionString: string }>();
  child.on('message', (message: { line?: string; port?: number; connectionString?: string }) => {
    if (message.line !== undefined) lines.push(message.line);
    else listening.resolve(message as { port: number; connectionString: string });
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  undo(t, kill);
  const { port: taken, connectionString } = await Promise.race([
    listening.promise,
    exited.then(([code]) => Promise.reject(new Error(`the emulator exited with ${code}: ${lines}`))),
  ]);
  return { port: taken, connectionString, lines, kill };
}

/** Every event of the hub, counted by its body. */
async function countBodies(connectionString: string, total: number): Promise<Map<unknown, number>> {
  const producer = new EventHubProducerClient(connectionString, HUB);
  let stored = 0;
  for (const id of ['0', '1', '2', '3']) {
    const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties(id);
    stored += lastEnqueuedSequenceNumber + 1;
  }
  await producer.close();
  assert.ok(stored >= total, `${stored} events are stored, ${total} were acknowledged`);
  const counts = new Map<unknown, number>();
  for (const { event } of await receive(connectionString, { count: stored }))
    counts.set(event.body, (counts.get(event.body) ?? 0) + 1);
  return counts;
}

test('killed in mid-send, again and again: what the buffered producer was told is stored, and stored once', async (t) => {
  const dataDir = await temporaryFolder(t);
  let emulator = await startProcess(t, dataDir);
  const acknowledged: unknown[] = [];
  const failures: unknown[] = [];
  const waiting: (() => void)[] = [];
  const buffered = new EventHubBufferedProducerClient(emulator.connectionString, HUB, {
    enableIdempotentRetries: true,
    maxWaitTimeInMs: 10,
    maxEventBufferLengthPerPartition: 100,
    retryOptions: PATIENT,
    onSendEventsSuccessHandler: async ({ events }) => {
      for (const { body } of events as EventData[]) acknowledged.push(body);
      for (const resolve of waiting.splice(0)) resolve();
    },
    onSendEventsErrorHandler: async ({ error }) => void failures.push(error),
  });
  const total = 4000;
  const sending = (async () => {
    for (let body = 0; body < total; body++) await buffered.enqueueEvent({ body }, { partitionKey: `key ${body % 97}` });
    await buffered.flush();
  })();
  for (let kill = 1; kill <= 4; kill++) {
    while (acknowledged.length < kill * 600) await new Promise<void>((resolve) => waiting.push(resolve));
    await emulator.kill();
    emulator = await startProcess(t, dataDir, emulator.port);
  }
  await sending;
  await buffered.close();
  assert.deepEqual(failures, []);
  assert.equal(acknowledged.length, total);
  const counts = await countBodies(emulator.connectionString, total);
  const missing = acknowledged.filter((body) => !counts.has(body));
  const repeated = [...counts].filter(([, count]) => count > 1);
  assert.deepEqual([missing, repeated], [[], []]);
});

/** The options by which the SDK's own tests make a plain producer idempotent; its types do not show them. */
interface IdempotentProducer {
  _enableIdempotentRetries: boolean;
  _partitionOptions?: Record<string, { producerGroupId?: number; ownerLevel?: number; startingSequenceNumber?: number }>;
}

function idempotentProducer(
  t: TestContext,
  connectionString: string,
  options: Partial<IdempotentProducer>,
  retryOptions: EventHubClientOptions['retryOptions'] = PATIENT,
): EventHubProducerClient {
  const producer = new EventHubProducerClient(connectionString, HUB, { retryOptions });
  Object.assign(producer as unknown as IdempotentProducer, { _enableIdempotentRetries: true, ...options });
  undo(t, () => producer.close());
  return producer;
}

test('a batch that is sent again under the same numbers after a kill is recognised', async (t) => {
  const dataDir = await temporaryFolder(t);
  let emulator = await startProcess(t, dataDir);
  const identity = { producerGroupId: 4711, ownerLevel: 3, startingSequenceNumber: 0 };
  const first = idempotentProducer(t, emulator.connectionString, { _partitionOptions: { 1: identity } });
  await first.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '1' });
  await emulator.kill();
  emulator = await startProcess(t, dataDir, emulator.port);
  // As a producer does that never saw the answer: the same events again, from the same number on, and one more.
  const again = idempotentProducer(t, emulator.connectionString, { _partitionOptions: { 1: identity } });
  await again.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '1' });
  await again.sendBatch([{ body: 'c' }], { partitionId: '1' });
  const received = await receive(emulator.connectionString, { count: 3, partitionId: '1' });
  assert.deepEqual(
    received.map(({ event }) => event.body),
    ['a', 'b', 'c'],
  );
  // The SDK does not know the condition, and would try again.
  const older = { _partitionOptions: { 1: { ...identity, ownerLevel: 2 } } };
  const stale = idempotentProducer(t, emulator.connectionString, older, { maxRetries: 0 });
  await assert.rejects(stale.sendBatch([{ body: 'x' }], { partitionId: '1' }), /has the owner level 3; one with 2 must give way/);
});

test('a consumer stays through a kill and misses nothing', async (t) => {
  const dataDir = await temporaryFolder(t);
  let emulator = await startProcess(t, dataDir);
  const consumer = new EventHubConsumerClient('$Default', emulator.connectionString, HUB, { retryOptions: PATIENT });
  undo(t, () => consumer.close());
  const bodies: unknown[] = [];
  const waiting: (() => void)[] = [];
  const until = async (count: number): Promise<void> => {
    while (bodies.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  consumer.subscribe(
    '0',
    {
      processEvents: async (events) => {
        for (const { body } of events) bodies.push(body);
        for (const resolve of waiting.splice(0)) resolve();
      },
      processError: async () => undefined,
    },
    // A receiver notices a lost connection only when its wait for events is over, by default after a minute.
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
  );
  for (let round = 0; round < 3; round++) {
    const producer = new EventHubProducerClient(emulator.connectionString, HUB);
    await producer.sendBatch([{ body: round * 2 }, { body: round * 2 + 1 }], { partitionId: '0' });
    await producer.close();
    await until((round + 1) * 2);
    await emulator.kill();
    emulator = await startProcess(t, dataDir, emulator.port);
  }
  assert.deepEqual(bodies, [0, 1, 2, 3, 4, 5]);
});
