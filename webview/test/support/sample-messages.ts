// Messages of a made-up but plausible pipeline, for tests and measurements. Repeatable: a seed decides everything.
import type {
  HealthMessage,
  RangeName,
  Sections,
  SnapshotMessage,
  SourceMessage,
  ViewerPoint,
} from '../../src/protocol/index.ts';
import { PROTOCOL_VERSION, RANGES } from '../../src/protocol/index.ts';

/** A small repeatable generator of numbers of 0 … 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const titles = [
  'The Quiet Orbit',
  'Salt Road',
  'Harbour Lights',
  'Nine Winters',
  'Deep Field',
  'The Cartographer',
  'Glass Houses',
  'Night Ferry',
  'Paper Kings',
  'Low Tide',
  'Signal & Noise',
  'The Long Thaw',
  'Kitchen Wars',
  'Atlas of Rain',
  'Second Sunrise',
  'Copper Sky',
  'The Understudy',
  'Wild Meridian',
  'Borrowed Time',
  'Encore',
];
const cities: [string, string, string, number, number][] = [
  ['New York', 'New York', 'US', 40.71, -74.01],
  ['Los Angeles', 'California', 'US', 34.05, -118.24],
  ['London', 'England', 'GB', 51.51, -0.13],
  ['São Paulo', 'São Paulo', 'BR', -23.55, -46.63],
  ['Tokyo', 'Tokyo', 'JP', 35.68, 139.69],
  ['Mumbai', 'Maharashtra', 'IN', 19.08, 72.88],
  ['Berlin', 'Berlin', 'DE', 52.52, 13.4],
  ['Paris', 'Île-de-France', 'FR', 48.86, 2.35],
  ['Mexico City', 'CDMX', 'MX', 19.43, -99.13],
  ['Sydney', 'New South Wales', 'AU', -33.87, 151.21],
  ['Seoul', 'Seoul', 'KR', 37.57, 126.98],
  ['Toronto', 'Ontario', 'CA', 43.65, -79.38],
  ['Lagos', 'Lagos', 'NG', 6.52, 3.38],
  ['Madrid', 'Madrid', 'ES', 40.42, -3.7],
  ['Singapore', 'Singapore', 'SG', 1.35, 103.82],
];
const devices: [string, number][] = [
  ['smart_tv', 35],
  ['mobile', 28],
  ['desktop', 12],
  ['tablet', 10],
  ['game_console', 8],
  ['streaming_stick', 7],
];

export function samplePoints(range: RangeName, atMs: number, random: () => number): ViewerPoint[] {
  const { spanMs, resolutionMs } = RANGES[range];
  const lastMs = Math.floor(atMs / resolutionMs) * resolutionMs;
  const count = spanMs / resolutionMs;
  return Array.from({ length: count }, (_, index): ViewerPoint => {
    const endMs = lastMs - (count - 1 - index) * resolutionMs;
    const viewers = 3_900 + 900 * Math.sin(index / (count / 7)) + 500 * Math.sin(index / (count / 19)) + 260 * random();
    return {
      endMs,
      viewers,
      peakViewers: viewers + 120 * random(),
      events: Math.round((9_600 * resolutionMs) / 10_000 + 600 * random()),
    };
  });
}

function sampleTables(
  atMs: number,
  random: () => number,
): Pick<Sections, 'trending' | 'cities' | 'devices' | 'hotspots' | 'watchTime'> {
  return {
    trending: {
      windowEndMs: atMs,
      hasPrevious: true,
      titles: titles.map((title, index) => ({
        contentId: `NF${String(index + 1).padStart(3, '0')}`,
        title,
        rank: index + 1,
        previousRank: index === 4 ? null : Math.max(1, index + 1 + Math.round((random() - 0.5) * 5)),
        score: 2_400 / (1 + index * 0.21) + random(),
        viewers: Math.round(1_600 / (1 + index * 0.2)),
        completionRate: 0.4 + 0.3 * random(),
      })),
    },
    cities: {
      windowEndMs: atMs,
      cities: cities.map(([city, region, country, lat, lon], index) => {
        const viewers = Math.round(1_900 / (1 + index * 0.42));
        return {
          city,
          region,
          country,
          lat,
          lon,
          viewers,
          events: viewers * 3,
          starts: viewers,
          completions: viewers >> 1,
          bufferEvents: Math.round(viewers * 0.3 * random()),
        };
      }),
    },
    devices: {
      windowEndMs: atMs,
      devices: devices.map(([deviceType, share]) => ({
        deviceType,
        users: share * 83,
        events: share * 610,
        watchSeconds: share * 90_000,
        endings: share * 230,
        completions: share * 126,
        bufferEvents: Math.round(share * 61 * (0.7 + random())),
        averageBitrateKbps: 4_000 + 9_000 * random(),
      })),
    },
    hotspots: {
      minuteEndMs: atMs,
      count: 37,
      hotspots: Array.from({ length: 12 }, (_, index) => ({
        contentId: `NF${String(index + 1).padStart(3, '0')}`,
        title: titles[(index * 7) % titles.length] ?? '',
        country: ['BR', 'US', 'IN', 'NG', 'GB'][index % 5] ?? '',
        deviceType: devices[index % devices.length]?.[0] ?? '',
        resolution: ['1080p', '4K', '720p', '4K_HDR'][index % 4] ?? '',
        bufferEvents: 14 - index,
        users: 12 - (index >> 1),
        averageBufferMs: 3_000 + 5_000 * random(),
        maxBufferMs: 9_000 + 6_000 * random(),
      })),
    },
    watchTime: {
      newestMs: atMs,
      titles: titles.map((title, index) => ({
        contentId: `NF${String(index + 1).padStart(3, '0')}`,
        title,
        windowEndMs: atMs,
        viewings: Math.round(420 - index * 17),
        averageSeconds: 3_900 - index * 150 + 300 * random(),
        medianSeconds: 4_100 - index * 160,
        minSeconds: 31,
        maxSeconds: 7_800 - index * 100,
      })),
    },
  };
}

export function sampleSections(atMs: number, random: () => number): Sections {
  const minuteMs = Math.floor(atMs / 60_000) * 60_000;
  return {
    coverage: { newestMs: Math.floor(atMs / 10_000) * 10_000 - 10_000 },
    now: {
      windowEndMs: Math.floor(atMs / 10_000) * 10_000 - 10_000,
      windowSizeMs: 10_000,
      viewers: 4_312,
      titles: 20,
      events: 9_954,
      previousViewers: 4_267,
    },
    totals: {
      fromMs: atMs - 3_600_000,
      minutes: 60,
      watchSeconds: 31_408_000,
      starts: 1_344_000,
      endings: 1_352_000,
      completions: 751_000,
      events: 3_590_000,
      bufferEvents: 358_000,
    },
    alerts: { alerts: 1_284, bufferMs: 11_400_000, newest: { windowEndMs: minuteMs, alerts: 41 } },
    ...sampleTables(minuteMs, random),
    engagement: {
      newestMs: minuteMs,
      users: 9_412,
      averageScore: 11.8,
      segments: { power_viewer: 812, active_viewer: 2_230, casual_viewer: 4_105, low_engagement: 2_265 },
    },
  };
}

export function sampleSnapshot(range: RangeName, atMs: number, seed = 1): SnapshotMessage {
  const random = randomFrom(seed);
  return {
    version: PROTOCOL_VERSION,
    kind: 'snapshot',
    atMs,
    range,
    outOfOrderMs: 10_000,
    sections: sampleSections(atMs, random),
    points: samplePoints(range, atMs - 10_000, random),
  };
}

export function sampleHealth(atMs: number): HealthMessage {
  return {
    version: PROTOCOL_VERSION,
    kind: 'health',
    atMs,
    health: {
      eventsInPerSecond: 1_002,
      eventsOutPerSecond: 184,
      lagEvents: 312,
      watermarkDelayMs: 10_900,
      deadLetters: 0,
      parts: ['Event Hubs', 'Cosmos DB', 'Data Lake', 'Functions', 'Job'].map((name) => ({
        name,
        state: 'running' as const,
        detail: null,
      })),
    },
  };
}

export function sampleSource(atMs: number): SourceMessage {
  return {
    version: PROTOCOL_VERSION,
    kind: 'source',
    atMs,
    state: 'live',
    sinceMs: atMs - 60_000,
    detail: null,
    unreadableDocuments: 0,
  };
}
