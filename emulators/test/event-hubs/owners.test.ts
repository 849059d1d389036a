// Who reads a partition: owner levels (epochs), and consumers that share a hub through a checkpoint store.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { consumerOf, emulatorForTest, errorOf, HUB, producerOf, RETRY, receive, undo } from './emulator-under-test.ts';
import { SharedCheckpointStore } from './shared-checkpoint-store.ts';

/** A consumer that stays: resolves once it has received something; `ended` resolves with the error that ends it. */
async function reader(
  t: TestContext,
  connectionString: string,
  ownerLevel: number | undefined,
): Promise<{ ended: Promise<Error> }> {
  const first = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Error>();
  const handlers = {
    processEvents: async (events: ReceivedEventData[]) => {
      if (events.length > 0) first.resolve();
    },
    processError: async (error: Error) => {
      first.reject(error);
      ended.resolve(error);
    },
  };
  const options = { startPosition: earliestEventPosition, ...(ownerLevel === undefined ? {} : { ownerLevel }) };
  const subscription = consumerOf(t, connectionString).subscribe('0', handlers, options);
  undo(t, () => subscription.close());
  await first.promise;
  return { ended: ended.promise };
}

test('a higher owner level disconnects a lower one and readers without one; a lower one is refused', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  await producerOf(t, connectionString).sendBatch([{ body: 1 }], { partitionId: '0' });
  const plain = await reader(t, connectionString, undefined);
  const one = await reader(t, connectionString, 1);
  const two = await reader(t, connectionString, 2);
  for (const [{ ended }, words] of [
    [plain, /current receiver without epoch/],
    [one, /New receiver with higher epoch of '2'/],
  ] as const) {
    const error = (await ended) as Error & { code?: string; retryable?: boolean };
    assert.equal(error.code, 'ReceiverDisconnectedError');
    assert.equal(error.retryable, false);
    assert.match(error.message, words);
  }
  const lower = await errorOf(reader(t, connectionString, 1));
  assert.match(lower.message, /Receiver with higher epoch '2' already exists/);
  const without = await errorOf(reader(t, connectionString, undefined));
  assert.match(without.message, /created with epoch of '2', and so non-epoch receiver is not allowed/);
  await reader(t, connectionString, 2);
  assert.equal(((await two.ended) as { code?: string }).code, 'ReceiverDisconnectedError');
  // Another consumer group is another matter.
  assert.equal((await receive(connectionString, { count: 1, partitionId: '0', group: 'a' })).length, 1);
});

test('a sixth reader without an owner level is one too many', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  await producerOf(t, connectionString).sendBatch([{ body: 1 }], { partitionId: '0' });
  for (let count = 0; count < 5; count++) await reader(t, connectionString, undefined);
  const sixth = await errorOf(reader(t, connectionString, undefined));
  assert.equal(sixth.code, 'QuotaExceededError');
  assert.match(sixth.message, /allowed receivers per partition in a consumer group which is 5/);
});

test('two consumers share the partitions, and whoever stays takes over from the last checkpoint', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  const producer = producerOf(t, connectionString);
  const store = new SharedCheckpointStore();
  const bodies = new Set<number>();
  const repeated: number[] = [];
  const progress: (() => void)[] = [];
  const owned = [new Set<string>(), new Set<string>()];
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) await new Promise<void>((resolve) => progress.push(resolve));
  };
  const moved = (): void => {
    for (const resolve of progress.splice(0)) resolve();
  };
  const start = (mine: Set<string>): (() => Promise<void>) => {
    const options = {
      retryOptions: RETRY,
      loadBalancingOptions: { updateIntervalInMs: 50, partitionOwnershipExpirationIntervalInMs: 10_000 },
    };
    const consumer = new EventHubConsumerClient('a', connectionString, HUB, store, options);
    const subscription = consumer.subscribe(
      {
        processInitialize: async ({ partitionId }) => {
          mine.add(partitionId);
          moved();
        },
        processEvents: async (events, context) => {
          for (const { body } of events) {
            if (bodies.has(body)) repeated.push(body);
            bodies.add(body);
          }
          const last = events.at(-1);
          if (last) await context.updateCheckpoint(last);
          moved();
        },
        processError: async () => undefined,
        processClose: async (_, { partitionId }) => {
          mine.delete(partitionId);
          moved();
        },
      },
      { startPosition: earliestEventPosition, maxBatchSize: 100 },
    );
    return async () => {
      await subscription.close();
      await consumer.close();
    };
  };
  const send = async (from: number, to: number): Promise<void> => {
    for (let body = from; body < to; body++) await producer.sendBatch([{ body }], { partitionId: String(body % 4) });
  };
  const [first, second] = owned as [Set<string>, Set<string>];
  const stopFirst = start(first);
  await until(() => first.size === 4);
  await send(0, 40);
  await until(() => bodies.size === 40);
  const stopSecond = start(second);
  undo(t, stopSecond);
  await until(() => first.size === 2 && second.size === 2);
  await send(40, 80);
  await until(() => bodies.size === 80);
  await stopFirst();
  await send(80, 120);
  await until(() => bodies.size === 120 && second.size === 4);
  assert.deepEqual(repeated, []);
});
