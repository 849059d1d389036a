/** Playback events for tests, told apart by a number. */
import type { PlaybackEvent } from '../../src/validation/validate-event.ts';

const startMs = Date.parse('2026-01-15T12:00:00.000Z');

export function sampleUuid(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** A start, a second after the one before; titles, users and places take turns. */
export function sampleEvent(index: number): PlaybackEvent {
  return {
    event_id: sampleUuid(index),
    event_type: 'video_start',
    user_id: `U${String(index % 50).padStart(7, '0')}`,
    session_id: sampleUuid(1_000_000 + index),
    content_id: `NF${String((index % 20) + 1).padStart(3, '0')}`,
    content_title: `Title ${(index % 20) + 1}`,
    content_type: 'movie',
    timestamp: new Date(startMs + index * 1000).toISOString(),
    playback_position_seconds: 0,
    device_type: index % 2 === 0 ? 'smart_tv' : 'mobile',
    location: { country: 'DE', region: 'BE', city: index % 3 === 0 ? 'Berlin' : 'Potsdam', lat: 52.52, lon: 13.4 },
    quality_settings: { resolution: '1080p', bitrate_kbps: 5000, hdr_enabled: false },
    subscription_tier: 'standard',
  };
}
