// Writes deliveries as AMQP transfer frames, many at a time into one buffer: a stored event is copied once, from the log's bytes to the
// socket's. Every field of the transfer is written out, since some clients' decoders never pad a short list.
// Knows nothing of links' credit or of who reads.
import { storedEventParts } from './event-codec.ts';

/** An event to deliver: `bytes` from `at` to `end` hold its stored form. */
export interface OutgoingEvent {
  readonly bytes: Buffer;
  readonly at: number;
  readonly end: number;
  readonly sequence: number;
  readonly offset: number;
  readonly enqueuedTimeMs: number;
}

export interface DeliveryTarget {
  readonly channel: number;
  readonly handle: number;
  readonly firstDeliveryId: number;
  /** The largest frame the client takes. */
  readonly frameBytesMax: number;
  /** An encoded delivery-annotations section, or nothing. */
  readonly deliveryAnnotations: Buffer | undefined;
}

const TRANSFER_BYTES = 44;
const SEQUENCE_KEY = Buffer.from('\xa3\x15x-opt-sequence-number\x81', 'latin1');
const OFFSET_KEY = Buffer.from('\xa3\x0cx-opt-offset\xa1', 'latin1');
const TIME_KEY = Buffer.from('\xa3\x13x-opt-enqueued-time\x83', 'latin1');
/** Descriptor, map32 constructor, size and count of the message annotations. */
const ANNOTATIONS_HEAD_BYTES = 12;
const OWN_ANNOTATIONS_BYTES = SEQUENCE_KEY.length + 8 + OFFSET_KEY.length + 1 + TIME_KEY.length + 8;
const NO_BYTES = Buffer.alloc(0);

/** The transfer frames of the events, settled, and how many frames they are. */
export function deliveryFrames(events: readonly OutgoingEvent[], target: DeliveryTarget): { bytes: Buffer; frameCount: number } {
  const payloadMax = target.frameBytesMax - TRANSFER_BYTES;
  const extra = target.deliveryAnnotations ?? NO_BYTES;
  const offsets = events.map((event) => String(event.offset));
  const sizes = events.map((event, index) => messageBytes(event, offsets[index] ?? '', extra));
  let total = 0;
  for (const size of sizes) total += size + TRANSFER_BYTES * Math.ceil(size / payloadMax);
  const out = Buffer.allocUnsafe(total);
  let at = 0;
  let frameCount = 0;
  events.forEach((event, index) => {
    const size = sizes[index] ?? 0;
    const offset = offsets[index] ?? '';
    const deliveryId = (target.firstDeliveryId + index) >>> 0;
    if (size <= payloadMax) {
      at = writeTransfer(out, at, target, deliveryId, size, false);
      at = writeMessage(out, at, event, offset, extra);
      frameCount++;
      return;
    }
    const message = Buffer.allocUnsafe(size);
    writeMessage(message, 0, event, offset, extra);
    for (let from = 0; from < size; from += payloadMax) {
      const end = Math.min(from + payloadMax, size);
      at = writeTransfer(out, at, target, deliveryId, end - from, end < size);
      at += message.copy(out, at, from, end);
      frameCount++;
    }
  });
  return { bytes: out, frameCount };
}

/** At most so many frames one event needs. */
export function frameCountMax(
  event: OutgoingEvent,
  target: Pick<DeliveryTarget, 'frameBytesMax' | 'deliveryAnnotations'>,
): number {
  const size =
    event.end - event.at + ANNOTATIONS_HEAD_BYTES + OWN_ANNOTATIONS_BYTES + 20 + (target.deliveryAnnotations?.length ?? 0);
  return Math.ceil(size / (target.frameBytesMax - TRANSFER_BYTES));
}

function messageBytes(event: OutgoingEvent, offset: string, extra: Buffer): number {
  const { headerAt } = storedEventParts(event.bytes, event.at, event.end);
  return event.end - headerAt + extra.length + ANNOTATIONS_HEAD_BYTES + OWN_ANNOTATIONS_BYTES + offset.length;
}

function writeTransfer(
  out: Buffer,
  start: number,
  target: DeliveryTarget,
  deliveryId: number,
  payload: number,
  more: boolean,
): number {
  let at = out.writeUInt32BE(TRANSFER_BYTES + payload, start);
  at = out.writeUInt16BE(0x0200, at);
  at = out.writeUInt16BE(target.channel, at);
  at = out.writeUInt32BE(0x005314d0, at);
  at = out.writeUInt32BE(28, at);
  at = out.writeUInt32BE(11, at);
  at = out.writeUInt8(0x70, at);
  at = out.writeUInt32BE(target.handle, at);
  at = out.writeUInt8(0x70, at);
  at = out.writeUInt32BE(deliveryId, at);
  at = out.writeUInt16BE(0xa004, at);
  at = out.writeUInt32BE(deliveryId, at);
  // message-format 0, settled, more; no rcv-settle-mode and no state; not resumed, not aborted, not batchable
  at = out.writeUInt32BE(more ? 0x43414140 : 0x43414240, at);
  return out.writeUInt32BE(0x40424242, at);
}

function writeMessage(out: Buffer, start: number, event: OutgoingEvent, offset: string, extra: Buffer): number {
  const { bytes } = event;
  const parts = storedEventParts(bytes, event.at, event.end);
  let at = start + bytes.copy(out, start, parts.headerAt, parts.annotationsAt);
  at += extra.copy(out, at);
  at = out.writeUInt32BE(0x005372d1, at);
  at = out.writeUInt32BE(4 + OWN_ANNOTATIONS_BYTES + offset.length + (parts.bodyAt - parts.annotationsAt), at);
  at = out.writeUInt32BE((3 + parts.annotationCount) * 2, at);
  at += SEQUENCE_KEY.copy(out, at);
  at = writeInt64(out, event.sequence, at);
  at += OFFSET_KEY.copy(out, at);
  at = out.writeUInt8(offset.length, at);
  at += out.write(offset, at, 'latin1');
  at += TIME_KEY.copy(out, at);
  at = writeInt64(out, event.enqueuedTimeMs, at);
  return at + bytes.copy(out, at, parts.annotationsAt, parts.end);
}

/** A whole number from 0 to 2^53; half the time of going through a BigInt. */
function writeInt64(out: Buffer, value: number, at: number): number {
  return out.writeUInt32BE(value >>> 0, out.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at));
}
