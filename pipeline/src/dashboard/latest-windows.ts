// The documents of the newest windows of one kind, by id. Older windows make room. Knows no clock and no Cosmos.

interface Windowed {
  id: string;
  windowEndMs: number;
}

export class LatestWindows<Document extends Windowed> {
  private readonly windows = new Map<number, Map<string, Document>>();
  private readonly windowsMax: number;

  constructor(windowsMax: number) {
    this.windowsMax = windowsMax;
  }

  put(document: Document): void {
    let window = this.windows.get(document.windowEndMs);
    if (!window) {
      window = new Map();
      this.windows.set(document.windowEndMs, window);
      for (const endMs of this.ends().slice(this.windowsMax)) this.windows.delete(endMs);
    }
    window.set(document.id, document);
  }

  /** Ends of the windows at hand, newest first. */
  ends(): number[] {
    return [...this.windows.keys()].sort((left, right) => right - left);
  }

  documents(endMs: number): Document[] {
    return [...(this.windows.get(endMs)?.values() ?? [])];
  }
}
