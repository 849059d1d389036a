// Sending and receiving with the real SDK: batches, keys, types, places to begin at, metrics.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventHubBufferedProducerClient, latestEventPosition } from '@azure/event-hubs';
import { consumerOf, emulatorForTest, HUB, producerOf, RETRY, receive } from './emulator-under-test.ts';

test('a hub and an empty partition tell their properties', async (t) => {
  const emulator = await emulatorForTest(t, { now: () => 1_700_000_000_000 });
  const producer = producerOf(t, emulator.connectionString);
  const hub = await producer.getEventHubProperties();
  assert.deepEqual([hub.name, hub.partitionIds, hub.createdOn.getTime()], [HUB, ['0', '1', '2', '3'], 1_700_000_000_000]);
  const partition = await producer.getPartitionProperties('3');
  assert.equal(partition.isEmpty, true);
  assert.equal(partition.lastEnqueuedSequenceNumber, -1);
  assert.equal(partition.beginningSequenceNumber, 0);
  assert.deepEqual(emulator.hubs, [{ name: HUB, partitions: 4, consumerGroups: ['$Default', 'a', 'b'] }]);
});

test('bodies, properties and system properties arrive as they were sent', async (t) => {
  const emulator = await emulatorForTest(t, { now: () => 1_700_000_000_123 });
  const producer = producerOf(t, emulator.connectionString);
  const properties = { text: 'é世', count: 7, ratio: 0.5, isLive: true, since: new Date(1000) };
  const bodies = [{ nested: [1, null, { deep: true }] }, 'plain text é世', Buffer.from([0, 1, 255]), 'u'.repeat(750_000)];
  for (const body of bodies) {
    await producer.sendBatch([{ body, properties, contentType: 'application/json', messageId: 'm1', correlationId: 'c1' }], {
      partitionId: '1',
    });
  }
  const received = await receive(emulator.connectionString, { count: bodies.length, partitionId: '1' });
  assert.deepEqual(
    received.map(({ event }) => event.body),
    bodies,
  );
  received.forEach(({ event }, index) => {
    assert.deepEqual(event.properties, { ...properties, since: 1000 });
    assert.deepEqual([event.contentType, event.messageId, event.correlationId], ['application/json', 'm1', 'c1']);
    assert.equal(event.sequenceNumber, index);
    assert.equal(event.enqueuedTimeUtc.getTime(), 1_700_000_000_123);
    assert.equal(event.partitionKey ?? null, null);
  });
  const offsets = received.map(({ event }) => Number(event.offset));
  assert.deepEqual(
    offsets,
    [...offsets].sort((a, b) => a - b),
  );
  assert.equal(new Set(offsets).size, offsets.length);
});

test('a value and a sequence body keep their kind', async (t) => {
  const emulator = await emulatorForTest(t);
  const producer = producerOf(t, emulator.connectionString);
  const value = { body: { a: [1, 'x', null] }, bodyType: 'value' as const, messageAnnotations: { 'x-opt-mine': 'kept' } };
  const sequence = { body: [[1, 2], ['three']], bodyType: 'sequence' as const };
  await producer.sendBatch([value, sequence], { partitionId: '0' });
  const [first, second] = await receive(emulator.connectionString, { count: 2, partitionId: '0' });
  assert.deepEqual(first?.event.body, value.body);
  assert.equal(first?.event.getRawAmqpMessage().bodyType, 'value');
  assert.equal(first?.event.getRawAmqpMessage().messageAnnotations?.['x-opt-mine'], 'kept');
  assert.deepEqual(second?.event.body, sequence.body);
  assert.equal(second?.event.getRawAmqpMessage().bodyType, 'sequence');
});

test('one key goes to one partition, by the hash of the buffered producer too; without a key partitions take turns', async (t) => {
  const emulator = await emulatorForTest(t);
  const producer = producerOf(t, emulator.connectionString);
  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
  for (const key of keys) await producer.sendBatch([{ body: key }], { partitionKey: key });
  const failures: unknown[] = [];
  const buffered = new EventHubBufferedProducerClient(emulator.connectionString, HUB, {
    onSendEventsErrorHandler: async ({ error }) => void failures.push(error),
    maxWaitTimeInMs: 100,
    retryOptions: RETRY,
  });
  for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key });
  await buffered.close({ flush: true });
  assert.deepEqual(failures, []);
  const received = await receive(emulator.connectionString, { count: 40 });
  for (const key of keys) {
    const partitions = new Set(received.filter(({ event }) => event.body === key).map(({ partitionId }) => partitionId));
    assert.equal(partitions.size, 1, `${key} went to ${[...partitions]}`);
  }
  assert.ok(received.filter(({ event }) => event.partitionKey === event.body).length >= 20);
  for (let index = 0; index < 4; index++) await producer.sendBatch([{ body: 'turn' }]);
  const turns = (await receive(emulator.connectionString, { count: 44 })).filter(({ event }) => event.body === 'turn');
  assert.deepEqual(turns.map(({ partitionId }) => partitionId).sort(), ['0', '1', '2', '3']);
});

