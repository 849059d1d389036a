/** Reads what a hub holds between two positions, partition by partition, in order. */
import type { ReceivedEventData } from '@azure/event-hubs';
import type { EventHubsConnection } from '../config/connections.ts';
import type { Positions } from '../job/checkpoint-file.ts';
import { consumerClient } from '../job/hub-source.ts';

/** The last sequence number of each partition now; -1 where it is empty. Waits for a hub that is away, until `abortSignal`. */
export async function hubEnds(
  connection: EventHubsConnection,
  hub: string,
  consumerGroup: string,
  abortSignal: AbortSignal = new AbortController().signal,
): Promise<Positions> {
  const client = consumerClient(connection, hub, consumerGroup);
  try {
    const partitions = await client.getPartitionIds({ abortSignal });
    const properties = await Promise.all(
      partitions.map((partition) => client.getPartitionProperties(partition, { abortSignal })),
    );
    return Object.fromEntries(properties.map((one) => [one.partitionId, one.isEmpty ? -1 : one.lastEnqueuedSequenceNumber]));
  } finally {
    await client.close();
  }
}

export interface HubLogRange {
  readonly connection: EventHubsConnection;
  readonly hub: string;
  readonly consumerGroup: string;
  /** Last sequence number before the range, by partition. */
  readonly after: Positions;
  /** Last sequence number of the range, by partition. */
  readonly upTo: Positions;
}

/** Hands every event of the range to `take`. Resolves when all partitions are read to their ends. */
export async function readHubLog(range: HubLogRange, take: (partition: string, event: ReceivedEventData) => void): Promise<void> {
  const client = consumerClient(range.connection, range.hub, range.consumerGroup);
  const left = new Map(Object.entries(range.upTo).filter(([partition, last]) => last > (range.after[partition] ?? -1)));
  try {
    await Promise.all(
      [...left].map(([partition, last]) => readPartition(client, partition, range.after[partition] ?? -1, last, take)),
    );
  } finally {
    await client.close();
  }
}

async function readPartition(
  client: ReturnType<typeof consumerClient>,
  partition: string,
  after: number,
  last: number,
  take: (partition: string, event: ReceivedEventData) => void,
): Promise<void> {
  let position = after;
  let subscription: { close(): Promise<void> } | null = null;
  await new Promise<void>((resolve, reject) => {
    subscription = client.subscribe(
      partition,
      {
        processEvents: async (events, context) => {
          for (const event of events) {
            if (event.sequenceNumber <= position || event.sequenceNumber > last) continue;
            position = event.sequenceNumber;
            take(partition, event);
          }
          const newest = events.at(-1);
          if (newest) await context.updateCheckpoint(newest);
          if (position >= last) resolve();
        },
        processError: async (error) => {
          if ((error as { retryable?: boolean }).retryable === false) reject(error);
        },
      },
      {
        startPosition: after < 0 ? { offset: '-1' } : { sequenceNumber: after },
        maxBatchSize: 2000,
        maxWaitTimeInSeconds: 1,
        prefetchCount: 8000,
        skipParsingBodyAsJson: true,
      },
    );
  });
  await (subscription as { close(): Promise<void> } | null)?.close();
}
