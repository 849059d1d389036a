/** The three services on this machine in a temporary folder, each of which a test can stop and start again at its address. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CosmosEmulator,
  type EventHubsEmulator,
  type StorageEmulator,
  startCosmos,
  startEventHubs,
  startStorage,
} from '@asaql/emulators';
import {
  consumerGroups,
  databaseName,
  deadLetterHubName,
  eventHubName,
  filesystems,
  parseRawLine,
  processedContainerName,
  type RawLine,
} from '@asaql/runtime';
import { CosmosClient } from '@azure/cosmos';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { DataLakeServiceClient } from '@azure/storage-file-datalake';

export const appEntry = fileURLToPath(import.meta.resolve('@asaql/runtime/app'));
export const appFolder = dirname(dirname(appEntry));

export interface LocalServicesOptions {
  /** With it Cosmos DB answers 429 beyond so many RU/s. */
  readonly throughput?: number;
  /** TLS with the long-lived test certificate, and bearer tokens beside keys. */
  readonly tls?: boolean;
}

export const tlsCertificatePath = fileURLToPath(new URL('../../../../emulators/test/tls/cert.pem', import.meta.url));
const tlsKeyPath = fileURLToPath(new URL('../../../../emulators/test/tls/key.pem', import.meta.url));

export class LocalServices {
  readonly dataDir: string;
  readonly #options: LocalServicesOptions;
  #hubs: EventHubsEmulator | null = null;
  #cosmos: CosmosEmulator | null = null;
  #storage: StorageEmulator | null = null;
  #ports = { hubs: 0, cosmos: 0, storage: 0 };
  settings: Record<string, string> = {};

  static async start(options: LocalServicesOptions = {}): Promise<LocalServices> {
    const services = new LocalServices(await mkdtemp(join(tmpdir(), 'asaql-functions-')), options);
    const [hubs, cosmos, storage] = await Promise.all([services.startHubs(), services.startCosmos(), services.startStorage()]);
    services.settings = {
      EventHubConnection: hubs.connectionString,
      CosmosConnection: cosmos.connectionString,
      DataLakeConnection: storage.connectionString,
      AzureWebJobsStorage: storage.connectionString,
      RETRY_FIRST_DELAY_MS: '20',
      RETRY_MAX_DELAY_MS: '250',
    };
    return services;
  }

  private constructor(dataDir: string, options: LocalServicesOptions) {
    this.dataDir = dataDir;
    this.#options = options;
  }

  /** The same services by address only. */
  keylessSettings(): Record<string, string> {
    const {
      EventHubConnection: _hub,
      CosmosConnection: _cosmos,
      DataLakeConnection: _lake,
      AzureWebJobsStorage: _host,
      ...rest
    } = this.settings;
    const storage = `https://localhost:${this.#ports.storage}/devstoreaccount1`;
    return {
      ...rest,
      EventHubConnection__fullyQualifiedNamespace: `localhost:${this.#ports.hubs}`,
      CosmosConnection__accountEndpoint: `https://localhost:${this.#ports.cosmos}/`,
      DataLakeConnection__dfsServiceUri: storage,
      AzureWebJobsStorage__blobServiceUri: storage,
    };
  }

  #security(): { host?: string; tls?: { cert: string; key: string }; acceptTokens?: boolean } {
    if (!this.#options.tls) return {};
    return { tls: { cert: readFileSync(tlsCertificatePath, 'utf8'), key: readFileSync(tlsKeyPath, 'utf8') }, acceptTokens: true };
  }

