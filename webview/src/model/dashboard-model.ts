// What a page knows: folded message by message. Says what each message changed, so that only that is drawn again.
// Knows no document and no clock: times come in.
import type { HealthSnapshot, HostMessage, RangeName, SectionName, Sections, SourceMessage } from '../protocol/index.ts';
import { DEFAULT_RANGE, RANGES } from '../protocol/index.ts';
import { ViewerSeries } from './viewer-series.ts';

/** Whether the host can be heard. `lost` is tried again; `refused` is for a peer of another protocol version. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

export type Part = SectionName | 'points' | 'health' | 'source' | 'connection' | 'range';

const sectionNames: readonly SectionName[] = [
  'coverage',
  'now',
  'totals',
  'alerts',
  'trending',
  'cities',
  'devices',
  'hotspots',
  'watchTime',
  'engagement',
];
const snapshotParts: readonly Part[] = [...sectionNames, 'points', 'range'];

/** Dead letters are judged by how many came within this time. */
const deadLetterMemoryMs = 60_000;

export class DashboardModel {
  range: RangeName = DEFAULT_RANGE;
  /** Null until the first snapshot of the chosen range. */
  sections: Sections | null = null;
  readonly series = new ViewerSeries();
  source: SourceMessage | null = null;
  health: HealthSnapshot | null = null;
  connection: ConnectionState = 'connecting';
  connectionSinceMs = 0;
  /** The job's out-of-order tolerance, as the host said. */
  outOfOrderMs = 10_000;
  private deadLetterCounts: { atMs: number; count: number }[] = [];
  private hostAheadMs = 0;

  /** The host's clock, when the page's says `pageNowMs`. */
  hostNowMs(pageNowMs: number): number {
    return pageNowMs + this.hostAheadMs;
  }

  get resolutionMs(): number {
    return RANGES[this.range].resolutionMs;
  }

  /** New dead letters within the last minute that the page saw; null where none are reported. */
  get newDeadLetters(): number | null {
    const first = this.deadLetterCounts.at(0);
    const last = this.deadLetterCounts.at(-1);
    return first && last ? Math.max(0, last.count - first.count) : null;
  }

  /** Takes a message that came when the page's clock said `pageNowMs`; tells what it changed. */
  apply(message: HostMessage, pageNowMs: number): ReadonlySet<Part> {
    this.hostAheadMs = message.atMs - pageNowMs;
    switch (message.kind) {
      case 'snapshot':
        // The answer to an older choice of range may still be on its way when a new one is made.
        if (message.range !== this.range) return new Set();
        this.sections = message.sections;
        this.outOfOrderMs = message.outOfOrderMs;
        this.series.replace(message.points);
        return new Set(snapshotParts);
      case 'delta': {
        if (message.range !== this.range || this.sections === null) return new Set();
        const hadDocuments = this.sections.coverage.newestMs !== null;
        this.sections = { ...this.sections, ...message.sections };
        this.series.update(message.points, message.pointsFromMs);
        const changed = new Set<Part>(sectionNames.filter((name) => Object.hasOwn(message.sections, name)));
        // How far the documents reach grows all the time; only the first document changes what empty panels say.
        if (hadDocuments === (this.sections.coverage.newestMs !== null)) changed.delete('coverage');
        if (message.points.length > 0) changed.add('points');
        return changed;
      }
      case 'health':
        this.health = message.health;
        this.rememberDeadLetters(message.health.deadLetters, message.atMs);
        return new Set(['health']);
      case 'source':
        this.source = message;
        return new Set(['source']);
    }
  }

  chooseRange(range: RangeName): ReadonlySet<Part> {
    if (range === this.range) return new Set();
    this.range = range;
    this.sections = null;
    this.series.replace([]);
    return new Set(snapshotParts);
  }

  setConnection(state: ConnectionState, pageNowMs: number): ReadonlySet<Part> {
    if (state === this.connection) return new Set();
    this.connection = state;
    this.connectionSinceMs = pageNowMs;
    return new Set(['connection']);
  }

  private rememberDeadLetters(count: number | null, atMs: number): void {
    if (count === null) return;
    this.deadLetterCounts.push({ atMs, count });
    // The newest count from before the minute stays: the difference to it is what the minute brought.
    while (this.deadLetterCounts.length > 1 && (this.deadLetterCounts[1] as { atMs: number }).atMs <= atMs - deadLetterMemoryMs) {
      this.deadLetterCounts.shift();
    }
  }
}
