// The event that tells of one step of a viewing: the only place that knows how a body is laid out.
import type { PlaybackEvent } from './playback-event.ts';
import type { Step, Viewing } from './session.ts';

/** Every event has the same fields in the same order, `undefined` where one does not apply: one shape is quick to serialise. */
export function composeEvent(eventId: string, eventTimeMs: number, viewing: Viewing, step: Step): PlaybackEvent {
  const { user, device, title } = viewing;
  const isEnd = step.type === 'video_stop' || step.type === 'video_complete';
  return {
    event_id: eventId,
    event_type: step.type,
    user_id: user.id,
    session_id: viewing.sessionId,
    content_id: title.id,
    content_title: title.title,
    content_type: title.type,
    timestamp: new Date(eventTimeMs).toISOString(),
    // Sessions begin at the beginning and never skip, so what was watched is where the viewer is.
    duration_seconds: isEnd ? step.positionSeconds : undefined,
    playback_position_seconds: step.positionSeconds,
    device_type: device.type,
    device_id: device.id,
    profile_id: viewing.profileId,
    location: user.home.location,
    quality_settings: viewing.quality,
    buffer_duration_ms: step.bufferDurationMs,
    error_code: step.errorCode,
    subscription_tier: user.tier,
  };
}
