// What the dashboard knows of the aggregations: documents folded into sums per window (history),
// newest windows (latest) and current rows.
// Folding is idempotent and does not depend on the order between windows, so documents may come twice and from two ways
// (query and change feed). Knows no clock and no Cosmos.
import type {
  AggregateDocument,
  BufferDocument,
  DeviceDocument,
  EngagementDocument,
  GeoDocument,
  TrendingDocument,
  WatchTimeDocument,
} from './aggregate-document.ts';
import { LatestWindows } from './latest-windows.ts';
import { type WindowKey, WindowTotals } from './window-totals.ts';

const hourMs = 3_600_000;
/** Windows are kept a little longer than the longest range, so that its edge does not flicker. */
const keptMs = 24 * hourMs + 10 * 60_000;
/** A window this old is complete but for a replay, and a replay is recounted. */
const cellsKeptMs = hourMs;

/** Where the numbers of a viewer_count document stand in its sums; the count of documents (titles) follows. */
export const VIEWER_SUMS = { viewers: 0, events: 1, documents: 2 } as const;
/** … of a device_distribution document. */
export const DEVICE_SUMS = {
  watchSeconds: 0,
  starts: 1,
  endings: 2,
  completions: 3,
  events: 4,
  bufferEvents: 5,
  documents: 6,
} as const;
/** … of a quality_alert document. */
export const ALERT_SUMS = { bufferMs: 0, documents: 1 } as const;

/** The kinds whose history is kept as sums per window. */
export const HISTORY_TYPES = ['viewer_count', 'device_distribution', 'quality_alert'] as const;
export type HistoryType = (typeof HISTORY_TYPES)[number];

export class AggregateStore {
  readonly viewers = new WindowTotals(VIEWER_SUMS.documents);
  readonly deviceTotals = new WindowTotals(DEVICE_SUMS.documents);
  readonly alerts = new WindowTotals(ALERT_SUMS.documents);
  readonly devices = new LatestWindows<DeviceDocument>(1);
  readonly trending = new LatestWindows<TrendingDocument>(2);
  readonly geo = new LatestWindows<GeoDocument>(1);
  readonly buffering = new LatestWindows<BufferDocument>(2);
  readonly watchTime = new Map<string, WatchTimeDocument>();
  readonly engagement = new Map<string, EngagementDocument>();
  /** The newest window end of any kind, or null. */
  newestMs: number | null = null;
  /** History is complete for windows that end after this. */
  coveredFromMs = Number.POSITIVE_INFINITY;

  history(type: HistoryType): WindowTotals {
    return { viewer_count: this.viewers, device_distribution: this.deviceTotals, quality_alert: this.alerts }[type];
  }

  fold(document: AggregateDocument): void {
    this.newestMs = Math.max(this.newestMs ?? Number.NEGATIVE_INFINITY, document.windowEndMs);
    switch (document.kind) {
      case 'viewer_count':
        this.foldHistory(this.viewers, document, document.contentId, [document.viewers, document.events]);
        break;
      case 'device_distribution':
        this.devices.put(document);
        this.foldHistory(this.deviceTotals, document, document.deviceType, [
          document.watchSeconds,
          document.starts,
          document.endings,
          document.completions,
          document.events,
          document.bufferEvents,
        ]);
        break;
      case 'quality_alert':
        this.foldHistory(this.alerts, document, document.id, [document.bufferMs]);
        break;
      case 'trending':
        this.trending.put(document);
        break;
      case 'geo_distribution':
        this.geo.put(document);
        break;
      case 'buffer_metrics':
        this.buffering.put(document);
        break;
      case 'watch_time':
        this.watchTime.set(document.contentId, document);
        break;
      case 'engagement':
        this.engagement.set(document.userId, document);
        break;
    }
  }

  /** Takes a window's sums as a query gave them. */
  loadHistory(type: HistoryType, window: WindowKey, sums: readonly number[]): void {
    this.newestMs = Math.max(this.newestMs ?? Number.NEGATIVE_INFINITY, window.windowEndMs);
    this.history(type).load(window, sums);
  }

  /** Forgets what no range can show any more. */
  prune(nowMs: number): void {
    const fromMs = nowMs - keptMs;
    for (const totals of [this.viewers, this.deviceTotals, this.alerts]) totals.prune(fromMs, nowMs - cellsKeptMs);
    for (const rows of [this.watchTime, this.engagement]) {
      for (const [key, row] of rows) if (row.windowEndMs <= fromMs) rows.delete(key);
    }
  }

  private foldHistory(totals: WindowTotals, document: AggregateDocument, key: string, values: readonly number[]): void {
    // Older windows are read by query when a range needs them: counting some of their documents now would be half a sum.
    if (document.windowEndMs > this.coveredFromMs) totals.put(document, key, values);
  }
}
