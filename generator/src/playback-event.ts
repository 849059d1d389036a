// The shape of one playback event: what every part of the pipeline reads. Knows nothing of how events come about.

export const eventTypes = ['video_start', 'video_pause', 'video_stop', 'video_complete', 'buffer_event'] as const;
export type EventType = (typeof eventTypes)[number];

export const contentTypes = ['movie', 'tv_episode', 'documentary', 'special'] as const;
export type ContentType = (typeof contentTypes)[number];

export const deviceTypes = ['smart_tv', 'mobile', 'tablet', 'desktop', 'game_console', 'streaming_stick'] as const;
export type DeviceType = (typeof deviceTypes)[number];

export const subscriptionTiers = ['basic', 'standard', 'premium'] as const;
export type SubscriptionTier = (typeof subscriptionTiers)[number];

export const resolutions = ['480p', '720p', '1080p', '4K', '4K_HDR'] as const;
export type Resolution = (typeof resolutions)[number];

export interface Location {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly region: string;
  readonly city: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
}

export interface QualitySettings {
  readonly resolution: Resolution;
  readonly bitrate_kbps: number;
  readonly audio_codec: string;
  readonly video_codec: string;
  readonly hdr_enabled: boolean;
}

/**
 * One event as it stands in JSON. A field that does not apply is left out of the JSON (`undefined` here), never `null`,
 * and the fields always come in the order of {@link playbackEventFields}.
 */
export interface PlaybackEvent {
  /** UUID. */
  readonly event_id: string;
  readonly event_type: EventType;
  /** `U0000000` and up. */
  readonly user_id: string;
  /** UUID, constant from a session's start to its stop or completion. */
  readonly session_id: string;
  /** `NF001` and up. */
  readonly content_id: string;
  readonly content_title: string;
  readonly content_type: ContentType;
  /** Event time: ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  /** Whole seconds of the title watched in this session: on `video_stop` and `video_complete` only, at least 1. */
  readonly duration_seconds?: number | undefined;
  /** Whole seconds into the title: grows from event to event of a session, at most the title's length. */
  readonly playback_position_seconds: number;
  readonly device_type: DeviceType;
  readonly device_id: string;
  readonly profile_id: string;
  readonly location: Location;
  readonly quality_settings: QualitySettings;
  /** 500 to 15,000: on `buffer_event` only. */
  readonly buffer_duration_ms?: number | undefined;
  readonly error_code?: string | undefined;
  readonly subscription_tier: SubscriptionTier;
}

/** Every field of an event, in the order in which a body holds them. */
export const playbackEventFields = [
  'event_id',
  'event_type',
  'user_id',
  'session_id',
  'content_id',
  'content_title',
  'content_type',
  'timestamp',
  'duration_seconds',
  'playback_position_seconds',
  'device_type',
  'device_id',
  'profile_id',
  'location',
  'quality_settings',
  'buffer_duration_ms',
  'error_code',
  'subscription_tier',
] as const satisfies readonly (keyof PlaybackEvent)[];
