// How many events a second the Event Hubs emulator takes in and gives out, and what CPU that costs it: emulator, producer and readers are
// processes of their own, as in the pipeline. Usage: node event-hubs.bench.ts [events=200000] [batch=500] [eventBytes=500]
// then: one producer as fast as it goes; one reader as fast as it goes; 2,000 events/s with 4 reading consumer groups for 15 s.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventData,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  latestEventPosition,
} from '@azure/event-hubs';
import { startEventHubs } from '../../src/event-hubs/event-hubs-emulator.ts';

const HUB = 'bench';
const PARTITIONS = 4;
const SENDS_IN_FLIGHT = 4;
const GROUPS = ['g1', 'g2', 'g3', 'g4'];

type Order =
  | { kind: 'emulate'; dataDir: string }
  | { kind: 'cpu' }
  | { kind: 'send'; connection: string; events: number; batch: number; bytes: number; perSecond?: number }
  | { kind: 'receive'; connection: string; group: string; events: number; fromLatest: boolean };

interface Answer {
  readonly connection?: string;
  readonly seconds?: number;
  readonly cpuSeconds?: number;
  readonly rssMb?: number;
  readonly isReady?: boolean;
}

function makeEvents(count: number, bytes: number): EventData[] {
  return Array.from({ length: count }, (_, index) => ({ body: { index, filler: 'x'.repeat(bytes - 30) } }));
}

async function send({ connection, events, batch, bytes, perSecond }: Extract<Order, { kind: 'send' }>): Promise<Answer> {
  const producer = new EventHubProducerClient(connection, HUB);
  const data = makeEvents(batch, bytes);
  const begin = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < events) {
      sent += batch;
      const dueMs = perSecond ? ((sent - batch) / perSecond) * 1000 - (performance.now() - begin) : 0;
      if (dueMs > 0) await sleep(dueMs);
      await producer.sendBatch(data);
    }
  };
  await Promise.all(Array.from({ length: SENDS_IN_FLIGHT }, worker));
  const seconds = (performance.now() - begin) / 1000;
  await producer.close();
  return { seconds };
}

async function receive({ connection, group, events, fromLatest }: Extract<Order, { kind: 'receive' }>): Promise<Answer> {
  const consumer = new EventHubConsumerClient(group, connection, HUB);
  const done = Promise.withResolvers<void>();
  let received = 0;
  let beginMs = 0;
  const startPosition = fromLatest ? latestEventPosition : earliestEventPosition;
  const opened = new Set<string>();
  consumer.subscribe(
    {
      processInitialize: async ({ partitionId }) => {
        opened.add(partitionId);
        if (opened.size === PARTITIONS && fromLatest) setTimeout(() => process.send?.({ isReady: true }), 1000);
      },
      processEvents: async (batch) => {
        beginMs ||= performance.now();
        received += batch.length;
        if (received >= events) done.resolve();
      },
      processError: async (error) => done.reject(error),
    },
    { startPosition, maxBatchSize: 500, prefetchCount: 5000, skipParsingBodyAsJson: true },
  );
  await done.promise;
  const seconds = (performance.now() - beginMs) / 1000;
  await consumer.close();
  return { seconds };
}

async function emulate(dataDir: string): Promise<Answer> {
  const hubs = [{ name: HUB, partitions: PARTITIONS, consumerGroups: GROUPS, retentionHours: 24 }];
  const { connectionString } = await startEventHubs({ dataDir, hubs });
  return { connection: connectionString };
}

function cpu(): Answer {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) };
}

function answer(order: Order): Promise<Answer> | Answer {
  if (order.kind === 'emulate') return emulate(order.dataDir);
  if (order.kind === 'send') return send(order);
  return order.kind === 'receive' ? receive(order) : cpu();
}

async function ask(child: ChildProcess, order: Order): Promise<Answer> {
  child.send(order);
  const [reply] = (await once(child, 'message')) as [Answer];
  return reply;
}

async function main(): Promise<void> {
  const [events = 200_000, batch = 500, bytes = 500] = process.argv.slice(2).map(Number);
  const dataDir = await mkdtemp(join(tmpdir(), 'event-hubs-bench-'));
  const children: ChildProcess[] = [];
  const start = (): ChildProcess => {
    const child = fork(import.meta.filename, ['--child']);
    children.push(child);
    return child;
  };
  try {
    const emulator = start();
    const { connection = '' } = await ask(emulator, { kind: 'emulate', dataDir });
    let before = await ask(emulator, { kind: 'cpu' });
    const report = async (what: string, count: number, seconds = 0): Promise<void> => {
      const now = await ask(emulator, { kind: 'cpu' });
      const used = (now.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0);
      before = now;
      const rate = Math.round(count / seconds).toLocaleString('en');
      const cost = ((used / count) * 1e6).toFixed(1);
      console.log(`${what}: ${rate} events/s; emulator ${used.toFixed(2)} CPU s (${cost} µs an event), ${now.rssMb} MB`);
    };
    const sender = start();
    const sent = await ask(sender, { kind: 'send', connection, events, batch, bytes });
    await report('in', events, sent.seconds);
    const read = await ask(start(), { kind: 'receive', connection, group: '$Default', events, fromLatest: false });
    await report('out', events, read.seconds);
    const paced = 30_000;
    const readers = GROUPS.map(() => start());
    const receiving = readers.map((reader, index) => {
      const group = GROUPS[index] ?? '';
      const ready = ask(reader, { kind: 'receive', connection, group, events: paced, fromLatest: true });
      return ready.then(() => once(reader, 'message'));
    });
    await sleep(4000);
    await ask(emulator, { kind: 'cpu' }).then((now) => (before = now));
    const pacedSend = await ask(sender, { kind: 'send', connection, events: paced, batch: 100, bytes, perSecond: 2000 });
    await Promise.all(receiving);
    await report('2,000/s with 4 readers', paced, pacedSend.seconds);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--child') {
  process.on('message', async (order: Order) => process.send?.(await answer(order)));
} else {
  await main();
}
