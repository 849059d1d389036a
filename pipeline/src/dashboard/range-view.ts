// What the pages of one range have been shown, and what has to be said to bring them up to date. Knows no page and no Cosmos.
import type { DeltaMessage, RangeName, SectionName, Sections, SnapshotMessage, ViewerPoint } from '@asaql/webview/protocol';
import { PROTOCOL_VERSION, RANGES } from '@asaql/webview/protocol';
import type { AggregateStore } from './aggregate-store.ts';
import { pointsFrom, sectionsFrom } from './sections-from-store.ts';

export class RangeView {
  private readonly range: RangeName;
  private readonly outOfOrderMs: number;
  private sections: Sections;
  private points: ViewerPoint[];
  private shown = new Map<string, string>();
  private shownPoints = new Map<number, ViewerPoint>();
  private madeAtMs: number;

  constructor(range: RangeName, outOfOrderMs: number, store: AggregateStore, nowMs: number) {
    this.range = range;
    this.outOfOrderMs = outOfOrderMs;
    this.sections = sectionsFrom(store, range, nowMs);
    this.points = pointsFrom(store, range, nowMs);
    this.madeAtMs = nowMs;
    this.remember();
  }

  /** Everything, as all pages of the range have it. */
  snapshot(): SnapshotMessage {
    return {
      version: PROTOCOL_VERSION,
      kind: 'snapshot',
      atMs: this.madeAtMs,
      range: this.range,
      outOfOrderMs: this.outOfOrderMs,
      sections: this.sections,
      points: this.points,
    };
  }

  /** Looks at the store again; the changes, or null when there are none. */
  refresh(store: AggregateStore, nowMs: number): DeltaMessage | null {
    const before = this.shown;
    const pointsBefore = this.shownPoints;
    this.sections = sectionsFrom(store, this.range, nowMs);
    this.points = pointsFrom(store, this.range, nowMs);
    this.madeAtMs = nowMs;
    this.remember();
    const sections = Object.fromEntries(
      Object.entries(this.sections).filter(([name]) => this.shown.get(name) !== before.get(name)),
    ) as Partial<Record<SectionName, never>> as Partial<Sections>;
    const points = this.points.filter((point) => !isSamePoint(point, pointsBefore.get(point.endMs)));
    if (Object.keys(sections).length === 0 && points.length === 0) return null;
    const pointsFromMs = nowMs - RANGES[this.range].spanMs;
    return { version: PROTOCOL_VERSION, kind: 'delta', atMs: nowMs, range: this.range, sections, points, pointsFromMs };
  }

  private remember(): void {
    this.shown = new Map(Object.entries(this.sections).map(([name, section]) => [name, fingerprint(name, section)]));
    this.shownPoints = new Map(this.points.map((point) => [point.endMs, point]));
  }
}

/** A section's content as text. The range's moving edge is no change by itself. */
function fingerprint(name: string, section: unknown): string {
  return JSON.stringify(name === 'totals' && section !== null ? { ...(section as Sections['totals']), fromMs: 0 } : section);
}

function isSamePoint(left: ViewerPoint, right: ViewerPoint | undefined): boolean {
  return (
    right !== undefined &&
    left.viewers === right.viewers &&
    left.peakViewers === right.peakViewers &&
    left.events === right.events
  );
}
