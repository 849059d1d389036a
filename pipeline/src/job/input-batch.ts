/** Events as the SDK delivers them, to the bytes that the engine takes. */
import type { EventMetadata, InputBatch } from '@asaql/engine';
import type { HubBatch } from './hub-source.ts';

export function inputBatch(input: string, batch: HubBatch, nowMs: number): InputBatch {
  const count = batch.events.length;
  const bodies = batch.events.map((event) => bodyBytes(event.body));
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, 0));
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const arrivalTimeMs = new Float64Array(count);
  let at = 0;
  bodies.forEach((body, index) => {
    bytes.set(body, at);
    starts[index] = at;
    at += body.length;
    ends[index] = at;
    arrivalTimeMs[index] = batch.events[index]?.enqueuedTimeUtc.getTime() ?? nowMs;
  });
  return {
    ...{ input, partition: batch.partition, count, bytes, starts, ends, arrivalTimeMs, processedTimeMs: nowMs },
    metadataOf: (index) => metadataOf(batch.events[index]),
  };
}

/** What the SDK tells of an event beside its body, by the names of GetMetadataPropertyValue. */
function metadataOf(event: HubBatch['events'][number] | undefined): EventMetadata | undefined {
  if (event === undefined) return undefined;
  const { sequenceNumber, offset, partitionKey, properties } = event;
  const eventHub = { Offset: String(offset), SequenceNumber: sequenceNumber, PartitionKey: partitionKey ?? null };
  return { EventHub: eventHub, User: (properties ?? {}) as EventMetadata };
}

/** The body as it was sent. A sender that used an AMQP value or sequence instead of data gets it as JSON, as the service reads it. */
function bodyBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null));
}
