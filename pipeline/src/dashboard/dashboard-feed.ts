// Follows the aggregations and tells all open pages what they show: one poller for however many pages there are. It survives
// outages: what was read stays, the state is said, and it goes on where it stopped. Knows no HTTP: an editor may host it too.
import type { HealthSnapshot, HostMessage, RangeName, SourceState } from '@asaql/webview/protocol';
import { DEFAULT_RANGE, PROTOCOL_VERSION, RANGES } from '@asaql/webview/protocol';
import { readDocument } from './aggregate-document.ts';
import { AggregateStore, HISTORY_TYPES } from './aggregate-store.ts';
import type { AggregationsContainer } from './aggregations-container.ts';
import { failureFrom } from './cosmos-failure.ts';
import { RangeView } from './range-view.ts';
import { createSleeper, type Sleeper } from './sleeper.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
/** A range moves on even when nothing is written: as often as the finest window. */
const slideMs = 10_000;
const retryMaxMs = 5_000;
/** After this many unreadable documents only their count is told. */
const unreadableToldMax = 10;

export interface DashboardFeedOptions {
  container: AggregationsContainer;
  /** Asked every `intervalMs`. */
  health: () => HealthSnapshot | Promise<HealthSnapshot>;
  now: () => number;
  /** Between two looks at the change feed, and two healths. */
  intervalMs: number;
  /** The job's out-of-order tolerance: pages explain with it when windows close. */
  outOfOrderMs: number;
  /** Told once per outage and once per unreadable document, not every second. */
  onError: (error: unknown) => void;
}

/** An open page, seen from its host. */
export interface FeedPage {
  chooseRange(range: RangeName): void;
  close(): void;
}

interface OpenPage {
  range: RangeName;
  /** False until it has the snapshot of its range: deltas before it would be of no use. */
  isServed: boolean;
  send(message: HostMessage): void;
}

export class DashboardFeed {
  private readonly options: DashboardFeedOptions;
  private readonly pages = new Set<OpenPage>();
  private readonly views = new Map<RangeName, RangeView>();
  private readonly sleeper: Sleeper = createSleeper();
  private readonly healthTimer: ReturnType<typeof setInterval>;
  private readonly running: Promise<void>;
  private store = new AggregateStore();
  private token: string | null = null;
  private isClosed = false;
  private isDirty = false;
  private refreshedAtMs = Number.NEGATIVE_INFINITY;
  private source: { state: SourceState; sinceMs: number; detail: string | null };
  private unreadableIds = new Set<string>();
  private toldUnreadable = 0;
  private lastHealth: HostMessage | null = null;
  private isAskingHealth = false;
  private isHealthKnown = true;

  constructor(options: DashboardFeedOptions) {
    this.options = options;
    this.source = { state: 'connecting', sinceMs: options.now(), detail: null };
    this.healthTimer = setInterval(() => void this.sendHealth(), options.intervalMs);
    void this.sendHealth();
    this.running = this.run();
  }

  /** A page came. It gets the source's state and the health at once, its snapshot as soon as the range is read. */
  open(range: RangeName, send: (message: HostMessage) => void): FeedPage {
    const page: OpenPage = { range, isServed: false, send };
    this.pages.add(page);
    send(this.sourceMessage());
    if (this.lastHealth) send(this.lastHealth);
    this.serveWaitingPages();
    this.sleeper.wake();
    return {
      chooseRange: (chosen) => {
        page.range = chosen;
        page.isServed = false;
        this.serveWaitingPages();
        this.sleeper.wake();
      },
      close: () => this.pages.delete(page),
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.healthTimer);
    this.pages.clear();
    this.sleeper.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let retryMs = this.options.intervalMs;
    while (!this.isClosed) {
      try {
        await this.step();
        retryMs = this.options.intervalMs;
        await this.sleeper.sleep(this.options.intervalMs);
      } catch (error) {
        this.fail(error);
        await this.sleeper.sleep(retryMs);
        retryMs = Math.min(retryMaxMs, retryMs * 2);
      }
    }
  }

  private async step(): Promise<void> {
    this.token ??= await this.options.container.tokenOfNow();
    await this.loadWantedRange();
    await this.followChanges();
    await this.recount();
    this.setSource('live', null);
    this.publish();
  }

  /** Reads by query what the longest chosen range needs and the store does not hold yet. */
  private async loadWantedRange(): Promise<void> {
    const { container, now } = this.options;
    const spanMs = Math.max(RANGES[DEFAULT_RANGE].spanMs, ...[...this.pages].map((page) => RANGES[page.range].spanMs));
    const fromMs = Math.floor((now() - spanMs) / minuteMs) * minuteMs;
    if (this.isCovered(fromMs)) return;
    const isFirst = !Number.isFinite(this.store.coveredFromMs);
    this.setSource('loading', null);
    if (isFirst) await this.loadNewest(now() - dayMs);
    for (const type of HISTORY_TYPES) {
      const windows = await container.history(type, fromMs, isFirst ? Number.POSITIVE_INFINITY : this.store.coveredFromMs + 1);
      for (const window of windows) this.store.loadHistory(type, window, window.sums);
    }
    this.store.coveredFromMs = fromMs - 1;
    this.isDirty = true;
  }

