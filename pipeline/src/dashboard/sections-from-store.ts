// From the store to what a page shows for a range. Pure: the clock comes in.
import type {
  AlertsSection,
  CitiesSection,
  DevicesSection,
  EngagementSection,
  HotspotsSection,
  NowSection,
  RangeName,
  Sections,
  SegmentName,
  TotalsSection,
  TrendingSection,
  ViewerPoint,
  WatchTimeSection,
} from '@asaql/webview/protocol';
import { RANGES, SEGMENT_NAMES } from '@asaql/webview/protocol';
import type { TrendingDocument } from './aggregate-document.ts';
import { type AggregateStore, ALERT_SUMS, DEVICE_SUMS, VIEWER_SUMS } from './aggregate-store.ts';

const viewerWindowMs = 10_000;
/** A table of more rows is no table to look at; the count of all of them is told. */
const hotspotsMax = 12;

/** The newest end after `fromMs`, or undefined. */
function newestAfter(ends: readonly number[], fromMs: number): number | undefined {
  const newest = ends[0];
  return newest !== undefined && newest > fromMs ? newest : undefined;
}

function nowFrom(store: AggregateStore, fromMs: number): NowSection | null {
  const endMs = store.viewers.endsAfter(fromMs).at(-1);
  const sums = endMs === undefined ? undefined : store.viewers.sumsOf(endMs);
  if (endMs === undefined || sums === undefined) return null;
  return {
    windowEndMs: endMs,
    windowSizeMs: viewerWindowMs,
    viewers: sums[VIEWER_SUMS.viewers] ?? 0,
    titles: sums[VIEWER_SUMS.documents] ?? 0,
    events: sums[VIEWER_SUMS.events] ?? 0,
    previousViewers: store.viewers.sumsOf(endMs - viewerWindowMs)?.[VIEWER_SUMS.viewers] ?? null,
  };
}

function totalsFrom(store: AggregateStore, fromMs: number): TotalsSection | null {
  const ends = store.deviceTotals.endsAfter(fromMs);
  if (ends.length === 0) return null;
  const total = {
    fromMs,
    minutes: ends.length,
    watchSeconds: 0,
    starts: 0,
    endings: 0,
    completions: 0,
    events: 0,
    bufferEvents: 0,
  };
  for (const endMs of ends) {
    const sums = store.deviceTotals.sumsOf(endMs) ?? [];
    total.watchSeconds += sums[DEVICE_SUMS.watchSeconds] ?? 0;
    total.starts += sums[DEVICE_SUMS.starts] ?? 0;
    total.endings += sums[DEVICE_SUMS.endings] ?? 0;
    total.completions += sums[DEVICE_SUMS.completions] ?? 0;
    total.events += sums[DEVICE_SUMS.events] ?? 0;
    total.bufferEvents += sums[DEVICE_SUMS.bufferEvents] ?? 0;
  }
  return total;
}

function alertsFrom(store: AggregateStore, fromMs: number): AlertsSection | null {
  const ends = store.alerts.endsAfter(fromMs);
  const newestMs = ends.at(-1);
  if (newestMs === undefined) return null;
  let alerts = 0;
  let bufferMs = 0;
  for (const endMs of ends) {
    const sums = store.alerts.sumsOf(endMs) ?? [];
    alerts += sums[ALERT_SUMS.documents] ?? 0;
    bufferMs += sums[ALERT_SUMS.bufferMs] ?? 0;
  }
  return {
    alerts,
    bufferMs,
    newest: { windowEndMs: newestMs, alerts: store.alerts.sumsOf(newestMs)?.[ALERT_SUMS.documents] ?? 0 },
  };
}

/** Best score first; equal scores by id, so that ranks do not flicker. */
function ranked(documents: TrendingDocument[]): TrendingDocument[] {
  return documents.sort((left, right) => right.score - left.score || (left.contentId < right.contentId ? -1 : 1));
}

function trendingFrom(store: AggregateStore, fromMs: number): TrendingSection | null {
  const [endMs, previousMs] = store.trending.ends();
  if (endMs === undefined || endMs <= fromMs) return null;
  const previous = previousMs === undefined ? [] : ranked(store.trending.documents(previousMs));
  const previousRanks = new Map(previous.map((document, index) => [document.contentId, index + 1]));
  const titles = ranked(store.trending.documents(endMs)).map((document, index) => ({
    contentId: document.contentId,
    title: document.title,
    rank: index + 1,
    previousRank: previousRanks.get(document.contentId) ?? null,
    score: document.score,
    viewers: document.viewers,
    completionRate: document.completionRate,
  }));
  return { windowEndMs: endMs, hasPrevious: previousMs !== undefined, titles };
}

function citiesFrom(store: AggregateStore, fromMs: number): CitiesSection | null {
  const endMs = newestAfter(store.geo.ends(), fromMs);
  if (endMs === undefined) return null;
  const cities = store.geo
    .documents(endMs)
    .sort((left, right) => right.viewers - left.viewers || (left.id < right.id ? -1 : 1))
    .map(({ country, region, city, lat, lon, viewers, events, starts, completions, bufferEvents }) => ({
      country,
      region,
      city,
      lat,
      lon,
      viewers,
      events,
      starts,
      completions,
      bufferEvents,
    }));
  return { windowEndMs: endMs, cities };
}

