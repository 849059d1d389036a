/** The blob checkpoint store of the host, in the container that Azure's own host uses. Knows no trigger. */
import type { CheckpointStore } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { ContainerClient } from '@azure/storage-blob';
import { soleOwnerStore } from './sole-owner-store.ts';

const containerName = 'azure-webjobs-eventhub';

/**
 * `sole` is for a host that is alone with its consumer groups (see sole-owner-store.ts); `shared` balances partitions with other
 * hosts through leases. Makes the container; rejects where the storage account cannot be reached.
 */
export async function hostCheckpointStore(storageConnection: string, ownership: 'sole' | 'shared'): Promise<CheckpointStore> {
  const container = new ContainerClient(storageConnection, containerName);
  await container.createIfNotExists();
  // The package brings an older copy of the Event Hubs client along; the interface is the same.
  const store: CheckpointStore = new BlobCheckpointStore(container);
  return ownership === 'sole' ? soleOwnerStore(store) : store;
}
