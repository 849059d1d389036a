// What the tests of the Event Hubs emulator share: an emulator in a temporary folder that goes away with the test, and the real SDK's
// clients, with retries that do not make a test wait.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type LastEnqueuedEventProperties,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import {
  type EventHubsEmulator,
  type EventHubsEmulatorOptions,
  startEventHubs,
} from '../../src/event-hubs/event-hubs-emulator.ts';

export const HUB = 'telemetry';
export const RETRY = { maxRetries: 0, retryDelayInMs: 100, timeoutInMs: 10_000 };

const undone = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/** Undoes in reverse order when the test ends: clients close before the emulator, the emulator before its folder goes. */
export function undo(t: TestContext, action: () => Promise<unknown>): void {
  const known = undone.get(t);
  if (known) {
    known.push(action);
    return;
  }
  const actions = [action];
  undone.set(t, actions);
  t.after(async () => {
    for (const undoIt of actions.reverse()) await undoIt();
  });
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'event-hubs-'));
  undo(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An emulator with the hub `telemetry` (4 partitions, consumer groups $Default, a, b). */
export async function emulatorForTest(
  t: TestContext,
  overrides: Partial<EventHubsEmulatorOptions> = {},
): Promise<EventHubsEmulator> {
  const dataDir = overrides.dataDir ?? (await temporaryFolder(t));
  const hubs = [{ name: HUB, partitions: 4, consumerGroups: ['a', 'b'], retentionHours: 24 }];
  const emulator = await startEventHubs({ hubs, ...overrides, dataDir });
  undo(t, () => emulator.close());
  return emulator;
}

export function producerOf(t: TestContext, connectionString: string, hub = HUB): EventHubProducerClient {
  const producer = new EventHubProducerClient(connectionString, hub, { retryOptions: RETRY });
  undo(t, () => producer.close());
  return producer;
}

export function consumerOf(t: TestContext, connectionString: string, group = '$Default', hub = HUB): EventHubConsumerClient {
  const consumer = new EventHubConsumerClient(group, connectionString, hub, { retryOptions: RETRY });
  undo(t, () => consumer.close());
  return consumer;
}

export interface Received {
  readonly partitionId: string;
  readonly event: ReceivedEventData;
  readonly lastEnqueued: LastEnqueuedEventProperties | undefined;
}

export interface Reading extends SubscribeOptions {
  readonly count: number;
  readonly partitionId?: string;
  readonly from?: EventPosition;
  readonly group?: string;
  /** Called once the receivers are open. */
  readonly whenOpen?: () => Promise<unknown>;
}

/** Reads until `count` events are there; rejects with the first error of a receiver. */
export async function receive(connectionString: string, reading: Reading, hub = HUB): Promise<Received[]> {
  const { count, partitionId, from = earliestEventPosition, group = '$Default', whenOpen, ...options } = reading;
  const consumer = new EventHubConsumerClient(group, connectionString, hub, { retryOptions: RETRY });
  const received: Received[] = [];
  const done = Promise.withResolvers<void>();
  const handlers = {
    processEvents: async (
      events: ReceivedEventData[],
      context: { partitionId: string; lastEnqueuedEventProperties?: unknown },
    ) => {
      for (const event of events) {
        const lastEnqueued = context.lastEnqueuedEventProperties as LastEnqueuedEventProperties | undefined;
        received.push({ partitionId: context.partitionId, event, lastEnqueued });
      }
      if (received.length >= count) done.resolve();
    },
    processError: async (error: Error) => done.reject(error),
  };
  const all = { startPosition: from, maxBatchSize: 500, ...options };
  const subscription =
    partitionId === undefined ? consumer.subscribe(handlers, all) : consumer.subscribe(partitionId, handlers, all);
  try {
    await whenOpen?.();
    await done.promise;
  } finally {
    await subscription.close();
    await consumer.close();
  }
  return received;
}

/** The `code` of the error a promise rejects with. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<{ code?: string; message: string; retryable?: boolean; name: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code?: string; message: string; name: string };
  }
  throw new Error('nothing was rejected');
}
