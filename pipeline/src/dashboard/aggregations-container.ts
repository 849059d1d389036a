// The one place of the dashboard that speaks to Cosmos DB: what it asks the aggregations container, and the change feed.
// Every query is scoped to one partition key (the aggregation type). Knows no page.
import { ChangeFeedStartFrom, type Container, type SqlQuerySpec, StatusCodes } from '@azure/cosmos';
import type { AggregationType } from './aggregate-document.ts';
import type { HistoryType } from './aggregate-store.ts';
import type { WindowKey } from './window-totals.ts';

/** A page of changes, and the token that continues after it. */
export interface ChangePage {
  documents: unknown[];
  token: string;
}

/** A window's sums in the order of the store's columns, the count of documents last. */
export interface WindowSums extends WindowKey {
  sums: number[];
}

/** The sums that the store keeps per window, in its order. */
const summedColumns: Readonly<Record<HistoryType, readonly string[]>> = {
  viewer_count: ['viewers', 'events'],
  device_distribution: ['watch_seconds', 'starts', 'endings', 'completions', 'events', 'buffer_events'],
  quality_alert: ['total_buffer_ms'],
};

const changesPerPage = 1_000;

/**
 * A time as the beginning of what documents hold in window_end. Without fraction and zone it sorts before every way of
 * writing that second ("…10.000Z", "…10.0000000Z"), so that the bound holds whichever is stored.
 */
function bound(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19);
}

export class AggregationsContainer {
  private readonly container: Container;

  constructor(container: Container) {
    this.container = container;
  }

  /** A change feed token that stands for now. */
  async tokenOfNow(): Promise<string> {
    const iterator = this.container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Now() });
    return (await iterator.readNext()).continuationToken;
  }

  /** What changed since the token, page by page, until there is no more for now. */
  async *changesSince(token: string): AsyncGenerator<ChangePage> {
    const iterator = this.container.items.getChangeFeedIterator({
      changeFeedStartFrom: ChangeFeedStartFrom.Continuation(token),
      maxItemCount: changesPerPage,
    });
    while (iterator.hasMoreResults) {
      const page = await iterator.readNext();
      yield { documents: page.result ?? [], token: page.continuationToken };
      if (page.statusCode === StatusCodes.NotModified) return;
    }
  }

  /** Sums of the windows that end at `fromMs` or later and before `toMs` (which may be infinite). */
  async history(type: HistoryType, fromMs: number, toMs: number): Promise<WindowSums[]> {
    const isBounded = Number.isFinite(toMs);
    const where = isBounded ? 'c.window_end >= @from AND c.window_end < @to' : 'c.window_end >= @from';
    const parameters = [{ name: '@from', value: bound(fromMs) }];
    if (isBounded) parameters.push({ name: '@to', value: bound(toMs) });
    return this.windowSums(type, where, parameters);
  }

  /** Sums of one window; all zero when nothing is left of it. */
  async recount(type: HistoryType, window: WindowKey): Promise<WindowSums> {
    const [found] = await this.windowSums(type, 'c.window_end = @end', [{ name: '@end', value: window.windowEnd }]);
    return found ?? { ...window, sums: new Array<number>(summedColumns[type].length + 1).fill(0) };
  }

  /** The documents of the newest window that ends at `fromMs` or later, and of those up to `depthMs` before it. */
  async latest(type: AggregationType, fromMs: number, depthMs: number): Promise<unknown[]> {
    const newest = await this.query(type, {
      query: 'SELECT VALUE MAX(c.window_end) FROM c WHERE c.window_end >= @from',
      parameters: [{ name: '@from', value: bound(fromMs) }],
    });
    const newestMs = typeof newest[0] === 'string' ? Date.parse(newest[0]) : Number.NaN;
    return Number.isNaN(newestMs) ? [] : this.since(type, newestMs - depthMs);
  }

  /** The documents whose window ends at `fromMs` or later. */
  async since(type: AggregationType, fromMs: number): Promise<unknown[]> {
    return this.query(type, {
      query: 'SELECT * FROM c WHERE c.window_end >= @from',
      parameters: [{ name: '@from', value: bound(fromMs) }],
    });
  }

  private async windowSums(
    type: HistoryType,
    where: string,
    parameters: NonNullable<SqlQuerySpec['parameters']>,
  ): Promise<WindowSums[]> {
    const columns = summedColumns[type];
    const sums = columns.map((column) => `SUM(c.${column}) AS ${column}`).join(', ');
    const query = `SELECT c.window_end, ${sums}, COUNT(1) AS documents FROM c WHERE ${where} GROUP BY c.window_end`;
    const rows = (await this.query(type, { query, parameters })) as Record<string, unknown>[];
    return rows.map((row) => {
      const windowEnd = String(row.window_end);
      return {
        windowEnd,
        windowEndMs: Date.parse(windowEnd),
        // A sum over a column that no document of the window has is undefined, which is nothing.
        sums: [...columns, 'documents'].map((column) => (typeof row[column] === 'number' ? row[column] : 0)),
      };
    });
  }

  private async query(type: AggregationType, spec: SqlQuerySpec): Promise<unknown[]> {
    const { resources } = await this.container.items.query<unknown>(spec, { partitionKey: type, maxItemCount: -1 }).fetchAll();
    return resources;
  }
}
