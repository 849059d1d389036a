/**
 * The fields of a playback event and what each must hold, as a table. Knows nothing of bytes, JSON or dead letters; which
 * fields depend on others (a buffer event's duration) is said in validate-event.ts.
 */

export type FieldRule = { readonly required?: true } & (
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly patternText?: string; readonly oneOf?: readonly string[] }
  | { readonly kind: 'instant' }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly above?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, FieldRule>> }
);

export const eventTypes = ['video_start', 'video_pause', 'video_stop', 'video_complete', 'buffer_event'] as const;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidText = 'a UUID';
const text = { kind: 'text' } as const;

/** A playback event, field by field. Fields that are not named here are allowed and kept. */
export const eventFields: Readonly<Record<string, FieldRule>> = {
  event_id: { kind: 'text', required: true, pattern: uuid, patternText: uuidText },
  event_type: { kind: 'text', required: true, oneOf: eventTypes },
  user_id: { kind: 'text', required: true, pattern: /^U\d{7}$/, patternText: 'U and seven digits' },
  session_id: { kind: 'text', pattern: uuid, patternText: uuidText },
  content_id: { kind: 'text', required: true, pattern: /^NF\d{3,9}$/, patternText: 'NF and three digits or more' },
  content_title: text,
  content_type: { kind: 'text', oneOf: ['movie', 'tv_episode', 'documentary', 'special'] },
  timestamp: { kind: 'instant', required: true },
  duration_seconds: { kind: 'number', min: 0 },
  playback_position_seconds: { kind: 'number', min: 0 },
  device_type: { kind: 'text', oneOf: ['smart_tv', 'mobile', 'tablet', 'desktop', 'game_console', 'streaming_stick'] },
  device_id: text,
  profile_id: text,
  location: {
    kind: 'record',
    fields: {
      country: text,
      region: text,
      city: text,
      lat: { kind: 'number', min: -90, max: 90 },
      lon: { kind: 'number', min: -180, max: 180 },
    },
  },
  quality_settings: {
    kind: 'record',
    fields: {
      resolution: { kind: 'text', oneOf: ['480p', '720p', '1080p', '4K', '4K_HDR'] },
      bitrate_kbps: { kind: 'number', above: 0 },
      audio_codec: text,
      video_codec: text,
      hdr_enabled: { kind: 'boolean' },
    },
  },
  buffer_duration_ms: { kind: 'number', min: 500, max: 15_000 },
  error_code: text,
  subscription_tier: { kind: 'text', oneOf: ['basic', 'standard', 'premium'] },
};
