// What other languages' clients put on the wire and JavaScript's hides, sent by a bare AMQP client: other mechanisms, single messages,
// whole URLs as addresses, described tokens, links torn down in another order.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Connection, EventContext, Receiver, Sender } from 'rhea';
import rhea from 'rhea';
import type { EventHubsEmulator } from '../../src/event-hubs/event-hubs-emulator.ts';
import { emulatorForTest, HUB, producerOf, receive, undo } from './emulator-under-test.ts';

const { types, message } = rhea;
const SELECTOR = 'apache.org:selector-filter:string';

async function connected(t: TestContext, emulator: EventHubsEmulator, mechanism: string): Promise<Connection> {
  const container = rhea.create_container();
  container.on('error', () => undefined);
  const sasl_mechanisms = { [mechanism]: { start: (done: (error: undefined, response: string) => void) => done(undefined, '') } };
  const connection = container.connect({ host: '127.0.0.1', port: emulator.port, reconnect: false, sasl_mechanisms } as never);
  undo(t, async () => {
    if (!connection.is_open()) return;
    connection.close();
    await once(connection, 'connection_close');
  });
  await once(connection, 'connection_open');
  return connection;
}

/** Puts a token as Python does: no reply-to, a number as the message's id, the type `jwt`; returns the reply. */
async function putToken(connection: Connection, properties: object, token: string): Promise<Record<string, unknown>> {
  const session = (
    connection as unknown as {
      create_session(): { begin(): void; open_sender(o: object): Sender; open_receiver(o: object): Receiver };
    }
  ).create_session();
  session.begin();
  const receiver = session.open_receiver({ source: '$cbs', target: '$cbs' });
  const sender = session.open_sender({ target: '$cbs' });
  await once(sender, 'sendable');
  const reply = once(receiver, 'message');
  const application_properties = { operation: 'put-token', type: 'jwt', name: `sb://localhost/${HUB}`, ...properties };
  sender.send({ message_id: 5, application_properties, body: token } as never);
  const [context] = (await reply) as [EventContext];
  assert.equal(context.message?.correlation_id, 5);
  return context.message?.application_properties ?? {};
}

function signature(): string {
  const scope = encodeURIComponent(`sb://localhost/${HUB}`);
  const expiry = Math.floor(Date.now() / 1000) + 600;
  const hash = createHmac('sha256', 'SAS_KEY_VALUE').update(`${scope}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${scope}&sig=${encodeURIComponent(hash)}&se=${expiry}&skn=RootManageSharedAccessKey`;
}

async function authorised(t: TestContext, emulator: EventHubsEmulator, mechanism = 'MSSBCBS'): Promise<Connection> {
  const connection = await connected(t, emulator, mechanism);
  const reply = await putToken(connection, {}, signature());
  assert.equal(reply['status-code'], 202);
  return connection;
}

test('both token mechanisms are taken; a token of an unknown type, and no token at all, are not', async (t) => {
  const emulator = await emulatorForTest(t);
  await authorised(t, emulator, 'ANONYMOUS');
  const connection = await connected(t, emulator, 'MSSBCBS');
  const refused = await putToken(connection, { type: 'x509' }, signature());
  assert.equal(refused['status-code'], 401);
  assert.match(String(refused['status-description']), /InvalidType/);
  const other = await putToken(connection, { operation: 'delete-token' }, signature());
  assert.equal(other['status-code'], 501);
  const sender = connection.open_sender({ target: HUB });
  const [{ sender: closed }] = (await once(sender, 'sender_error')) as [EventContext];
  assert.equal((closed?.error as { condition?: string } | undefined)?.condition, 'amqp:unauthorized-access');
});

test('a single message to a whole URL keeps every type, booleans of one octet included', async (t) => {
  const emulator = await emulatorForTest(t);
  const connection = await authorised(t, emulator);
  const sender = connection.open_sender({ target: `amqps://localhost:5671/${HUB}/Partitions/1`, source: 'me' } as never);
  await once(sender, 'sendable');
  const { Boolean: octet } = types as unknown as { Boolean(value: number): object };
  const application_properties = {
    flag: octet(1),
    small: types.wrap_ubyte(7),
    long: types.wrap_long(2 ** 40),
    half: types.wrap_float(0.5),
  };
  const body = { list: [1, 'x', null], map: { deep: types.wrap_timestamp(1000) } };
  sender.send({
    application_properties,
    body,
    message_annotations: { 'x-opt-offset': 'forged', mine: 'kept' },
    delivery_annotations: { hop: 1 },
  } as never);
  const [{ delivery }] = (await once(sender, 'accepted')) as [EventContext];
  assert.equal(delivery?.remote_settled, true);
  const receiver = connection.open_receiver({
    source: { address: `amqps://localhost/${HUB}/ConsumerGroups/$default/Partitions/1` },
  });
  const [{ message: got }] = (await once(receiver, 'message')) as [EventContext];
  assert.deepEqual(got?.application_properties, { flag: 1, small: 7, long: 2 ** 40, half: 0.5 });
  assert.deepEqual(got?.body, { list: [1, 'x', null], map: { deep: new Date(1000) } });
  assert.equal(got?.message_annotations?.mine, 'kept');
  assert.notEqual(got?.message_annotations?.['x-opt-offset'], 'forged');
  assert.equal(got?.message_annotations?.['x-opt-sequence-number'], 0);
  assert.equal(got?.delivery_annotations, undefined);
});

test('a filter under a symbol descriptor counts, is echoed, and a drained link gets what there is and its credit back', async (t) => {
  const emulator = await emulatorForTest(t);
  await producerOf(t, emulator.connectionString).sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '0' });
  const connection = await authorised(t, emulator);
  const filter = { [SELECTOR]: types.wrap_described("amqp.annotation.x-opt-sequence-number > '0'", SELECTOR) };
  const address = `${HUB}/ConsumerGroups/$Default/Partitions/0`;
  const receiver = connection.open_receiver({ source: { address, filter }, credit_window: 0 } as never);
  const bodies: unknown[] = [];
  receiver.on('message', ({ message: got }: EventContext) => void bodies.push(got?.body.content.toString()));
  await once(receiver, 'receiver_open');
  assert.equal(
    String((receiver.source.filter as Record<string, unknown>)[SELECTOR]),
    "amqp.annotation.x-opt-sequence-number > '0'",
  );
  assert.equal(receiver.snd_settle_mode, 1);
  receiver.add_credit(10);
  receiver.drain_credit();
  await once(receiver, 'receiver_drained');
  assert.deepEqual(bodies, ['"b"', '"c"']);
});

