/**
 * Cuts documents into what Cosmos DB takes in one transaction: one partition key, at most 100 operations, under 2 MB. Pure.
 * https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch#limitations
 */

/** The limits of the service, the second with room for what the SDK puts around each document. */
export const batchLimits = { operationsMax: 100, bytesMax: 1_800_000 } as const;
const operationOverheadBytes = 64;

export interface SizedDocument<Document> {
  readonly partitionKey: string;
  /** An upper estimate of the document's JSON, in bytes. */
  readonly bytes: number;
  readonly document: Document;
}

export interface DocumentBatch<Item> {
  readonly partitionKey: string;
  readonly items: readonly Item[];
}

/** Keeps the order of documents that share a partition key. A document over the limit stands alone: the store will judge it. */
export function planBatches<Item extends SizedDocument<unknown>>(
  items: readonly Item[],
  limits: { operationsMax: number; bytesMax: number } = batchLimits,
): DocumentBatch<Item>[] {
  const batches: DocumentBatch<Item>[] = [];
  for (const [partitionKey, group] of Map.groupBy(items, (item) => item.partitionKey)) {
    let open: Item[] = [];
    let bytes = 0;
    for (const item of group) {
      const itemBytes = item.bytes + operationOverheadBytes;
      if (open.length === limits.operationsMax || (open.length > 0 && bytes + itemBytes > limits.bytesMax)) {
        batches.push({ partitionKey, items: open });
        open = [];
        bytes = 0;
      }
      open.push(item);
      bytes += itemBytes;
    }
    batches.push({ partitionKey, items: open });
  }
  return batches;
}
