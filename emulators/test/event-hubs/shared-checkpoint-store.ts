// A checkpoint store in memory that several consumers of one test share; the SDK keeps its own to itself.
import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';

export class SharedCheckpointStore implements CheckpointStore {
  readonly #ownerships = new Map<string, PartitionOwnership>();
  readonly #checkpoints = new Map<string, Checkpoint>();
  #etag = 0;

  async listOwnership(): Promise<PartitionOwnership[]> {
    return [...this.#ownerships.values()].map((ownership) => ({ ...ownership }));
  }

  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    const claimed: PartitionOwnership[] = [];
    for (const ownership of wanted) {
      const known = this.#ownerships.get(ownership.partitionId);
      if (known && known.etag !== ownership.etag) continue;
      const now = { ...ownership, etag: String(++this.#etag), lastModifiedTimeInMs: Date.now() };
      this.#ownerships.set(ownership.partitionId, now);
      claimed.push({ ...now });
    }
    return claimed;
  }

  async updateCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.#checkpoints.set(checkpoint.partitionId, { ...checkpoint });
  }

  async listCheckpoints(): Promise<Checkpoint[]> {
    return [...this.#checkpoints.values()];
  }
}