test('a session that ends before its links are detached does not end the connection', async (t) => {
  const emulator = await emulatorForTest(t);
  const connection = await authorised(t, emulator);
  const raw = connection as unknown as { create_session(): never; _write_frame(channel: number, frame: unknown): void };
  const session = raw.create_session() as unknown as {
    begin(): void;
    end(): void;
    open_sender(o: object): Sender;
    local: { channel: number };
  };
  session.begin();
  const sender = session.open_sender({ target: `${HUB}/Partitions/0` });
  await once(sender, 'sendable');
  session.end();
  await once(connection, 'session_close');
  raw._write_frame(session.local.channel, (sender as unknown as { local: { detach: unknown } }).local.detach);
  const next = connection.open_sender({ target: `${HUB}/Partitions/0` });
  await once(next, 'sendable');
  next.send({ body: message.data_section(Buffer.from('"still there"')) } as never);
  await once(next, 'accepted');
  const received = await receive(emulator.connectionString, { count: 1, partitionId: '0' });
  assert.equal(received[0]?.event.body, 'still there');
});

test('what is no AMQP message is rejected, and the link goes on', async (t) => {
  const emulator = await emulatorForTest(t);
  const connection = await authorised(t, emulator);
  const sender = connection.open_sender({ target: `${HUB}/Partitions/0` });
  await once(sender, 'sendable');
  for (const [payload, format] of [
    [Buffer.from([0x00, 0x53, 0x75, 0xa0, 50, 1]), 0],
    [Buffer.from([0x00, 0x53, 0x72, 0xc1, 1, 0]), 0x80013700],
    [Buffer.from('rubbish'), 0x80013700],
    [Buffer.alloc(0), 0],
  ] as const) {
    sender.send(payload, undefined, format);
    const [{ delivery }] = (await once(sender, 'rejected')) as [EventContext];
    const state = delivery?.remote_state as { error?: { condition: string } } | undefined;
    assert.equal(state?.error?.condition, 'amqp:decode-error');
  }
  sender.send({ body: 'fine' } as never);
  await once(sender, 'accepted');
});

test('a client that stops reading holds up nobody, and gets everything when it reads again', async (t) => {
  const emulator = await emulatorForTest(t, { segmentBytesMax: 1 << 20 });
  const connection = await authorised(t, emulator);
  const { socket } = connection as unknown as { socket: { pause(): void; resume(): void } };
  const receiver = connection.open_receiver({
    source: { address: `${HUB}/ConsumerGroups/$Default/Partitions/0` },
    credit_window: 100_000,
  } as never);
  await once(receiver, 'receiver_open');
  const total = 16_000;
  let count = 0;
  const all = Promise.withResolvers<void>();
  receiver.on('message', ({ message: got }: EventContext) => {
    assert.equal(got?.message_annotations?.['x-opt-sequence-number'], count);
    count++;
    if (count === total) all.resolve();
  });
  socket.pause();
  const producer = producerOf(t, emulator.connectionString);
  const events = Array.from({ length: 500 }, (_, index) => ({ body: `${index} ${'x'.repeat(600)}` }));
  for (let sent = 0; sent < total; sent += events.length) await producer.sendBatch(events, { partitionId: '0' });
  await receive(emulator.connectionString, { count: total, partitionId: '0', prefetchCount: 2000 });
  assert.equal(count, 0);
  socket.resume();
  await all.promise;
});
