/** Many places of a text, asked whether one touches them in a time that does not grow with their number. Knows nothing of the language. */
import type { Span } from './span.ts';

const blank = /\s/;

/**
 * Places overlap, or have nothing but white space between them: then they touch. `reach` says whether white space counts
 * on both sides of the places that are kept, only behind them, or not at all (then they must overlap or adjoin).
 */
export class Places {
  /** Disjoint, in the order of the text; white space around them is taken along. */
  private readonly zones: { readonly start: number; end: number }[] = [];

  constructor(text: string, spans: readonly Span[], reach: 'around' | 'behind' | 'none' = 'around') {
    const sorted = [...spans].sort((a, b) => a.start - b.start);
    for (const span of sorted) {
      const last = this.zones.at(-1);
      const start = reach === 'around' ? startOfBlank(text, span.start) : span.start;
      if (last !== undefined && span.end <= last.end && last.start <= start) continue;
      const end = reach === 'none' ? span.end : endOfBlank(text, span.end);
      if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
      else this.zones.push({ start, end });
    }
  }

  get isEmpty(): boolean {
    return this.zones.length === 0;
  }

  touches({ start, end }: Span): boolean {
    const { zones } = this;
    let low = 0;
    let high = zones.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (zones[middle]!.end < start) low = middle + 1;
      else high = middle;
    }
    const zone = zones[low];
    return zone !== undefined && zone.start <= end;
  }
}

/** Where the white space before an offset begins. */
export function startOfBlank(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && blank.test(text.charAt(start - 1))) start--;
  return start;
}

function endOfBlank(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && blank.test(text.charAt(end))) end++;
  return end;
}
