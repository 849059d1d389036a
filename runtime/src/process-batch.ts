/**
 * What processEvents does with one batch: judge each event, store the valid ones, put the others into the dead-letter hub,
 * and come back only when every event is in one place or the other. Clients, clock and chance are passed in.
 */
import type { Container } from '@azure/cosmos';
import type { BatchLog } from './batch-log.ts';
import { endToEnd } from './batch-log.ts';
import { deadLetterOf, type Rejection } from './dead-letters/dead-letter.ts';
import { type DeadLetterTargets, sendDeadLetters } from './dead-letters/send-dead-letters.ts';
import { enrichEvent, type ProcessedEvent } from './enrich-event.ts';
import type { Retry } from './retry/backoff.ts';
import type { SizedDocument } from './store/plan-batches.ts';
import { writeDocuments } from './store/write-documents.ts';
import type { ReceivedBatch, ReceivedEvent } from './trigger-batch.ts';
import { validateBody } from './validation/validate-event.ts';

export interface ProcessTargets extends DeadLetterTargets {
  readonly container: Container;
  readonly cosmosConcurrency: number;
}

interface EventDocument extends SizedDocument<ProcessedEvent> {
  readonly event: ReceivedEvent;
}

/** What enrichment adds to the size of an event, with room for numbers that are printed longer than they were written. */
const enrichmentBytes = 512;

/** Throws only where a service stays away longer than the budget; the batch is then to be delivered again. */
export async function processBatch(batch: ReceivedBatch, targets: ProcessTargets, retry: Retry): Promise<BatchLog> {
  const { ambient } = retry;
  const startMs = ambient.nowMs();
  const { documents, rejections } = judge(batch, startMs);
  const invalid = rejections.length;
  const written = await writeDocuments(targets.container, documents, { concurrency: targets.cosmosConcurrency, retry });
  const storedMs = ambient.nowMs();
  for (const { item, status, message } of written.refused) {
    const reason = {
      code: 'refused-by-store',
      message: `Cosmos DB refused the document (status ${status}): ${message}`,
    } as const;
    rejections.push({ event: item.event, reasons: [reason], eventId: item.document.event_id });
  }
  let waits = 0;
  const letters = rejections.map((rejection) => deadLetterOf(rejection, batch.partition, storedMs));
  await sendDeadLetters(letters, targets, {
    ...retry,
    onWait: (wait) => {
      waits += 1;
      retry.onWait?.(wait);
    },
  });
  const doneMs = ambient.nowMs();
  return {
    partition: batch.partition,
    firstSequenceNumber: batch.events[0]?.sequenceNumber ?? -1,
    lastSequenceNumber: batch.events.at(-1)?.sequenceNumber ?? -1,
    eventsReceived: batch.events.length,
    eventsProcessed: written.stored,
    eventsInvalid: invalid,
    eventsRefused: written.refused.length,
    eventsDeadLettered: letters.length,
    retries: written.retries + waits,
    throttled: written.throttled,
    requestUnits: written.requestUnits,
    cosmosMs: storedMs - startMs,
    durationMs: doneMs - startMs,
    ...endToEnd(
      batch.events.map((event) => event.enqueuedTimeMs),
      doneMs,
    ),
  };
}

function judge(batch: ReceivedBatch, nowMs: number): { documents: EventDocument[]; rejections: Rejection[] } {
  const documents: EventDocument[] = [];
  const rejections: Rejection[] = [];
  for (const event of batch.events) {
    const validation = validateBody(event.body);
    if (validation.kind === 'invalid') {
      const { reasons, eventId } = validation;
      rejections.push(eventId === undefined ? { event, reasons } : { event, reasons, eventId });
    } else {
      const document = enrichEvent(validation.event, nowMs);
      documents.push({ partitionKey: document.content_id, bytes: event.body.byteLength + enrichmentBytes, document, event });
    }
  }
  return { documents, rejections };
}
