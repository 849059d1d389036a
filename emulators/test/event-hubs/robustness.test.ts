// A full disk, a second emulator on the same folder, clients that speak nonsense: one clear line, nothing lost, and it goes on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startEventHubs } from '../../src/event-hubs/event-hubs-emulator.ts';
import { writeFrames } from '../../src/event-hubs/write-frames.ts';
import { emulatorForTest, errorOf, HUB, producerOf, receive, temporaryFolder } from './emulator-under-test.ts';

test('a full disk: senders are told the server is busy, one line says why, and it goes on when there is space', async (t) => {
  let isFull = false;
  const errors: string[] = [];
  const notices: string[] = [];
  const emulator = await emulatorForTest(t, {
    onError: (line) => errors.push(line),
    onNotice: (line) => notices.push(line),
    write: async (segment, frames, position) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      await writeFrames(segment, frames, position);
    },
  });
  const producer = producerOf(t, emulator.connectionString);
  await producer.sendBatch([{ body: 'before' }], { partitionId: '0' });
  isFull = true;
  for (let attempt = 0; attempt < 3; attempt++) {
    const error = await errorOf(producer.sendBatch([{ body: 'refused' }], { partitionId: '0' }));
    assert.equal(error.code, 'ServerBusyError');
    assert.equal(error.retryable, true);
    assert.match(error.message, /cannot store events now: .*ENOSPC: no space left on device/);
  }
  isFull = false;
  await producer.sendBatch([{ body: 'after' }], { partitionId: '0' });
  const received = await receive(emulator.connectionString, { count: 2, partitionId: '0' });
  assert.deepEqual(
    received.map(({ event }) => event.body),
    ['before', 'after'],
  );
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /ENOSPC.*Events are refused until that is put right; nothing that was acknowledged is lost/);
  assert.deepEqual(notices, ['Event Hubs: the disk takes events again.']);
});

test('a folder has one emulator at a time', async (t) => {
  const dataDir = await temporaryFolder(t);
  const emulator = await emulatorForTest(t, { dataDir });
  const hubs = [{ name: HUB, partitions: 4, consumerGroups: [], retentionHours: 1 }];
  await assert.rejects(startEventHubs({ dataDir, hubs }), /another emulator has the folder .* open/);
  await emulator.close();
  await (await startEventHubs({ dataDir, hubs })).close();
});

test('clients that speak nonsense, or hang up in the middle, harm nobody', async (t) => {
  const lines: string[] = [];
  const emulator = await emulatorForTest(t, { onError: (line) => lines.push(line) });
  const producer = producerOf(t, emulator.connectionString);
  await producer.sendBatch([{ body: 1 }], { partitionId: '0' });
  const amqp = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');
  const nonsense = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'),
    amqp,
    Buffer.concat([amqp, Buffer.from([0, 0, 0, 12, 2, 0, 0, 0, 0x00, 0x53, 0x10, 0xff])]),
    Buffer.concat([amqp, Buffer.from([0, 0, 0, 9, 2, 0, 0, 0, 0x99])]),
    Buffer.concat([amqp, Buffer.from([0, 0, 0, 4])]),
  ];
  for (const bytes of nonsense) {
    const socket = connect(emulator.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.end(bytes);
    socket.resume();
    await once(socket, 'close');
  }
  await producer.sendBatch([{ body: 2 }], { partitionId: '0' });
  const received = await receive(emulator.connectionString, { count: 2, partitionId: '0' });
  assert.deepEqual(
    received.map(({ event }) => event.body),
    [1, 2],
  );
});
