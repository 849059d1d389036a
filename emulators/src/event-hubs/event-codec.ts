// Between what a producer puts on the wire and what a partition stores: splits batches into events, keeps each event's sections as they
// came, and takes out of its annotations what the service itself sets or reads.
// Knows nothing of links, files or partitions.
import { AmqpFormatError, contentAt, eachMapEntry, integerAt, sections, textAt } from './amqp-sections.ts';

/** The message format of a batch: its data sections are whole messages. */
export const BATCH_FORMAT = 0x80013700;

const PARTITION_KEY = 'x-opt-partition-key';
/** Set by the service on delivery, never taken over from a producer. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set(['x-opt-sequence-number', 'x-opt-offset', 'x-opt-enqueued-time']);
const PRODUCER_ID = 'com.microsoft:producer-id';
const PRODUCER_EPOCH = 'com.microsoft:producer-epoch';
const PRODUCER_SEQUENCE = 'com.microsoft:producer-sequence-number';

/** A transfer taken apart: `events` are in the stored form, the producer is that of the first event. */
export interface PublishedBatch {
  readonly events: readonly Buffer[];
  readonly partitionKey: string | undefined;
  readonly producer: { readonly id: number; readonly epoch: number; readonly firstSequence: number } | undefined;
}

interface Annotations {
  partitionKey?: string;
  producerId?: number;
  producerEpoch?: number;
  producerSequence?: number;
  /** The entries to hand on, each an encoded key and value. */
  kept: Buffer[];
}

/**
 * Takes a transfer's payload apart.
 * @throws AmqpFormatError if it is no valid message, or a batch without events.
 */
export function publishedBatch(payload: Buffer, format: number): PublishedBatch {
  if (format !== BATCH_FORMAT) {
    const { event, annotations } = storedEvent(payload, undefined);
    return { events: [event], partitionKey: annotations.partitionKey, producer: producerOf(annotations) };
  }
  let envelope: Annotations = { kept: [] };
  const events: Buffer[] = [];
  let first: Annotations | undefined;
  for (const section of sections(payload)) {
    if (section.code === 0x72) envelope = readAnnotations(payload, section.valueAt);
    if (section.code !== 0x75) continue;
    const message = contentAt(payload, section.valueAt);
    if (!message) throw new AmqpFormatError('a data section holds no binary');
    const { event, annotations } = storedEvent(message, envelope.partitionKey);
    first ??= annotations;
    events.push(event);
  }
  if (!first) throw new AmqpFormatError('a batch holds no events');
  return {
    events,
    partitionKey: envelope.partitionKey ?? first.partitionKey,
    producer: producerOf(first) ?? producerOf(envelope),
  };
}

function producerOf({ producerId, producerEpoch, producerSequence }: Annotations): PublishedBatch['producer'] {
  if (producerId === undefined || producerSequence === undefined) return undefined;
  return { id: producerId, epoch: producerEpoch ?? 0, firstSequence: producerSequence };
}

function readAnnotations(bytes: Buffer, at: number): Annotations {
  const annotations: Annotations = { kept: [] };
  eachMapEntry(bytes, at, (keyAt, valueAt, end) => {
    const key = textAt(bytes, keyAt);
    if (key !== undefined && OWN_ANNOTATIONS.has(key)) return;
    const number = integerAt(bytes, valueAt);
    if (key === PRODUCER_ID) {
      if (number !== undefined) annotations.producerId = number;
    } else if (key === PRODUCER_EPOCH) {
      if (number !== undefined) annotations.producerEpoch = number;
    } else if (key === PRODUCER_SEQUENCE) {
      if (number !== undefined) annotations.producerSequence = number;
    } else {
      const text = key === PARTITION_KEY ? textAt(bytes, valueAt) : undefined;
      if (text) annotations.partitionKey = text;
      annotations.kept.push(bytes.subarray(keyAt, end));
    }
  });
  return annotations;
}

const PREFIX_BYTES = 8;

/**
 * The stored form of one message: length of the header section (u16), number of annotation entries (u16) and their length (u32), then the
 * header section, the entries, and every other section as it came. Delivery annotations are for one hop only and are dropped.
 */
function storedEvent(message: Buffer, envelopeKey: string | undefined): { event: Buffer; annotations: Annotations } {
  let header: Buffer | undefined;
  let annotations: Annotations = { kept: [] };
  const rest: Buffer[] = [];
  for (const { code, start, valueAt, end } of sections(message)) {
    if (code === 0x70) header = message.subarray(start, end);
    else if (code === 0x72) annotations = readAnnotations(message, valueAt);
    else if (code !== 0x71) rest.push(message.subarray(start, end));
  }
  if (rest.length === 0) throw new AmqpFormatError('a message has no body');
  if (envelopeKey !== undefined && annotations.partitionKey === undefined) {
    annotations.partitionKey = envelopeKey;
    annotations.kept.push(partitionKeyEntry(envelopeKey));
  }
  let keptBytes = 0;
  for (const entry of annotations.kept) keptBytes += entry.length;
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt16BE(header?.length ?? 0, 0);
  prefix.writeUInt16BE(annotations.kept.length, 2);
  prefix.writeUInt32BE(keptBytes, 4);
  const parts = header ? [prefix, header, ...annotations.kept, ...rest] : [prefix, ...annotations.kept, ...rest];
  return { event: Buffer.concat(parts), annotations };
}

function partitionKeyEntry(key: string): Buffer {
  const text = Buffer.from(key, 'utf8');
  const head = Buffer.from(`\xa3${String.fromCharCode(PARTITION_KEY.length)}${PARTITION_KEY}\xb1\0\0\0\0`, 'latin1');
  head.writeUInt32BE(text.length, head.length - 4);
  return Buffer.concat([head, text]);
}

/** The parts of a stored event, as views: positions in the buffer that holds it. */
export interface StoredEventParts {
  readonly headerAt: number;
  readonly annotationCount: number;
  readonly annotationsAt: number;
  readonly bodyAt: number;
  readonly end: number;
}

/** Finds the parts of the stored event that occupies `at` … `end` of a buffer. */
export function storedEventParts(bytes: Buffer, at: number, end: number): StoredEventParts {
  const headerAt = at + PREFIX_BYTES;
  const annotationsAt = headerAt + bytes.readUInt16BE(at);
  return {
    headerAt,
    annotationCount: bytes.readUInt16BE(at + 2),
    annotationsAt,
    bodyAt: annotationsAt + bytes.readUInt32BE(at + 4),
    end,
  };
}
