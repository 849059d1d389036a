/**
 * Reads one invocation of an Event Hubs trigger (cardinality many, binary data): the bodies as bytes, and beside each what
 * the hub says of it. The host hands the two over as separate arrays; nothing else in the app should know.
 */
import type { InvocationContext } from '@azure/functions';

export interface ReceivedEvent {
  /** The body exactly as it was sent. */
  readonly body: Uint8Array;
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueuedTimeMs: number;
  readonly partitionKey?: string;
  /** The sender's application properties. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ReceivedBatch {
  readonly partition: string;
  /** In order of their sequence numbers. */
  readonly events: readonly ReceivedEvent[];
}

/**
 * Throws where the host left out what an event cannot be kept without (partition, sequence number, enqueued time): the
 * invocation then fails and is repeated, which loses nothing.
 */
export function batchFromTrigger(messages: unknown, metadata: InvocationContext['triggerMetadata']): ReceivedBatch {
  const bodies = Array.isArray(messages) ? messages : [messages];
  const meta = metadata ?? {};
  const partition = (meta.partitionContext as { partitionId?: unknown } | undefined)?.partitionId;
  if (typeof partition !== 'string') throw new Error('The host gave no partitionContext.partitionId with a batch of events.');
  const sequenceNumbers = column(meta, ['sequenceNumberArray'], bodies.length);
  const offsets = column(meta, ['offsetArray', 'offsetStringArray'], bodies.length);
  const enqueuedTimes = column(meta, ['enqueuedTimeUtcArray'], bodies.length);
  const partitionKeys = meta.partitionKeyArray;
  const properties = meta.propertiesArray;
  const events = bodies.map((body, index): ReceivedEvent => {
    const partitionKey = Array.isArray(partitionKeys) ? partitionKeys[index] : undefined;
    return {
      body: bytesOf(body),
      sequenceNumber: Number(sequenceNumbers[index]),
      offset: String(offsets[index]),
      enqueuedTimeMs: instantMs(enqueuedTimes[index]),
      properties: (Array.isArray(properties) ? properties[index] : undefined) ?? {},
      ...(typeof partitionKey === 'string' && partitionKey !== '' ? { partitionKey } : {}),
    };
  });
  return { partition, events };
}

function column(meta: Record<string, unknown>, names: readonly string[], length: number): readonly unknown[] {
  const values = names.map((name) => meta[name]).find(Array.isArray);
  if (values === undefined || values.length !== length) {
    throw new Error(`The host gave ${values?.length ?? 'no'} ${names[0]} with ${length} events.`);
  }
  return values;
}

/** Binary data arrives as bytes. Text and parsed JSON come only where a host ignores the data type: still nothing is lost. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

function instantMs(value: unknown): number {
  const timeMs = typeof value === 'number' ? value : Date.parse(instantText(value));
  if (!Number.isFinite(timeMs)) throw new Error(`The host gave ${String(value)} as an enqueued time.`);
  return timeMs;
}

/** .NET leaves the zone out where it does not know it; the hub's times are UTC always. */
function instantText(value: unknown): string {
  const text = String(value);
  return /[Zz]|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`;
}
