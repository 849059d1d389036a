/** Keeps a line that comes again and again from drowning the others: it is told once, then after a while with its count. Pure. */

const quietMs = 30_000;

export class RepeatedLines {
  readonly #told = new Map<string, { readonly atMs: number; held: number }>();

  /** What to tell of a line that comes at `nowMs`; null for nothing. */
  take(line: string, nowMs: number): string | null {
    const told = this.#told.get(line);
    if (told && nowMs - told.atMs < quietMs) {
      told.held++;
      return null;
    }
    for (const [other, { atMs }] of this.#told) if (nowMs - atMs >= quietMs) this.#told.delete(other);
    this.#told.set(line, { atMs: nowMs, held: 0 });
    return told && told.held > 0 ? `${line} (and ${told.held} times more before)` : line;
  }
}
