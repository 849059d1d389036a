/** The blob checkpoint store of the host, in the container that Azure's own host uses. Knows no trigger. */
import type { CheckpointStore } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { DefaultAzureCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';
import type { AppSettings } from './host-settings.ts';
import { soleOwnerStore } from './sole-owner-store.ts';

const containerName = 'azure-webjobs-eventhub';

/**
 * By the settings that Azure's own host reads: `AzureWebJobsStorage` (a connection string), or `AzureWebJobsStorage__blobServiceUri`
 * or `__accountName` beside an identity. `sole` is for a host that is alone with its consumer groups (see sole-owner-store.ts);
 * `shared` balances partitions with other hosts through leases. Makes the container; rejects where the account cannot be reached.
 */
export async function hostCheckpointStore(settings: AppSettings, ownership: 'sole' | 'shared'): Promise<CheckpointStore> {
  const container = containerFrom(settings);
  await container.createIfNotExists();
  // The package brings an older copy of the Event Hubs client along; the interface is the same.
  const store: CheckpointStore = new BlobCheckpointStore(container);
  return ownership === 'sole' ? soleOwnerStore(store) : store;
}

function containerFrom(settings: AppSettings): ContainerClient {
  const connectionString = settings.AzureWebJobsStorage;
  if (connectionString) return new ContainerClient(connectionString, containerName);
  const account = settings.AzureWebJobsStorage__accountName;
  const uri = settings.AzureWebJobsStorage__blobServiceUri ?? (account && `https://${account}.blob.core.windows.net`);
  if (!uri)
    throw new Error(
      'App setting AzureWebJobsStorage (a connection string) or AzureWebJobsStorage__blobServiceUri (an address) is missing.',
    );
  return new ContainerClient(`${uri.replace(/\/$/, '')}/${containerName}`, new DefaultAzureCredential());
}
