// The documents of the aggregations container as the queries write them, read with care: what lacks a column is told apart,
// not guessed. Knows the columns of stream-analytics/queries; knows neither Cosmos nor pages.
import type { SegmentName } from '@asaql/webview/protocol';
import { SEGMENT_NAMES } from '@asaql/webview/protocol';

export const AGGREGATION_TYPES = [
  'viewer_count',
  'watch_time',
  'trending',
  'geo_distribution',
  'device_distribution',
  'buffer_metrics',
  'quality_alert',
  'engagement',
] as const;

export type AggregationType = (typeof AGGREGATION_TYPES)[number];

interface Document<Kind extends AggregationType> {
  kind: Kind;
  id: string;
  windowEndMs: number;
  /** The window's end as the document spells it: the value to ask the container for. */
  windowEnd: string;
}

export interface ViewerCountDocument extends Document<'viewer_count'> {
  contentId: string;
  viewers: number;
  events: number;
}

export interface WatchTimeDocument extends Document<'watch_time'> {
  contentId: string;
  title: string;
  viewings: number;
  averageSeconds: number | null;
  medianSeconds: number | null;
  minSeconds: number | null;
  maxSeconds: number | null;
}

export interface TrendingDocument extends Document<'trending'> {
  contentId: string;
  title: string;
  viewers: number;
  completionRate: number;
  score: number;
}

export interface GeoDocument extends Document<'geo_distribution'> {
  country: string;
  region: string;
  city: string;
  lat: number | null;
  lon: number | null;
  viewers: number;
  events: number;
  starts: number;
  completions: number;
  bufferEvents: number;
}

export interface DeviceDocument extends Document<'device_distribution'> {
  deviceType: string;
  users: number;
  events: number;
  watchSeconds: number;
  starts: number;
  endings: number;
  completions: number;
  bufferEvents: number;
  averageBitrateKbps: number | null;
}

export interface BufferDocument extends Document<'buffer_metrics'> {
  contentId: string;
  title: string;
  country: string;
  deviceType: string;
  resolution: string;
  bufferEvents: number;
  users: number;
  averageBufferMs: number | null;
  maxBufferMs: number | null;
}

export interface AlertDocument extends Document<'quality_alert'> {
  bufferMs: number;
}

export interface EngagementDocument extends Document<'engagement'> {
  userId: string;
  segment: SegmentName;
  score: number;
}

export type AggregateDocument =
  | ViewerCountDocument
  | WatchTimeDocument
  | TrendingDocument
  | GeoDocument
  | DeviceDocument
  | BufferDocument
  | AlertDocument
  | EngagementDocument;

/** Thrown and caught in this file only: the column that a document lacks. */
class MissingColumn extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function text(fields: Fields, column: string): string {
  const value = fields[column];
  if (typeof value !== 'string') throw new MissingColumn(column);
  return value;
}

/** A name for people; an event without one groups under null. */
function label(fields: Fields, column: string, instead: string): string {
  const value = fields[column];
  return typeof value === 'string' && value !== '' ? value : instead;
}

function number(fields: Fields, column: string): number {
  const value = fields[column];
  if (typeof value !== 'number') throw new MissingColumn(column);
  return value;
}

function numberOrNull(fields: Fields, column: string): number | null {
  const value = fields[column];
  return typeof value === 'number' ? value : null;
}

/** A sum or an average over nothing is null in the query's arithmetic, and nothing in ours. */
function sum(fields: Fields, column: string): number {
  return numberOrNull(fields, column) ?? 0;
}

function segment(fields: Fields): SegmentName {
  const found = SEGMENT_NAMES.find((name) => name === fields.segment);
  if (found === undefined) throw new MissingColumn('segment');
  return found;
}

function base<Kind extends AggregationType>(kind: Kind, fields: Fields): Document<Kind> {
  const windowEnd = text(fields, 'window_end');
  const windowEndMs = Date.parse(windowEnd);
  if (Number.isNaN(windowEndMs)) throw new MissingColumn('window_end');
  return { kind, id: text(fields, 'id'), windowEnd, windowEndMs };
}

const unknownName = '(unknown)';