test('a receiver begins where it is told to', async (t) => {
  let nowMs = 1_700_000_000_000;
  const emulator = await emulatorForTest(t, { now: () => nowMs });
  const producer = producerOf(t, emulator.connectionString);
  for (let batch = 0; batch < 5; batch++) {
    nowMs = 1_700_000_000_000 + batch * 1000;
    const events = Array.from({ length: 10 }, (_, index) => ({ body: batch * 10 + index }));
    await producer.sendBatch(events, { partitionId: '2' });
  }
  const all = await receive(emulator.connectionString, { count: 50, partitionId: '2' });
  const offset = all[23]?.event.offset ?? '';
  const first = async (from: object): Promise<unknown> => {
    const [received] = await receive(emulator.connectionString, { count: 1, partitionId: '2', from });
    return received?.event.body;
  };
  assert.equal(await first({ offset }), 24);
  assert.equal(await first({ offset, isInclusive: true }), 23);
  assert.equal(await first({ sequenceNumber: 31 }), 32);
  assert.equal(await first({ sequenceNumber: 31, isInclusive: true }), 31);
  assert.equal(await first({ enqueuedOn: 1_700_000_001_000 }), 20);
  assert.equal(await first({ enqueuedOn: 1_700_000_000_999 }), 10);
  assert.equal(await first({ enqueuedOn: 0 }), 0);
});

test('"latest" gives only what is enqueued once the receiver is there', async (t) => {
  const emulator = await emulatorForTest(t);
  const producer = producerOf(t, emulator.connectionString);
  await producer.sendBatch([{ body: 'early' }], { partitionId: '2' });
  let isThere = false;
  const reading = receive(emulator.connectionString, { count: 1, partitionId: '2', from: latestEventPosition }).then(
    (received) => {
      isThere = true;
      return received;
    },
  );
  while (!isThere) await producer.sendBatch([{ body: 'later' }], { partitionId: '2' });
  const bodies = (await reading).map(({ event }) => event.body);
  assert.deepEqual([...new Set(bodies)], ['later']);
});

test('a receiver is told how far its partition has got', async (t) => {
  const emulator = await emulatorForTest(t, { now: () => 1_700_000_000_000 });
  const producer = producerOf(t, emulator.connectionString);
  await producer.sendBatch([{ body: 1 }, { body: 2 }, { body: 3 }], { partitionId: '0' });
  const received = await receive(emulator.connectionString, {
    count: 3,
    partitionId: '0',
    trackLastEnqueuedEventProperties: true,
  });
  const last = received[2];
  assert.equal(last?.lastEnqueued?.sequenceNumber, 2);
  assert.equal(last?.lastEnqueued?.offset, last?.event.offset);
  assert.equal(last?.lastEnqueued?.enqueuedOn?.getTime(), 1_700_000_000_000);
  const partition = await consumerOf(t, emulator.connectionString).getPartitionProperties('0');
  assert.deepEqual([partition.lastEnqueuedSequenceNumber, partition.lastEnqueuedOffset], [2, last?.event.offset]);
});

test('every consumer group gets everything, in order, across many batches and segments', async (t) => {
  const emulator = await emulatorForTest(t, { segmentBytesMax: 64 * 1024 });
  const producer = producerOf(t, emulator.connectionString);
  const total = 6000;
  for (let sent = 0; sent < total; sent += 500) {
    const events = Array.from({ length: 500 }, (_, index) => ({ body: { id: sent + index, filler: 'x'.repeat(100) } }));
    await producer.sendBatch(events, { partitionId: '0' });
  }
  const readers = ['$Default', 'A', 'b'].map((group) =>
    receive(emulator.connectionString, { count: total, partitionId: '0', group }),
  );
  for (const received of await Promise.all(readers)) {
    assert.deepEqual(
      received.map(({ event }) => event.body.id),
      Array.from({ length: total }, (_, index) => index),
    );
  }
});

test('what is older than the retention goes, and a receiver begins with the oldest there is', async (t) => {
  let nowMs = 1_700_000_000_000;
  const emulator = await emulatorForTest(t, { now: () => nowMs, segmentBytesMax: 1000 });
  const producer = producerOf(t, emulator.connectionString);
  for (let day = 0; day < 3; day++) {
    for (let index = 0; index < 20; index++)
      await producer.sendBatch([{ body: `day ${day} event ${index}` }], { partitionId: '0' });
    nowMs += 86_400_000 / 2;
  }
  await emulator.enforceRetention();
  const { beginningSequenceNumber, lastEnqueuedSequenceNumber } = await producer.getPartitionProperties('0');
  assert.ok(beginningSequenceNumber > 0 && beginningSequenceNumber <= 20, `the partition begins at ${beginningSequenceNumber}`);
  assert.equal(lastEnqueuedSequenceNumber, 59);
  const received = await receive(emulator.connectionString, { count: 60 - beginningSequenceNumber, partitionId: '0' });
  assert.equal(received[0]?.event.sequenceNumber, beginningSequenceNumber);
});