  async startHubs(): Promise<EventHubsEmulator> {
    const hub = (name: string, groups: string[]) => ({ name, partitions: 4, consumerGroups: groups, retentionHours: 24 });
    this.#hubs = await startEventHubs({
      dataDir: join(this.dataDir, 'hubs'),
      port: this.#ports.hubs,
      ...this.#security(),
      hubs: [
        hub(eventHubName, [consumerGroups.process, consumerGroups.archive]),
        hub(deadLetterHubName, [consumerGroups.replay]),
      ],
    });
    this.#ports.hubs = this.#hubs.port;
    return this.#hubs;
  }

  async startCosmos(): Promise<CosmosEmulator> {
    const { throughput } = this.#options;
    const container = {
      id: processedContainerName,
      partitionKey: '/content_id',
      ...(throughput === undefined ? {} : { throughput }),
    };
    this.#cosmos = await startCosmos({
      dataDir: join(this.dataDir, 'cosmos'),
      port: this.#ports.cosmos,
      ...this.#security(),
      databases: [{ id: databaseName, containers: [container] }],
      emulateThroughput: throughput !== undefined,
    });
    this.#ports.cosmos = this.#cosmos.port;
    return this.#cosmos;
  }

  async startStorage(): Promise<StorageEmulator> {
    this.#storage = await startStorage({
      dataDir: join(this.dataDir, 'storage'),
      port: this.#ports.storage,
      ...this.#security(),
      filesystems: Object.values(filesystems),
    });
    this.#ports.storage = this.#storage.port;
    return this.#storage;
  }

  async stopHubs(): Promise<void> {
    await this.#hubs?.close();
    this.#hubs = null;
  }

  async stopCosmos(): Promise<void> {
    await this.#cosmos?.close();
    this.#cosmos = null;
  }

  async stopStorage(): Promise<void> {
    await this.#storage?.close();
    this.#storage = null;
  }

  async close(): Promise<void> {
    await Promise.all([this.stopHubs(), this.stopCosmos(), this.stopStorage()]);
    await rm(this.dataDir, { recursive: true });
  }

  /** Sends bodies as bytes, with a partition key where one is given. */
  async send(bodies: readonly Uint8Array[], partitionKey?: string): Promise<void> {
    const producer = new EventHubProducerClient(this.settings.EventHubConnection ?? '', eventHubName);
    try {
      let batch = await producer.createBatch(partitionKey === undefined ? {} : { partitionKey });
      for (const body of bodies) {
        if (batch.tryAdd({ body })) continue;
        await producer.sendBatch(batch);
        batch = await producer.createBatch(partitionKey === undefined ? {} : { partitionKey });
        if (!batch.tryAdd({ body })) throw new Error('An event does not fit into a message.');
      }
      await producer.sendBatch(batch);
    } finally {
      await producer.close();
    }
  }

  /** Everything that a hub holds now. */
  async readHub(hub: string): Promise<ReceivedEventData[]> {
    const consumer = new EventHubConsumerClient('$Default', this.settings.EventHubConnection ?? '', hub);
    const all: ReceivedEventData[] = [];
    try {
      for (const partition of await consumer.getPartitionIds()) {
        const { isEmpty, lastEnqueuedSequenceNumber } = await consumer.getPartitionProperties(partition);
        if (isEmpty) continue;
        await new Promise<void>((resolve, reject) => {
          const subscription = consumer.subscribe(
            partition,
            {
              processEvents: async (events) => {
                all.push(...events);
                if ((events.at(-1)?.sequenceNumber ?? -1) >= lastEnqueuedSequenceNumber)
                  subscription.close().then(resolve, reject);
              },
              processError: async (error) => reject(error),
            },
            { startPosition: earliestEventPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
          );
        });
      }
    } finally {
      await consumer.close();
    }
    return all;
  }

  async processedDocuments(): Promise<Record<string, unknown>[]> {
    const [, endpoint = '', key = ''] =
      /AccountEndpoint=([^;]+);AccountKey=([^;]+)/.exec(this.settings.CosmosConnection ?? '') ?? [];
    const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
    try {
      const { resources } = await client.database(databaseName).container(processedContainerName).items.readAll().fetchAll();
      return resources;
    } finally {
      client.dispose();
    }
  }

  async archivedLines(): Promise<RawLine[]> {
    const raw = DataLakeServiceClient.fromConnectionString(this.settings.DataLakeConnection ?? '').getFileSystemClient(
      filesystems.raw,
    );
    const lines: RawLine[] = [];
    for await (const path of raw.listPaths({ recursive: true })) {
      if (!path.name?.endsWith('.jsonl')) continue;
      const text = (await raw.getFileClient(path.name).readToBuffer()).toString('utf8');
      lines.push(...text.trimEnd().split('\n').map(parseRawLine));
    }
    return lines;
  }
}

/** Waits until the condition holds, looked at again after each of the host's reports or a short while. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
