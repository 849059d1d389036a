/** Playback events for tests, told apart by a number, as the bytes that a sender sends. */

export function eventId(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

export function playbackEvent(index: number): Record<string, unknown> {
  return {
    event_id: eventId(index),
    event_type: 'video_start',
    user_id: `U${String(index % 1000).padStart(7, '0')}`,
    session_id: eventId(1_000_000 + index),
    content_id: `NF${String((index % 20) + 1).padStart(3, '0')}`,
    content_title: `Title ${(index % 20) + 1}`,
    content_type: 'movie',
    timestamp: new Date(Date.parse('2026-01-15T12:00:00Z') + index).toISOString(),
    playback_position_seconds: 0,
    device_type: 'smart_tv',
    location: { country: 'DE', region: 'BE', city: 'Berlin', lat: 52.52, lon: 13.4 },
    quality_settings: { resolution: '1080p', bitrate_kbps: 5000, audio_codec: 'AAC', video_codec: 'H.264', hdr_enabled: false },
    subscription_tier: 'standard',
  };
}

export const bytesOf = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

export const playbackBodies = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, index) => bytesOf(playbackEvent(from + index)));
