// Documents as the queries write them, over a stretch of time, repeatable by a seed. For tests of the dashboard.
import type { Container } from '@azure/cosmos';

export type SampleDocument = Record<string, unknown> & { id: string; aggregation_type: string; window_end: string };

/** A time as Azure Stream Analytics writes it. */
export function writtenTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, -1)}0000Z`;
}

const places: readonly [country: string, region: string, city: string, lat: number, lon: number, weight: number][] = [
  ['United States', 'New York', 'New York', 40.7128, -74.006, 14],
  ['United Kingdom', 'England', 'London', 51.5074, -0.1278, 11],
  ['Brazil', 'São Paulo', 'São Paulo', -23.5505, -46.6333, 9],
  ['India', 'Maharashtra', 'Mumbai', 19.076, 72.8777, 9],
  ['Japan', 'Tokyo', 'Tokyo', 35.6762, 139.6503, 8],
  ['Germany', 'Berlin', 'Berlin', 52.52, 13.405, 6],
  ['Nigeria', 'Lagos', 'Lagos', 6.5244, 3.3792, 4],
  ['Australia', 'New South Wales', 'Sydney', -33.8688, 151.2093, 4],
];
const devices: readonly [type: string, weight: number][] = [
  ['smart_tv', 35],
  ['mobile', 28],
  ['desktop', 12],
  ['tablet', 10],
  ['game_console', 8],
  ['streaming_stick', 7],
];
const segments = ['power_viewer', 'active_viewer', 'casual_viewer', 'low_engagement'] as const;
const words = ['Orbit', 'Harbour', 'Winter', 'Meridian', 'Signal', 'Copper', 'Tide', 'Atlas', 'Paper', 'Glass'];

const titleCount = 20;
const titleOf = (index: number) => ({
  content_id: `NF${String(index + 1).padStart(3, '0')}`,
  content_title: `${words[index % words.length]} ${index < words.length ? 'Road' : 'House'}`,
});

export interface SampleOptions {
  fromMs: number;
  toMs: number;
  users?: number;
  seed?: number;
}

type Random = () => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function* windowEnds(fromMs: number, toMs: number, sizeMs: number): Generator<number> {
  for (let endMs = Math.ceil(fromMs / sizeMs) * sizeMs; endMs <= toMs; endMs += sizeMs) yield endMs;
}

const whole = (value: number) => Math.round(value);

/** A day has a shape: more people in the evening. */
function crowd(timeMs: number): number {
  return 200 + 80 * Math.sin(timeMs / 2_400_000) + 30 * Math.sin(timeMs / 600_000);
}

function* viewerCounts(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 10_000)) {
    const window_end = writtenTime(endMs);
    for (let index = 0; index < titleCount; index++) {
      const title = titleOf(index);
      const viewers = whole((crowd(endMs) / (1 + index * 0.2)) * (0.9 + 0.2 * random()));
      yield {
        aggregation_type: 'viewer_count',
        id: `viewer_count|${title.content_id}|${window_end}`,
        ...title,
        window_start: writtenTime(endMs - 10_000),
        window_end,
        viewers,
        events: whole(viewers * 2.3),
      };
    }
  }
}

function* trending(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 60_000)) {
    const window_end = writtenTime(endMs);
    for (let index = 0; index < titleCount; index++) {
      const title = titleOf(index);
      const viewers = whole((1_400 / (1 + index * 0.2)) * (0.75 + 0.5 * random()));
      const completion_rate = whole((0.4 + 0.3 * random()) * 10_000) / 10_000;
      yield {
        aggregation_type: 'trending',
        id: `trending|${title.content_id}|${window_end}`,
        ...title,
        window_start: writtenTime(endMs - 300_000),
        window_end,
        viewers,
        events: viewers * 7,
        starts: viewers * 2,
        completions: viewers,
        completion_rate,
        trending_score: whole(viewers * (1 + completion_rate) * 100) / 100,
      };
    }
  }
}

function* geoDistribution(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 30_000)) {
    const window_end = writtenTime(endMs);
    for (const [country, region, city, lat, lon, weight] of places) {
      const viewers = whole(weight * 130 * (0.9 + 0.2 * random()));
      yield {
        aggregation_type: 'geo_distribution',
        id: `geo|${country}|${region}|${city}|${window_end}`,
        country,
        region,
        city,
        lat,
        lon,
        window_start: writtenTime(endMs - 30_000),
        window_end,
        viewers,
        events: viewers * 3,
        starts: viewers,
        completions: whole(viewers * 0.6),
        buffer_events: whole(viewers * 0.3 * random()),
      };
    }
  }
}

function* deviceDistribution(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 60_000)) {
    const window_end = writtenTime(endMs);
    for (const [device_type, weight] of devices) {
      const events = whole(weight * 600 * (0.95 + 0.1 * random()));
      const endings = whole(events * 0.375);
      yield {
        aggregation_type: 'device_distribution',
        id: `device|${device_type}|${window_end}`,
        device_type,
        window_start: writtenTime(endMs - 60_000),
        window_end,
        users: weight * 83,
        events,
        watch_seconds: endings * 1_500.25,
        starts: whole(events * 0.375),
        endings,
        completions: whole(endings * (0.5 + 0.1 * random())),
        buffer_events: whole(events * (0.08 + 0.04 * random())),
        avg_bitrate_kbps: 4_000 + whole(9_000 * random()),
      };
    }
  }
}

function* bufferMetrics(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 60_000)) {
    const window_end = writtenTime(endMs);
    for (let index = 0; index < 17; index++) {
      const title = titleOf((index * 7) % titleCount);
      const [country] = places[index % places.length] ?? ['Nowhere'];
      const [device_type] = devices[index % devices.length] ?? ['mobile'];
      const resolution = ['1080p', '4K', '720p', '4K_HDR'][index % 4];
      const buffer_events = 3 + whole(12 * random() ** 2);
      yield {
        aggregation_type: 'buffer_metrics',
        id: `buffer|${title.content_id}|${country}|${device_type}|${resolution}|${window_end}`,
        ...title,
        country,
        device_type,
        resolution,
        window_start: writtenTime(endMs - 60_000),
        window_end,
        buffer_events,
        users: Math.max(1, buffer_events - 1),
        total_buffer_ms: buffer_events * 4_000,
        avg_buffer_ms: 2_500 + whole(4_000 * random()),
        max_buffer_ms: 8_000 + whole(7_000 * random()),
      };
    }
  }
}

function* qualityAlerts(fromMs: number, toMs: number, random: Random): Generator<SampleDocument> {
  for (const endMs of windowEnds(fromMs, toMs, 120_000)) {
    const window_end = writtenTime(endMs);
    const count = 20 + whole(30 * random());
    for (let index = 0; index < count; index++) {
      yield {
        aggregation_type: 'quality_alert',
        id: `alert|session-${endMs}-${index}|${window_end}`,
        session_id: `session-${endMs}-${index}`,
        user_id: `U${String(index).padStart(7, '0')}`,
        content_id: titleOf(index % titleCount).content_id,
        window_start: writtenTime(endMs - 120_000),
        window_end,
        buffer_events: 2,
        total_buffer_ms: 5_001 + whole(9_000 * random()),
      };
    }
  }
}

function* currentRows(toMs: number, users: number, random: Random): Generator<SampleDocument> {
  const window_end = writtenTime(Math.floor(toMs / 5_000) * 5_000);
  for (let index = 0; index < titleCount; index++) {
    const title = titleOf(index);
    const median = 1_200 + whole(3_000 * random());
    yield {
      aggregation_type: 'watch_time',
      id: `watch_time|${title.content_id}`,
      ...title,
      window_end,
      viewings: 40 + whole(400 * random()),
      avg_watch_seconds: median + whole(200 * random()) + 0.125,
      min_watch_seconds: 31,
      max_watch_seconds: 7_200,
      median_watch_seconds: median,
    };
  }
  for (let index = 0; index < users; index++) {
    const user_id = `U${String(index).padStart(7, '0')}`;
    const engagement_score = whole(360 * random() ** 2) / 10;
    const segment = segments[engagement_score >= 30 ? 0 : engagement_score >= 15 ? 1 : engagement_score >= 5 ? 2 : 3];
    yield {
      aggregation_type: 'engagement',
      id: `engagement|${user_id}`,
      user_id,
      window_end,
      events: 5,
      titles: 2,
      engagement_score,
      segment,
    };
  }
}

/** All documents whose windows end within the stretch, oldest windows of each kind first. */
export function* sampleDocuments({ fromMs, toMs, users = 300, seed = 7 }: SampleOptions): Generator<SampleDocument> {
  const random = randomFrom(seed);
  yield* viewerCounts(fromMs, toMs, random);
  yield* trending(fromMs, toMs, random);
  yield* geoDistribution(fromMs, toMs, random);
  yield* deviceDistribution(fromMs, toMs, random);
  yield* bufferMetrics(fromMs, toMs, random);
  yield* qualityAlerts(fromMs, toMs, random);
  yield* currentRows(toMs, users, random);
}

const batchMax = 100;

/** Upserts documents in transactional batches of one partition key. */
export async function upsertAll(container: Container, documents: Iterable<SampleDocument>): Promise<number> {
  let batch: SampleDocument[] = [];
  let count = 0;
  const flush = async () => {
    const [first] = batch;
    if (!first) return;
    const operations = batch.map((document) => ({ operationType: 'Upsert' as const, resourceBody: document as never }));
    const response = await container.items.batch(operations, first.aggregation_type);
    if (response.code !== 200) throw new Error(`A batch of ${first.aggregation_type} was refused: ${response.code}.`);
    count += batch.length;
    batch = [];
  };
  for (const document of documents) {
    if (batch.length === batchMax || (batch[0] && batch[0].aggregation_type !== document.aggregation_type)) await flush();
    batch.push(document);
  }
  await flush();
  return count;
}
