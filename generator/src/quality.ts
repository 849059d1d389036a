// What picture a session gets: the best that the subscription and the device allow, or something less.

import { type DeviceType, type QualitySettings, type Resolution, resolutions, type SubscriptionTier } from './playback-event.ts';
import { createWeightedChoice, type RandomStream } from './random-stream.ts';

export const tierResolutionMax: Readonly<Record<SubscriptionTier, Resolution>> = {
  basic: '720p',
  standard: '1080p',
  premium: '4K_HDR',
};

export const deviceResolutionMax: Readonly<Record<DeviceType, Resolution>> = {
  smart_tv: '4K_HDR',
  mobile: '1080p',
  tablet: '1080p',
  desktop: '4K',
  game_console: '4K_HDR',
  streaming_stick: '4K_HDR',
};

interface Profile {
  readonly bitrateKbps: readonly [least: number, most: number];
  readonly audioCodec: string;
  readonly videoCodec: string;
}

const profiles: Readonly<Record<Resolution, Profile>> = {
  '480p': { bitrateKbps: [900, 1600], audioCodec: 'aac', videoCodec: 'h264' },
  '720p': { bitrateKbps: [2200, 3600], audioCodec: 'aac', videoCodec: 'h264' },
  '1080p': { bitrateKbps: [4300, 6800], audioCodec: 'eac3', videoCodec: 'vp9' },
  '4K': { bitrateKbps: [11000, 16000], audioCodec: 'eac3', videoCodec: 'hevc' },
  '4K_HDR': { bitrateKbps: [15000, 22000], audioCodec: 'atmos', videoCodec: 'av1' },
};

/** How many steps below the best a session's connection leaves it. */
const stepsBelowBest = createWeightedChoice([0, 1, 2], [70, 22, 8]);

/** The picture of one session: never above what `tier` and `deviceType` allow. */
export function drawQuality(stream: RandomStream, tier: SubscriptionTier, deviceType: DeviceType): QualitySettings {
  const best = Math.min(resolutions.indexOf(tierResolutionMax[tier]), resolutions.indexOf(deviceResolutionMax[deviceType]));
  const resolution = resolutions[Math.max(0, best - stepsBelowBest(stream))] ?? '480p';
  const profile = profiles[resolution];
  return {
    resolution,
    bitrate_kbps: stream.between(profile.bitrateKbps[0] / 100, profile.bitrateKbps[1] / 100) * 100,
    audio_codec: profile.audioCodec,
    video_codec: profile.videoCodec,
    hdr_enabled: resolution === '4K_HDR',
  };
}
