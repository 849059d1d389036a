/** Spans that move along with their text. Knows nothing of the language: a span is whatever has a `start` and an `end`. */
import type { Span } from './span.ts';

/** Every span inside some plain data, each once: nodes share them. Those in `known` are left out. */
export function spansIn(roots: readonly unknown[], known: ReadonlySet<unknown> | null = null): readonly Span[] {
  const found = new Set<Span>();
  const waiting: unknown[] = [...roots];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) waiting.push(item);
    } else if (isSpan(value)) {
      if (known?.has(value) !== true) found.add(value);
    } else {
      for (const key in value) {
        const part = (value as Readonly<Record<string, unknown>>)[key];
        if (typeof part === 'object' && part !== null) waiting.push(part);
      }
    }
  }
  return [...found];
}

function isSpan(value: object): value is Span {
  return 'start' in value && 'end' in value && !('kind' in value);
}

/** Moves spans by so many characters. They are the same objects afterwards. */
export function moveSpans(spans: readonly Span[], delta: number): void {
  for (const span of spans as readonly { start: number; end: number }[]) {
    span.start += delta;
    span.end += delta;
  }
}