  private isCovered(fromMs: number): boolean {
    return this.store.coveredFromMs < fromMs;
  }

  private async loadNewest(fromMs: number): Promise<void> {
    const { container } = this.options;
    this.takeAll(await container.latest('geo_distribution', fromMs, 0));
    this.takeAll(await container.latest('device_distribution', fromMs, 0));
    this.takeAll(await container.latest('trending', fromMs, minuteMs));
    this.takeAll(await container.latest('buffer_metrics', fromMs, minuteMs));
    this.takeAll(await container.since('watch_time', fromMs));
    this.takeAll(await container.since('engagement', fromMs));
  }

  private async followChanges(): Promise<void> {
    if (this.token === null) return;
    for await (const page of this.options.container.changesSince(this.token)) {
      this.takeAll(page.documents);
      // Only what has been folded is behind the token.
      this.token = page.token;
      if (this.isClosed) return;
    }
  }

  private async recount(): Promise<void> {
    for (const type of HISTORY_TYPES) {
      const totals = this.store.history(type);
      for (const window of totals.wantedRecounts) {
        totals.load(window, (await this.options.container.recount(type, window)).sums);
        this.isDirty = true;
      }
    }
  }

  private takeAll(values: readonly unknown[]): void {
    for (const value of values) {
      const document = readDocument(value);
      if (document === null) continue;
      this.isDirty = true;
      if (document.kind !== 'unreadable') this.store.fold(document);
      else if (!this.unreadableIds.has(document.id)) {
        this.unreadableIds.add(document.id);
        if (this.unreadableIds.size <= unreadableToldMax)
          this.options.onError(new Error(`The document ${document.id} in Cosmos DB is not shown: ${document.reason}.`));
      }
    }
  }

  private publish(): void {
    const nowMs = this.options.now();
    if (this.isDirty || nowMs - this.refreshedAtMs >= slideMs) {
      this.isDirty = false;
      this.refreshedAtMs = nowMs;
      this.store.prune(nowMs);
      for (const [range, view] of this.views) {
        const viewers = [...this.pages].filter((page) => page.range === range && page.isServed);
        if (viewers.length === 0) {
          this.views.delete(range);
          continue;
        }
        const delta = view.refresh(this.store, nowMs);
        if (delta) for (const page of viewers) page.send(delta);
      }
    }
    this.serveWaitingPages();
  }

  private serveWaitingPages(): void {
    for (const page of this.pages) {
      if (page.isServed) continue;
      const nowMs = this.options.now();
      if (!this.isCovered(Math.floor((nowMs - RANGES[page.range].spanMs) / minuteMs) * minuteMs)) continue;
      let view = this.views.get(page.range);
      if (!view) {
        view = new RangeView(page.range, this.options.outOfOrderMs, this.store, nowMs);
        this.views.set(page.range, view);
      }
      page.isServed = true;
      page.send(view.snapshot());
    }
  }

  private fail(error: unknown): void {
    const failure = failureFrom(error);
    if (this.source.state !== failure.state) this.options.onError(error);
    if (failure.isFreshStart) {
      this.token = null;
      this.store = new AggregateStore();
      this.views.clear();
      for (const page of this.pages) page.isServed = false;
    }
    this.setSource(failure.state, failure.detail);
  }

  private setSource(state: SourceState, detail: string | null): void {
    const unreadable = this.unreadableIds.size;
    const isSame = this.source.state === state && this.source.detail === detail && unreadable === this.toldUnreadable;
    if (isSame) return;
    this.toldUnreadable = unreadable;
    this.source = { state, detail, sinceMs: this.source.state === state ? this.source.sinceMs : this.options.now() };
    for (const page of this.pages) page.send(this.sourceMessage());
  }

  private sourceMessage(): HostMessage {
    return {
      version: PROTOCOL_VERSION,
      kind: 'source',
      atMs: this.options.now(),
      ...this.source,
      unreadableDocuments: this.unreadableIds.size,
    };
  }

  private async sendHealth(): Promise<void> {
    if (this.isAskingHealth) return;
    this.isAskingHealth = true;
    let health: HealthSnapshot;
    try {
      health = await this.options.health();
      this.isHealthKnown = true;
    } catch (error) {
      if (this.isHealthKnown) this.options.onError(error);
      this.isHealthKnown = false;
      health = healthUnknown(error);
    }
    this.isAskingHealth = false;
    if (this.isClosed) return;
    this.lastHealth = { version: PROTOCOL_VERSION, kind: 'health', atMs: this.options.now(), health };
    for (const page of this.pages) page.send(this.lastHealth);
  }
}

/** What is said when the health itself cannot be had. */
function healthUnknown(error: unknown): HealthSnapshot {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    eventsInPerSecond: null,
    eventsOutPerSecond: null,
    lagEvents: null,
    watermarkDelayMs: null,
    deadLetters: null,
    parts: [{ name: 'Health', state: 'failed', detail }],
  };
}
