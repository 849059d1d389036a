/**
 * Writes documents to a Cosmos DB container and comes back only when each is stored or refused for good: several batches
 * under way at once, all of them pausing together while the service is throttling or away. Knows nothing of events.
 */
import { BulkOperationType, type Container, type JSONObject, type OperationInput } from '@azure/cosmos';
import { Outage, type Retry } from '../retry/backoff.ts';
import { type DocumentBatch, planBatches, type SizedDocument } from './plan-batches.ts';
import { isRefusal, storeFailure } from './store-answer.ts';

export interface Refusal<Item> {
  readonly item: Item;
  readonly status: number;
  readonly message: string;
}

export interface WriteOutcome<Item> {
  readonly stored: number;
  /** Documents that the store will never take. */
  readonly refused: readonly Refusal<Item>[];
  readonly requestUnits: number;
  readonly retries: number;
  readonly throttled: number;
}

/** What one attempt at a batch came to. */
interface Attempt<Item> {
  readonly again: readonly DocumentBatch<Item>[];
  readonly stored: number;
  readonly requestUnits: number;
}

/** Throws only ServiceUnavailableError (the budget of the backoff is used up) or the abort of the signal. */
export async function writeDocuments<Item extends SizedDocument<object>>(
  container: Container,
  items: readonly Item[],
  options: { readonly concurrency: number; readonly retry: Retry },
): Promise<WriteOutcome<Item>> {
  const queue = planBatches(items);
  const outage = new Outage('Cosmos DB', options.retry);
  const refused: Refusal<Item>[] = [];
  const sums = { stored: 0, requestUnits: 0, retries: 0, throttled: 0 };

  const attempt = async (batch: DocumentBatch<Item>): Promise<void> => {
    try {
      const result = await writeBatch(container, batch);
      outage.ended();
      sums.stored += result.stored;
      sums.requestUnits += result.requestUnits;
      queue.unshift(...result.again);
    } catch (error) {
      const failure = storeFailure(error);
      if (failure.kind === 'refused') {
        outage.ended();
        divide(batch, failure, queue, refused);
        return;
      }
      queue.unshift(batch);
      sums.retries += 1;
      if (failure.throttled) sums.throttled += 1;
      outage.failed(error, failure.retryAfterMs);
    }
  };
  const work = async (): Promise<void> => {
    for (;;) {
      await outage.pause();
      const batch = queue.shift();
      if (batch === undefined) return;
      await attempt(batch);
    }
  };
  // A worker that finds the queue empty ends; batches given back later are done by the worker that gave them back.
  const results = await Promise.allSettled(Array.from({ length: Math.min(options.concurrency, queue.length) }, work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return { ...sums, refused };
}

/** One request. Throws where the service did not take it as a whole. */
async function writeBatch<Item extends SizedDocument<object>>(
  container: Container,
  batch: DocumentBatch<Item>,
): Promise<Attempt<Item>> {
  const [only] = batch.items;
  if (batch.items.length === 1 && only !== undefined) {
    const { requestCharge } = await container.items.upsert(only.document);
    return { again: [], stored: 1, requestUnits: requestCharge };
  }
  const operations = batch.items.map(
    (item): OperationInput => ({ operationType: BulkOperationType.Upsert, resourceBody: item.document as JSONObject }),
  );
  const response = await container.items.batch(operations, batch.partitionKey);
  const requestUnits = Number(response.headers?.['x-ms-request-charge'] ?? 0);
  // 424: failed only because another one did.
  const failed = (response.result ?? []).map(({ statusCode }) => (statusCode >= 400 && statusCode !== 424 ? statusCode : 0));
  const waiting = failed.find((status) => status > 0 && !isRefusal(status));
  if (waiting !== undefined) throw Object.assign(new Error(`Status ${waiting} within a batch`), { code: waiting });
  if (failed.every((status) => status === 0)) {
    if (response.code !== undefined && response.code >= 207) throw new Error('A batch failed as a whole without a reason');
    return { again: [], stored: batch.items.length, requestUnits };
  }
  // Within a batch only the status is told. Alone, a document that is refused learns why.
  const isCulprit = (_: Item, index: number) => (failed[index] ?? 0) > 0;
  const rest = batch.items.filter((item, index) => !isCulprit(item, index));
  const again = batch.items.filter(isCulprit).map((item) => ({ ...batch, items: [item] }));
  return { again: rest.length > 0 ? [...again, { ...batch, items: rest }] : again, stored: 0, requestUnits };
}

/** A batch was refused as a whole: halves are tried until the documents at fault stand alone. */
function divide<Item extends SizedDocument<object>>(
  batch: DocumentBatch<Item>,
  failure: { readonly status: number; readonly message: string },
  queue: DocumentBatch<Item>[],
  refused: Refusal<Item>[],
): void {
  const [only] = batch.items;
  if (batch.items.length === 1 && only !== undefined) {
    refused.push({ item: only, status: failure.status, message: failure.message });
    return;
  }
  const middle = batch.items.length >> 1;
  queue.unshift({ ...batch, items: batch.items.slice(0, middle) }, { ...batch, items: batch.items.slice(middle) });
}
