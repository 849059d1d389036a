// What a dashboard shows, in sections that are sent whole when they change. Every section is absolute, never an increment:
// a message that is lost, doubled or late can make a page old but not wrong. Times are milliseconds since 1970 UTC.

/** The newest closed viewer-count window. Viewers are distinct per title and summed over titles. */
export interface NowSection {
  windowEndMs: number;
  windowSizeMs: number;
  viewers: number;
  titles: number;
  events: number;
  /** Viewers of the window before, or null where there is none. */
  previousViewers: number | null;
}

/** Sums over the minutes of the range (device_distribution). `endings` are stops and completions. */
export interface TotalsSection {
  fromMs: number;
  minutes: number;
  watchSeconds: number;
  starts: number;
  endings: number;
  completions: number;
  events: number;
  bufferEvents: number;
}

/** Viewing sessions that stalled for more than 5 seconds within 2 minutes, over the range (quality_alert). */
export interface AlertsSection {
  alerts: number;
  bufferMs: number;
  /** Alerts of the newest two minutes that have any, and their end; null where the range has none. */
  newest: { windowEndMs: number; alerts: number } | null;
}

export interface TrendingTitle {
  contentId: string;
  title: string;
  rank: number;
  /** Rank one hop earlier; null for a title that was not there. */
  previousRank: number | null;
  score: number;
  viewers: number;
  completionRate: number;
}

export interface TrendingSection {
  windowEndMs: number;
  /** False while only one window is known: then no movement can be told. */
  hasPrevious: boolean;
  /** All titles of the window, best first. */
  titles: TrendingTitle[];
}

export interface CityViewers {
  country: string;
  region: string;
  city: string;
  /** Degrees; null where the events carried none. */
  lat: number | null;
  lon: number | null;
  viewers: number;
  events: number;
  starts: number;
  completions: number;
  bufferEvents: number;
}

export interface CitiesSection {
  windowEndMs: number;
  cities: CityViewers[];
}

export interface DeviceUse {
  deviceType: string;
  users: number;
  events: number;
  watchSeconds: number;
  endings: number;
  completions: number;
  bufferEvents: number;
  averageBitrateKbps: number | null;
}

export interface DevicesSection {
  windowEndMs: number;
  devices: DeviceUse[];
}

export interface BufferHotspot {
  contentId: string;
  title: string;
  country: string;
  deviceType: string;
  resolution: string;
  bufferEvents: number;
  users: number;
  averageBufferMs: number | null;
  maxBufferMs: number | null;
}

export interface HotspotsSection {
  /** End of the newest minute that was looked at, with hotspots or without. */
  minuteEndMs: number;
  /** Hotspots in that minute, of which `hotspots` are the worst. */
  count: number;
  hotspots: BufferHotspot[];
}

export interface TitleWatchTime {
  contentId: string;
  title: string;
  windowEndMs: number;
  viewings: number;
  averageSeconds: number | null;
  medianSeconds: number | null;
  minSeconds: number | null;
  maxSeconds: number | null;
}

export interface WatchTimeSection {
  newestMs: number;
  titles: TitleWatchTime[];
}

export const SEGMENT_NAMES = ['power_viewer', 'active_viewer', 'casual_viewer', 'low_engagement'] as const;
export type SegmentName = (typeof SEGMENT_NAMES)[number];

/** Users scored within the range, by segment. */
export interface EngagementSection {
  newestMs: number;
  users: number;
  averageScore: number;
  segments: Record<SegmentName, number>;
}

/** How far the documents reach: the newest window end of any kind, whatever the range; null where there is no document. */
export interface CoverageSection {
  newestMs: number | null;
}

/** All sections; null is "nothing in this range". */
export interface Sections {
  coverage: CoverageSection;
  now: NowSection | null;
  totals: TotalsSection | null;
  alerts: AlertsSection | null;
  trending: TrendingSection | null;
  cities: CitiesSection | null;
  devices: DevicesSection | null;
  hotspots: HotspotsSection | null;
  watchTime: WatchTimeSection | null;
  engagement: EngagementSection | null;
}

export type SectionName = keyof Sections;

/** One point of viewers over time: the windows that end within (endMs - resolution, endMs]. */
export interface ViewerPoint {
  endMs: number;
  /** Mean of the windows' viewers. */
  viewers: number;
  /** Most viewers of any of the windows. */
  peakViewers: number;
  /** Sum of the windows' events. */
  events: number;
}
