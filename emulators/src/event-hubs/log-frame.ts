// The bytes of one frame of a partition's log: length, checksum, body. A frame is a whole batch of events, so that a batch is on disk
// wholly or not at all, or the head of a segment, which carries what is known before the segment's first event.
// Knows nothing of files or of AMQP: an event is opaque bytes here.
import { crc32 } from 'node:zlib';

/** Length (u32, of the body) and CRC-32 of the body stand before it. */
export const FRAME_PREFIX_BYTES = 8;
const EVENTS_FIXED_BYTES = FRAME_PREFIX_BYTES + 36;
const HEAD_FIXED_BYTES = FRAME_PREFIX_BYTES + 32;
const HEAD_PRODUCER_BYTES = 30;
const KIND_HEAD = 1;
const KIND_EVENTS = 2;
const VERSION = 2;
/** No body is longer: whatever claims to be is no frame. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * What a partition remembers of an idempotent producer: its last batch, by the producer's own numbers of the first and last event and by
 * the checksum of what was in it, since a number that comes again with other events is no duplicate.
 */
export interface ProducerState {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly checksum: number;
  readonly lastUsedMs: number;
}

/** Who published a batch and the producer's number of its first event. */
export interface BatchProducer {
  readonly id: number;
  readonly epoch: number;
  readonly firstSequence: number;
}

export interface EventsFrame {
  readonly kind: 'events';
  readonly firstSequence: number;
  readonly count: number;
  readonly enqueuedTimeMs: number;
  readonly producer: BatchProducer | undefined;
}

/** The state of the partition before the segment's first event; `lastOffset` is -1 where there was none. */
export interface SegmentHead {
  readonly kind: 'head';
  readonly nextSequence: number;
  readonly lastTimeMs: number;
  readonly lastOffset: number;
  readonly producers: ReadonlyMap<number, ProducerState>;
}

export type FrameContent = EventsFrame | SegmentHead;

function sealed(frame: Buffer): Buffer {
  frame.writeUInt32BE(frame.length - FRAME_PREFIX_BYTES, 0);
  frame.writeUInt32BE(crc32(frame.subarray(FRAME_PREFIX_BYTES)), 4);
  return frame;
}

function writeInteger(frame: Buffer, value: number, at: number): void {
  frame.writeBigInt64BE(BigInt(value), at);
}

function readInteger(frame: Buffer, at: number): number {
  return Number(frame.readBigInt64BE(at));
}

/** The frame of a batch; `content.count` is the number of `events`. */
export function eventsFrame(content: Omit<EventsFrame, 'kind' | 'count'>, events: readonly Buffer[]): Buffer {
  let bytes = EVENTS_FIXED_BYTES;
  for (const event of events) bytes += 4 + event.length;
  const frame = Buffer.allocUnsafe(bytes);
  frame[8] = KIND_EVENTS;
  frame[9] = content.producer ? 1 : 0;
  frame.writeInt16BE(content.producer?.epoch ?? 0, 10);
  frame.writeUInt32BE(events.length, 12);
  writeInteger(frame, content.firstSequence, 16);
  writeInteger(frame, content.enqueuedTimeMs, 24);
  writeInteger(frame, content.producer?.id ?? 0, 32);
  frame.writeInt32BE(content.producer?.firstSequence ?? 0, 40);
  let at = EVENTS_FIXED_BYTES;
  for (const event of events) {
    frame.writeUInt32BE(event.length, at);
    event.copy(frame, at + 4);
    at += 4 + event.length;
  }
  return sealed(frame);
}