function devicesFrom(store: AggregateStore, fromMs: number): DevicesSection | null {
  const endMs = newestAfter(store.devices.ends(), fromMs);
  if (endMs === undefined) return null;
  const devices = store.devices
    .documents(endMs)
    .sort((left, right) => right.users - left.users || (left.id < right.id ? -1 : 1))
    .map(({ deviceType, users, events, watchSeconds, endings, completions, bufferEvents, averageBitrateKbps }) => ({
      deviceType,
      users,
      events,
      watchSeconds,
      endings,
      completions,
      bufferEvents,
      averageBitrateKbps,
    }));
  return { windowEndMs: endMs, devices };
}

/** A minute without hotspots writes no document: which minute is the newest, the devices' windows of the same size tell. */
function hotspotsFrom(store: AggregateStore, fromMs: number): HotspotsSection | null {
  const bufferMs = newestAfter(store.buffering.ends(), fromMs);
  const deviceMs = newestAfter(store.devices.ends(), fromMs);
  if (bufferMs === undefined && deviceMs === undefined) return null;
  const minuteEndMs = Math.max(bufferMs ?? 0, deviceMs ?? 0);
  const all = store.buffering
    .documents(minuteEndMs)
    .sort(
      (left, right) =>
        right.bufferEvents - left.bufferEvents ||
        (right.averageBufferMs ?? 0) - (left.averageBufferMs ?? 0) ||
        (left.id < right.id ? -1 : 1),
    );
  const hotspots = all
    .slice(0, hotspotsMax)
    .map(({ contentId, title, country, deviceType, resolution, bufferEvents, users, averageBufferMs, maxBufferMs }) => ({
      contentId,
      title,
      country,
      deviceType,
      resolution,
      bufferEvents,
      users,
      averageBufferMs,
      maxBufferMs,
    }));
  return { minuteEndMs, count: all.length, hotspots };
}

function watchTimeFrom(store: AggregateStore, fromMs: number): WatchTimeSection | null {
  const titles = [...store.watchTime.values()]
    .filter((document) => document.windowEndMs > fromMs)
    .sort((left, right) => (right.medianSeconds ?? 0) - (left.medianSeconds ?? 0) || (left.contentId < right.contentId ? -1 : 1))
    .map(({ contentId, title, windowEndMs, viewings, averageSeconds, medianSeconds, minSeconds, maxSeconds }) => ({
      contentId,
      title,
      windowEndMs,
      viewings,
      averageSeconds,
      medianSeconds,
      minSeconds,
      maxSeconds,
    }));
  if (titles.length === 0) return null;
  return { newestMs: titles.reduce((newest, title) => Math.max(newest, title.windowEndMs), 0), titles };
}

function engagementFrom(store: AggregateStore, fromMs: number): EngagementSection | null {
  const segments = Object.fromEntries(SEGMENT_NAMES.map((name) => [name, 0])) as Record<SegmentName, number>;
  let users = 0;
  let score = 0;
  let newestMs = 0;
  for (const document of store.engagement.values()) {
    if (document.windowEndMs <= fromMs) continue;
    users++;
    score += document.score;
    segments[document.segment]++;
    newestMs = Math.max(newestMs, document.windowEndMs);
  }
  return users === 0 ? null : { newestMs, users, averageScore: score / users, segments };
}

/** All sections of a range that ends now. A window belongs to a range when it ends within it. */
export function sectionsFrom(store: AggregateStore, range: RangeName, nowMs: number): Sections {
  const fromMs = nowMs - RANGES[range].spanMs;
  return {
    coverage: { newestMs: store.newestMs },
    now: nowFrom(store, fromMs),
    totals: totalsFrom(store, fromMs),
    alerts: alertsFrom(store, fromMs),
    trending: trendingFrom(store, fromMs),
    cities: citiesFrom(store, fromMs),
    devices: devicesFrom(store, fromMs),
    hotspots: hotspotsFrom(store, fromMs),
    watchTime: watchTimeFrom(store, fromMs),
    engagement: engagementFrom(store, fromMs),
  };
}

/** Viewers over time at the range's resolution: the server's share of downsampling. Oldest first. */
export function pointsFrom(store: AggregateStore, range: RangeName, nowMs: number): ViewerPoint[] {
  const { spanMs, resolutionMs } = RANGES[range];
  const points: ViewerPoint[] = [];
  let windows = 0;
  for (const endMs of store.viewers.endsAfter(nowMs - spanMs)) {
    const sums = store.viewers.sumsOf(endMs) ?? [];
    const viewers = sums[VIEWER_SUMS.viewers] ?? 0;
    const events = sums[VIEWER_SUMS.events] ?? 0;
    const pointEndMs = Math.ceil(endMs / resolutionMs) * resolutionMs;
    const last = points.at(-1);
    if (last?.endMs === pointEndMs) {
      windows++;
      last.viewers += (viewers - last.viewers) / windows;
      last.peakViewers = Math.max(last.peakViewers, viewers);
      last.events += events;
    } else {
      windows = 1;
      points.push({ endMs: pointEndMs, viewers, peakViewers: viewers, events });
    }
  }
  return points;
}
