// Scenario `buffer-storm`: the network of one city breaks down for a while.
import { stormCityName } from '../cities.ts';
import type { Location } from '../playback-event.ts';

export const stormEveryMs = 300_000;
export const stormAfterMs = 15_000;
export const stormForMs = 60_000;
/** How often a session of the city stalls in a storm, on top of what it would anyway. */
export const stormStalls = { least: 5, most: 9 };
/** How many of the city's events are stalls in a storm where every event stands alone. */
export const stormStallShare = 0.8;

export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The storm over Mumbai that touches the time from `fromMs` to `untilMs` (both since the start of the run), cut to that
 * time. There is one in every five minutes of a run, from second 15 to second 75. In it, every session of the city stalls
 * 5 to 9 times more, each time for 4 to 15 seconds.
 */
export function stormDuring(fromMs: number, untilMs: number): TimeSpan | undefined {
  const round = Math.max(0, Math.floor((fromMs - stormAfterMs) / stormEveryMs));
  for (const begin of [stormAfterMs + round * stormEveryMs, stormAfterMs + (round + 1) * stormEveryMs]) {
    const span = { fromMs: Math.max(fromMs, begin), untilMs: Math.min(untilMs, begin + stormForMs) };
    if (span.fromMs < span.untilMs) return span;
  }
  return undefined;
}

export const isStormCity = (location: Location): boolean => location.city === stormCityName;