export function headFrame(head: Omit<SegmentHead, 'kind'>): Buffer {
  const frame = Buffer.alloc(HEAD_FIXED_BYTES + head.producers.size * HEAD_PRODUCER_BYTES);
  frame[8] = KIND_HEAD;
  frame[9] = VERSION;
  frame.writeUInt32BE(head.producers.size, 12);
  writeInteger(frame, head.nextSequence, 16);
  writeInteger(frame, head.lastTimeMs, 24);
  writeInteger(frame, head.lastOffset, 32);
  let at = HEAD_FIXED_BYTES;
  for (const [id, producer] of head.producers) {
    writeInteger(frame, id, at);
    frame.writeInt16BE(producer.epoch, at + 8);
    frame.writeInt32BE(producer.lastSequence, at + 10);
    writeInteger(frame, producer.lastUsedMs, at + 14);
    frame.writeInt32BE(producer.firstSequence, at + 22);
    frame.writeUInt32BE(producer.checksum, at + 26);
    at += HEAD_PRODUCER_BYTES;
  }
  return sealed(frame);
}

/** The length of the whole frame that begins at `at`, or undefined if fewer bytes than its prefix are there or it can be no frame. */
export function frameBytes(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_PREFIX_BYTES > bytes.length) return undefined;
  const body = bytes.readUInt32BE(at);
  if (body < HEAD_FIXED_BYTES - FRAME_PREFIX_BYTES || body > BODY_BYTES_MAX) return undefined;
  return FRAME_PREFIX_BYTES + body;
}

/** Whether the checksum of a whole frame holds. */
export function isIntact(frame: Buffer): boolean {
  return crc32(frame.subarray(FRAME_PREFIX_BYTES)) === frame.readUInt32BE(4);
}

/** Reads a whole frame, whose checksum the caller has verified, without its events. */
export function frameContent(frame: Buffer): FrameContent {
  if (frame[8] === KIND_EVENTS) {
    const producer = { id: readInteger(frame, 32), epoch: frame.readInt16BE(10), firstSequence: frame.readInt32BE(40) };
    return {
      kind: 'events',
      count: frame.readUInt32BE(12),
      firstSequence: readInteger(frame, 16),
      enqueuedTimeMs: readInteger(frame, 24),
      producer: frame[9] === 1 ? producer : undefined,
    };
  }
  if (frame[8] !== KIND_HEAD || frame[9] !== VERSION) {
    throw new Error(
      `it was written by another version of the emulator (${frame[8]}.${frame[9]}): use another folder, or delete it`,
    );
  }
  const producers = new Map<number, ProducerState>();
  for (let at = HEAD_FIXED_BYTES; at < frame.length; at += HEAD_PRODUCER_BYTES) {
    const state = {
      epoch: frame.readInt16BE(at + 8),
      firstSequence: frame.readInt32BE(at + 22),
      lastSequence: frame.readInt32BE(at + 10),
      checksum: frame.readUInt32BE(at + 26),
      lastUsedMs: readInteger(frame, at + 14),
    };
    producers.set(readInteger(frame, at), state);
  }
  return {
    kind: 'head',
    nextSequence: readInteger(frame, 16),
    lastTimeMs: readInteger(frame, 24),
    lastOffset: readInteger(frame, 32),
    producers,
  };
}

/** Where the first event of a frame of events stands in it. */
export const FIRST_EVENT_AT = EVENTS_FIXED_BYTES;

/** The checksum of a frame's events alone. */
export function eventsChecksum(frame: Buffer): number {
  return crc32(frame.subarray(FIRST_EVENT_AT));
}

/** What is known of a producer once this frame of its is stored. */
export function producerAfter(content: EventsFrame, producer: BatchProducer, frame: Buffer): ProducerState {
  return {
    epoch: producer.epoch,
    firstSequence: producer.firstSequence,
    lastSequence: (producer.firstSequence + content.count - 1) | 0,
    checksum: eventsChecksum(frame),
    lastUsedMs: content.enqueuedTimeMs,
  };
}

/** Where the next event stands, given where one does. */
export function nextEventAt(frame: Buffer, eventAt: number): number {
  return eventAt + 4 + frame.readUInt32BE(eventAt);
}

/** The position, in the frame, of its last event. */
export function lastEventAt(frame: Buffer): number {
  let last = FIRST_EVENT_AT;
  for (let at = FIRST_EVENT_AT; at < frame.length; at = nextEventAt(frame, at)) last = at;
  return last;
}
