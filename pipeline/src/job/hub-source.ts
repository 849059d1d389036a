/**
 * Reads the partitions of an Event Hub in order, each from its own position, through the real SDK. Hands over each event
 * once: what a reconnect brings again is left out by its sequence number. Knows no query.
 */
import { EventHubConsumerClient, type ReceivedEventData, type Subscription } from '@azure/event-hubs';
import { DefaultAzureCredential } from '@azure/identity';
import type { EventHubsConnection } from '../config/connections.ts';
import type { Positions } from './checkpoint-file.ts';

export interface HubBatch {
  readonly partition: number;
  readonly events: readonly ReceivedEventData[];
  /** Sequence number of the last event of the batch. */
  readonly lastSequenceNumber: number;
}

export interface HubSourceOptions {
  readonly connection: EventHubsConnection;
  readonly hub: string;
  readonly consumerGroup: string;
  readonly positions: Positions;
  /** Takes a batch; the partition's next one waits for it. Must not throw. */
  readonly accept: (batch: HubBatch) => Promise<void>;
  readonly onError: (partition: string, error: Error) => void;
}

/** Where a partition ends at a moment. */
export interface PartitionEnd {
  readonly partition: string;
  readonly lastSequenceNumber: number;
}

/** Retries for as long as it takes; a local hub is back within seconds. */
export const hubRetryOptions = { maxRetries: 1_000_000, retryDelayInMs: 250, maxRetryDelayInMs: 5_000, timeoutInMs: 15_000 };

export function consumerClient(connection: EventHubsConnection, hub: string, consumerGroup: string): EventHubConsumerClient {
  const options = { retryOptions: hubRetryOptions };
  return 'connectionString' in connection
    ? new EventHubConsumerClient(consumerGroup, connection.connectionString, hub, options)
    : new EventHubConsumerClient(consumerGroup, connection.fullyQualifiedNamespace, hub, new DefaultAzureCredential(), options);
}

export class HubSource {
  readonly #options: HubSourceOptions;
  readonly #client: EventHubConsumerClient;
  readonly #positions: Record<string, number>;
  #subscriptions: Subscription[] = [];

  constructor(options: HubSourceOptions) {
    this.#options = options;
    this.#client = consumerClient(options.connection, options.hub, options.consumerGroup);
    this.#positions = { ...options.positions };
  }

  /** Begins to read. Resolves with the hub's partitions when all are subscribed. */
  async start(): Promise<readonly string[]> {
    const partitions = await this.#client.getPartitionIds();
    this.#subscriptions = partitions.map((partition) => this.#subscribe(partition));
    return partitions;
  }

  /** The ends of the partitions as the hub knows them now. */
  async ends(): Promise<readonly PartitionEnd[]> {
    const partitions = await this.#client.getPartitionIds();
    const properties = await Promise.all(partitions.map((partition) => this.#client.getPartitionProperties(partition)));
    return properties.map((one) => ({
      partition: one.partitionId,
      lastSequenceNumber: one.isEmpty ? -1 : one.lastEnqueuedSequenceNumber,
    }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close()));
    await this.#client.close();
  }

  #subscribe(partition: string): Subscription {
    const from = this.#positions[partition];
    return this.#client.subscribe(
      partition,
      {
        processEvents: async (events, context) => {
          const fresh = events.filter((event) => event.sequenceNumber > (this.#positions[partition] ?? -1));
          const last = fresh.at(-1);
          if (!last) return;
          await this.#options.accept({ partition: Number(partition), events: fresh, lastSequenceNumber: last.sequenceNumber });
          this.#positions[partition] = last.sequenceNumber;
          // Kept in memory only: a pump that is restarted by the SDK goes on from here instead of the start position.
          await context.updateCheckpoint(last);
        },
        processError: async (error) => this.#options.onError(partition, error),
      },
      {
        startPosition: from === undefined || from < 0 ? { offset: '-1' } : { sequenceNumber: from },
        maxBatchSize: 1000,
        maxWaitTimeInSeconds: 1,
        prefetchCount: 4000,
        skipParsingBodyAsJson: true,
        // One job reads at a time: a newer one takes over, an older one that lives on is shut out.
        ownerLevel: 1,
      },
    );
  }
}
