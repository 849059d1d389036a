// What does not exist, does not fit or makes no sense, and the one clear answer to each.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { startEventHubs } from '../../src/event-hubs/event-hubs-emulator.ts';
import { emulatorForTest, errorOf, HUB, producerOf, receive, temporaryFolder } from './emulator-under-test.ts';

test('unknown hubs, partitions and consumer groups are not found, at once', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  const stranger = producerOf(t, connectionString, 'no-such-hub');
  const attempts = [
    () => stranger.sendBatch([{ body: 1 }]),
    () => stranger.getEventHubProperties(),
    () => producerOf(t, connectionString).sendBatch([{ body: 1 }], { partitionId: '4' }),
    () => receive(connectionString, { count: 1, partitionId: '0', group: 'no-such-group' }),
    () => receive(connectionString, { count: 1, partitionId: '9' }),
    () => receive(connectionString, { count: 1, partitionId: '0' }, 'no-such-hub'),
  ];
  for (const attempt of attempts) {
    const error = await errorOf(attempt());
    assert.equal(error.code, 'MessagingEntityNotFoundError');
    assert.equal(error.retryable, false);
  }
  const range = await errorOf(producerOf(t, connectionString).getPartitionProperties('01'));
  assert.equal(range.code, 'ArgumentOutOfRangeError');
});

test('a message over the limit is refused and the link goes on', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  const producer = producerOf(t, connectionString);
  const error = await errorOf(producer.sendBatch([{ body: 'x'.repeat(1_100_000) }], { partitionId: '0' }));
  assert.equal(error.code, 'MessageTooLargeError');
  assert.match(error.message, /exceeds the limit \(1048576 bytes\) currently allowed on the link/);
  assert.equal((await producer.createBatch()).maxSizeInBytes, 1_048_576);
  await producer.sendBatch([{ body: 'x'.repeat(1_000_000) }], { partitionId: '0' });
  const received = await receive(connectionString, { count: 1, partitionId: '0' });
  assert.equal(received[0]?.event.body.length, 1_000_000);
});

test('a place behind the end of the log is refused: the checkpoint is of another log', async (t) => {
  const { connectionString } = await emulatorForTest(t);
  await producerOf(t, connectionString).sendBatch([{ body: 1 }], { partitionId: '0' });
  const offset = await errorOf(receive(connectionString, { count: 1, partitionId: '0', from: { offset: '99999' } }));
  assert.match(offset.message, /The supplied offset '99999' is invalid/);
  const sequence = await errorOf(receive(connectionString, { count: 1, partitionId: '0', from: { sequenceNumber: 7 } }));
  assert.match(sequence.message, /The supplied sequence number '7' is invalid. The last sequence number in the system is '0'/);
  const nonsense = await errorOf(receive(connectionString, { count: 1, partitionId: '0', from: { offset: 'abc' } }));
  assert.match(nonsense.message, /is not supported/);
});

test('options that make no sense are named in one line', async (t) => {
  const dataDir = await temporaryFolder(t);
  const hub = { name: HUB, partitions: 1, consumerGroups: [], retentionHours: 1 };
  const attempts: [object, RegExp][] = [
    [{ host: '0.0.0.0' }, /"0\.0\.0\.0" is no loopback address/],
    [{ host: '192.168.1.2' }, /no loopback address/],
    [{ port: 70_000 }, /port 70000/],
    [{ hubs: [{ ...hub, name: '../escape' }] }, /hub name "\.\.\/escape" is not valid/],
    [{ hubs: [{ ...hub, partitions: 0 }] }, /has 0 partitions/],
    [{ hubs: [{ ...hub, retentionHours: 0 }] }, /for 0 hours/],
    [{ hubs: [{ ...hub, consumerGroups: ['a/b'] }] }, /consumer group "a\/b"/],
    [{ hubs: [hub, { ...hub, name: HUB.toUpperCase() }] }, /named twice/],
  ];
  for (const [overrides, message] of attempts) {
    await assert.rejects(startEventHubs({ dataDir, hubs: [hub], ...overrides }), { message });
  }
});

test('a port that is taken is named, and a hub cannot lose partitions', async (t) => {
  const dataDir = await temporaryFolder(t);
  const hub = { name: HUB, partitions: 2, consumerGroups: [], retentionHours: 1 };
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  t.after(() => blocker.close());
  const { port } = blocker.address() as { port: number };
  await assert.rejects(startEventHubs({ dataDir, hubs: [hub], port }), { message: new RegExp(`port ${port} is in use`) });
  const emulator = await startEventHubs({ dataDir, hubs: [hub] });
  await emulator.close();
  await assert.rejects(startEventHubs({ dataDir, hubs: [{ ...hub, partitions: 1 }] }), /has 2 partitions .* but 1 are asked for/);
  const wider = await startEventHubs({ dataDir, hubs: [{ ...hub, partitions: 3 }] });
  assert.equal(wider.hubs[0]?.partitions, 3);
  await wider.close();
});