function geoFrom(fields: Fields): GeoDocument {
  return {
    ...base('geo_distribution', fields),
    country: label(fields, 'country', unknownName),
    region: label(fields, 'region', unknownName),
    city: label(fields, 'city', unknownName),
    lat: numberOrNull(fields, 'lat'),
    lon: numberOrNull(fields, 'lon'),
    viewers: number(fields, 'viewers'),
    events: number(fields, 'events'),
    starts: number(fields, 'starts'),
    completions: number(fields, 'completions'),
    bufferEvents: number(fields, 'buffer_events'),
  };
}

function deviceFrom(fields: Fields): DeviceDocument {
  return {
    ...base('device_distribution', fields),
    deviceType: label(fields, 'device_type', unknownName),
    users: number(fields, 'users'),
    events: number(fields, 'events'),
    watchSeconds: sum(fields, 'watch_seconds'),
    starts: number(fields, 'starts'),
    endings: number(fields, 'endings'),
    completions: number(fields, 'completions'),
    bufferEvents: number(fields, 'buffer_events'),
    averageBitrateKbps: numberOrNull(fields, 'avg_bitrate_kbps'),
  };
}

function bufferFrom(fields: Fields): BufferDocument {
  const contentId = text(fields, 'content_id');
  return {
    ...base('buffer_metrics', fields),
    contentId,
    title: label(fields, 'content_title', contentId),
    country: label(fields, 'country', unknownName),
    deviceType: label(fields, 'device_type', unknownName),
    resolution: label(fields, 'resolution', unknownName),
    bufferEvents: number(fields, 'buffer_events'),
    users: number(fields, 'users'),
    averageBufferMs: numberOrNull(fields, 'avg_buffer_ms'),
    maxBufferMs: numberOrNull(fields, 'max_buffer_ms'),
  };
}

function watchTimeFrom(fields: Fields): WatchTimeDocument {
  const contentId = text(fields, 'content_id');
  return {
    ...base('watch_time', fields),
    contentId,
    title: label(fields, 'content_title', contentId),
    viewings: number(fields, 'viewings'),
    averageSeconds: numberOrNull(fields, 'avg_watch_seconds'),
    medianSeconds: numberOrNull(fields, 'median_watch_seconds'),
    minSeconds: numberOrNull(fields, 'min_watch_seconds'),
    maxSeconds: numberOrNull(fields, 'max_watch_seconds'),
  };
}

function trendingFrom(fields: Fields): TrendingDocument {
  const contentId = text(fields, 'content_id');
  return {
    ...base('trending', fields),
    contentId,
    title: label(fields, 'content_title', contentId),
    viewers: number(fields, 'viewers'),
    completionRate: number(fields, 'completion_rate'),
    score: number(fields, 'trending_score'),
  };
}

const readers: Readonly<Record<AggregationType, (fields: Fields) => AggregateDocument>> = {
  viewer_count: (fields) => ({
    ...base('viewer_count', fields),
    contentId: text(fields, 'content_id'),
    viewers: number(fields, 'viewers'),
    events: number(fields, 'events'),
  }),
  watch_time: watchTimeFrom,
  trending: trendingFrom,
  geo_distribution: geoFrom,
  device_distribution: deviceFrom,
  buffer_metrics: bufferFrom,
  quality_alert: (fields) => ({ ...base('quality_alert', fields), bufferMs: sum(fields, 'total_buffer_ms') }),
  engagement: (fields) => ({
    ...base('engagement', fields),
    userId: text(fields, 'user_id'),
    segment: segment(fields),
    score: number(fields, 'engagement_score'),
  }),
};

/** A document that carries a known type but not its columns. */
export interface UnreadableDocument {
  kind: 'unreadable';
  id: string;
  reason: string;
}

function isAggregationType(value: unknown): value is AggregationType {
  return AGGREGATION_TYPES.some((type) => type === value);
}

/** Reads a document; null for one of a type that the dashboard does not show. */
export function readDocument(value: unknown): AggregateDocument | UnreadableDocument | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  const type = fields.aggregation_type;
  if (!isAggregationType(type)) return null;
  try {
    return readers[type](fields);
  } catch (error) {
    if (!(error instanceof MissingColumn)) throw error;
    return { kind: 'unreadable', id: String(fields.id), reason: `a ${type} document has no usable column ${error.message}` };
  }
}
