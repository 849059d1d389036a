// Every message between a dashboard page and its host (our local server, or an editor), typed and versioned.
// The carrier is none of their business: the same messages go over server-sent events and over postMessage.
import type { RangeName } from './ranges.ts';
import type { Sections, ViewerPoint } from './sections.ts';

/** Raised whenever an older page could not read a newer host's messages, or the other way round. */
export const PROTOCOL_VERSION = 1;

interface Message<Kind extends string> {
  version: typeof PROTOCOL_VERSION;
  kind: Kind;
}

/** Everything a page shows for a range. A page that gets one forgets what it had. */
export interface SnapshotMessage extends Message<'snapshot'> {
  /** The host's clock when it made the message. */
  atMs: number;
  range: RangeName;
  /** How long after its end a window closes at the earliest: the job's out-of-order tolerance. */
  outOfOrderMs: number;
  sections: Sections;
  /** Points in order of time; buckets without a window are left out. */
  points: ViewerPoint[];
}

/** The sections and points that changed since the last snapshot or delta of this range. */
export interface DeltaMessage extends Message<'delta'> {
  atMs: number;
  range: RangeName;
  sections: Partial<Sections>;
  /** Points that are new or changed. */
  points: ViewerPoint[];
  /** Points that end before this have left the range. */
  pointsFromMs: number;
}

export const PART_STATES = ['starting', 'running', 'paused', 'stopped', 'failed'] as const;
export type PartState = (typeof PART_STATES)[number];

/** One process or stage of the pipeline. */
export interface PartHealth {
  name: string;
  state: PartState;
  /** Why, in one line, where there is something to say. */
  detail: string | null;
}

/** How the pipeline is; null is "not known". */
export interface HealthSnapshot {
  eventsInPerSecond: number | null;
  eventsOutPerSecond: number | null;
  /** Events in the hub that the job has not read yet. */
  lagEvents: number | null;
  /** How far the job's watermark lies behind the clock. */
  watermarkDelayMs: number | null;
  /** Dead letters since the pipeline was first started. */
  deadLetters: number | null;
  parts: PartHealth[];
}

export interface HealthMessage extends Message<'health'> {
  atMs: number;
  health: HealthSnapshot;
}

/**
 * Where the figures come from, and whether they can be had: `connecting` before the first answer, `loading` while a range is
 * read, `live` when the change feed is followed, `missing` while the database or container does not exist yet,
 * `unreachable` when the last request failed (it is tried again).
 */
export const SOURCE_STATES = ['connecting', 'loading', 'live', 'missing', 'unreachable'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export interface SourceMessage extends Message<'source'> {
  atMs: number;
  state: SourceState;
  /** Since when the source is in this state. */
  sinceMs: number;
  /** One line for people: the reason, or how far loading is. */
  detail: string | null;
  /** Documents that carry a known aggregation_type but not its columns: they are not shown, and must not go unnoticed. */
  unreadableDocuments: number;
}

export type HostMessage = SnapshotMessage | DeltaMessage | HealthMessage | SourceMessage;

/** The page is there and can be sent to. */
export interface ReadyMessage extends Message<'ready'> {
  range: RangeName;
}

/** The person chose another range. */
export interface RangeMessage extends Message<'range'> {
  range: RangeName;
}

export type PageMessage = ReadyMessage | RangeMessage;
