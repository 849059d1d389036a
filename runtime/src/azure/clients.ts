/**
 * The clients of the Azure services, made once per process and connection and shared by all functions and invocations:
 * each holds connections and tokens that are dear to set up. Knows no event.
 */
import { type Container, CosmosClient } from '@azure/cosmos';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { type DataLakeFileSystemClient, DataLakeServiceClient } from '@azure/storage-file-datalake';
import { databaseName, deadLetterHubName, eventHubName, processedContainerName } from '../names.ts';
import type { Connection, Settings } from './settings.ts';

const made = new Map<string, unknown>();
const closers = new Set<() => Promise<unknown>>();

/** Made on first use, by everything that tells one client from another. Creation is synchronous: there is no race to lose. */
function once<Client>(kind: string, name: string, connection: Connection, make: () => Client): Client {
  const key = JSON.stringify([kind, name, connection]);
  const known = made.get(key);
  if (known !== undefined) return known as Client;
  const client = make();
  made.set(key, client);
  return client;
}

function credentialOf(connection: Connection & { kind: 'identity' }) {
  return connection.clientId ? new ManagedIdentityCredential({ clientId: connection.clientId }) : new DefaultAzureCredential();
}

// Waiting for a service that is away is the app's own affair (retry/backoff.ts): it counts the waits and can be stopped.
const hubOptions = { retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 20_000 } };

function producer(settings: Settings, hub: string): EventHubProducerClient {
  const connection = settings.eventHubs;
  return once('producer', hub, connection, () => {
    const client =
      connection.kind === 'identity'
        ? new EventHubProducerClient(connection.address, hub, credentialOf(connection), hubOptions)
        : new EventHubProducerClient(connection.connectionString, hub, hubOptions);
    closers.add(() => client.close());
    return client;
  });
}

export const eventProducer = (settings: Settings): EventHubProducerClient => producer(settings, eventHubName);
export const deadLetterProducer = (settings: Settings): EventHubProducerClient => producer(settings, deadLetterHubName);

/** Not shared: whoever reads dead letters closes it after reading. */
export function deadLetterConsumer(settings: Settings, consumerGroup: string): EventHubConsumerClient {
  const connection = settings.eventHubs;
  return connection.kind === 'identity'
    ? new EventHubConsumerClient(consumerGroup, connection.address, deadLetterHubName, credentialOf(connection), hubOptions)
    : new EventHubConsumerClient(consumerGroup, connection.connectionString, deadLetterHubName, hubOptions);
}

/** The container of processed events. It is made by the deployment, not here: an app's identity may not create containers. */
export function processedEvents(settings: Settings): Container {
  const connection = settings.cosmos;
  const client = once('cosmos', '', connection, () => {
    const policy = { requestTimeout: 20_000, retryOptions: { maxRetryAttemptCount: 0 } };
    if (connection.kind === 'identity') {
      return new CosmosClient({
        endpoint: connection.address,
        aadCredentials: credentialOf(connection),
        connectionPolicy: policy,
      });
    }
    const { endpoint, key } = cosmosParts(connection.connectionString);
    // An emulator on this machine has one region and needs no search for others.
    const enableEndpointDiscovery = !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${endpoint}/`);
    const cosmos = new CosmosClient({ endpoint, key, connectionPolicy: { ...policy, enableEndpointDiscovery } });
    closers.add(async () => cosmos.dispose());
    return cosmos;
  });
  return client.database(databaseName).container(processedContainerName);
}

function cosmosParts(connectionString: string): { endpoint: string; key: string } {
  const endpoint = /(?:^|;)\s*AccountEndpoint=([^;]+)/i.exec(connectionString)?.[1];
  const key = /(?:^|;)\s*AccountKey=([^;]+)/i.exec(connectionString)?.[1];
  if (!endpoint || !key) throw new Error('Setting CosmosConnection must read AccountEndpoint=…;AccountKey=…;');
  return { endpoint, key };
}

/** One attempt a request: the app repeats by itself, and looks at what was written before it does. */
const lakeOptions = { retryOptions: { maxTries: 1, tryTimeoutInMs: 30_000 } };

/** A filesystem of the lake. Filesystems are made by the deployment. */
export function lakeFilesystem(settings: Settings, name: string): DataLakeFileSystemClient {
  const connection = settings.dataLake;
  const service = once('lake', '', connection, () =>
    connection.kind === 'identity'
      ? new DataLakeServiceClient(connection.address, credentialOf(connection), lakeOptions)
      : DataLakeServiceClient.fromConnectionString(connection.connectionString, lakeOptions),
  );
  return service.getFileSystemClient(name);
}

/** Closes what holds connections, when the app ends. */
export async function closeClients(): Promise<void> {
  const all = [...closers];
  closers.clear();
  made.clear();
  await Promise.allSettled(all.map((close) => close()));
}
