// What the generator's tests share: a run of events, read back from the bodies as any consumer would.
import { createGenerator, type GeneratedEvent, type GeneratorOptions, type PlaybackEvent } from '../src/index.ts';

export const startTimeMs = Date.UTC(2026, 0, 15, 12);

export interface Told {
  readonly sent: GeneratedEvent;
  readonly event: PlaybackEvent;
}

export function generate(options: Partial<GeneratorOptions>, count: number): GeneratedEvent[] {
  return createGenerator({ seed: 1, users: 10_000, eventsPerSecond: 1000, startTimeMs, ...options }).take(count);
}

/** The valid events among `events`, parsed. */
export function readValid(events: readonly GeneratedEvent[]): Told[] {
  return events.flatMap((sent) => (sent.kind === 'valid' ? [{ sent, event: JSON.parse(sent.body) as PlaybackEvent }] : []));
}

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, keyOf);
}

/** How often each key occurs, in per cent of all. */
export function percentages<Item>(items: readonly Item[], keyOf: (item: Item) => string): Record<string, number> {
  return Object.fromEntries([...groupBy(items, keyOf)].map(([key, group]) => [key, (100 * group.length) / items.length]));
}
