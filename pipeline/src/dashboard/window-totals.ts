// Sums per window, exact however often a document comes: a window is a set of keyed cells, and a cell that comes again
// replaces itself. A window that was read as a sum (by a query), or grew old, keeps only its sum; when one of its documents
// comes all the same, the window is named for a recount instead of being counted twice. Knows no clock and no Cosmos.

/** Identifies a window in the container: its end as time, and as the documents spell it. */
export interface WindowKey {
  windowEndMs: number;
  windowEnd: string;
}

interface Window {
  windowEnd: string;
  /** Null after a cell changed, until somebody asks. */
  sums: readonly number[] | null;
  /** Null when only the sums are known. */
  cells: Map<string, readonly number[]> | null;
}

export class WindowTotals {
  private readonly windows = new Map<number, Window>();
  private readonly recounts = new Map<number, string>();
  private readonly width: number;
  private sortedEnds: number[] | null = [];

  /** `width` is how many numbers a document adds; the count of documents is kept besides. */
  constructor(width: number) {
    this.width = width;
  }

  get size(): number {
    return this.windows.size;
  }

  /** Takes a document of a window: its key in the window, and its numbers. */
  put(window: WindowKey, key: string, values: readonly number[]): void {
    let entry = this.windows.get(window.windowEndMs);
    if (!entry) {
      entry = { windowEnd: window.windowEnd, sums: null, cells: new Map() };
      this.windows.set(window.windowEndMs, entry);
      this.sortedEnds = null;
    }
    if (entry.cells === null) {
      this.recounts.set(window.windowEndMs, window.windowEnd);
      return;
    }
    entry.cells.set(key, values);
    entry.sums = null;
  }

  /** Takes a window's sums as a query gave them: the count of documents last. Replaces what was known. */
  load(window: WindowKey, sums: readonly number[]): void {
    if (!this.windows.has(window.windowEndMs)) this.sortedEnds = null;
    this.windows.set(window.windowEndMs, { windowEnd: window.windowEnd, sums: [...sums], cells: null });
    this.recounts.delete(window.windowEndMs);
  }

  /** The windows whose sums can no longer be trusted: to be asked for and loaded, until when they stay on the list. */
  get wantedRecounts(): WindowKey[] {
    return [...this.recounts].map(([windowEndMs, windowEnd]) => ({ windowEndMs, windowEnd }));
  }

  /** Forgets the cells of windows that ended before `cellsFromMs`, and the windows that ended at or before `fromMs`. */
  prune(fromMs: number, cellsFromMs: number): void {
    for (const [endMs, window] of this.windows) {
      if (endMs <= fromMs) {
        this.windows.delete(endMs);
        this.recounts.delete(endMs);
        this.sortedEnds = null;
      } else if (endMs < cellsFromMs && window.cells !== null) {
        window.sums ??= this.summed(window.cells);
        window.cells = null;
      }
    }
  }

  /** Ends of the windows that end after `fromMs`, oldest first. */
  endsAfter(fromMs: number): number[] {
    this.sortedEnds ??= [...this.windows.keys()].sort((left, right) => left - right);
    const ends = this.sortedEnds;
    let first = ends.length;
    while (first > 0 && (ends[first - 1] as number) > fromMs) first--;
    return ends.slice(first);
  }

  /** The sums of a window, the count of its documents last; undefined for one that is not known. */
  sumsOf(endMs: number): readonly number[] | undefined {
    const window = this.windows.get(endMs);
    if (!window) return undefined;
    // Summed anew, not added to: a floating-point sum then does not depend on how often a document came.
    if (window.sums === null) window.sums = this.summed(window.cells ?? new Map());
    return window.sums;
  }

  private summed(cells: ReadonlyMap<string, readonly number[]>): number[] {
    const sums = new Array<number>(this.width + 1).fill(0);
    for (const values of cells.values()) {
      for (let index = 0; index < this.width; index++) sums[index] = (sums[index] ?? 0) + (values[index] ?? 0);
    }
    sums[this.width] = cells.size;
    return sums;
  }
}
