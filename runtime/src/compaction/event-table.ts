/** Valid events as a table: the columns of the Parquet files under `processed/`, in the order in which they stand. Pure. */

import type { RawLine } from '../archive/raw-line.ts';
import type { PlaybackEvent } from '../validation/validate-event.ts';
import type { ParquetColumn } from './parquet-columns.ts';

export interface EventRow {
  readonly event: PlaybackEvent;
  readonly line: RawLine;
}

type Column = ParquetColumn<EventRow>;

const text = (name: string): Column => ({ name, type: 'STRING', value: ({ event }) => event[name] });
const number = (name: string): Column => ({ name, type: 'DOUBLE', value: ({ event }) => event[name] });
const nested = (record: string, field: string, type: Column['type']): Column => ({
  name: `${record === 'quality_settings' ? 'quality' : record}_${field}`,
  type,
  value: ({ event }) => (event[record] as Record<string, unknown> | null | undefined)?.[field],
});

export const eventColumns: readonly Column[] = [
  text('event_id'),
  text('event_type'),
  text('user_id'),
  text('session_id'),
  text('content_id'),
  text('content_title'),
  text('content_type'),
  { name: 'timestamp', type: 'TIMESTAMP', value: ({ event }) => new Date(event.timestamp) },
  number('duration_seconds'),
  number('playback_position_seconds'),
  text('device_type'),
  text('device_id'),
  text('profile_id'),
  nested('location', 'country', 'STRING'),
  nested('location', 'region', 'STRING'),
  nested('location', 'city', 'STRING'),
  nested('location', 'lat', 'DOUBLE'),
  nested('location', 'lon', 'DOUBLE'),
  nested('quality_settings', 'resolution', 'STRING'),
  nested('quality_settings', 'bitrate_kbps', 'DOUBLE'),
  nested('quality_settings', 'audio_codec', 'STRING'),
  nested('quality_settings', 'video_codec', 'STRING'),
  nested('quality_settings', 'hdr_enabled', 'BOOLEAN'),
  number('buffer_duration_ms'),
  text('error_code'),
  text('subscription_tier'),
  { name: 'partition', type: 'STRING', value: ({ line }) => line.partition },
  { name: 'sequence_number', type: 'INT64', value: ({ line }) => BigInt(line.sequence_number) },
  { name: 'enqueued_time', type: 'TIMESTAMP', value: ({ line }) => new Date(line.enqueued_time) },
];
