/** Windows in words, and where their next boundaries lie. Times are given: nothing here knows the clock. */
import type { DurationLiteral, TimeUnit, WindowSpecification } from '../syntax/nodes.ts';
import { timeUnitMs } from '../syntax/time-units.ts';

/** `10 minutes`, `1 hour`. */
export function durationText({ amount, unit }: { readonly amount: number; readonly unit: TimeUnit }): string {
  return `${amount} ${unit}${Math.abs(amount) === 1 ? '' : 's'}`;
}

function lengthMs(duration: DurationLiteral | null): number | null {
  const unit = duration === null ? null : timeUnitMs(duration.unit);
  return duration === null || unit === null ? null : duration.amount * unit;
}

/** What a window does, in one or two sentences. */
export function windowText(window: WindowSpecification): string {
  const size = window.size === null ? '?' : durationText(window.size);
  const offset = window.offset === null ? '' : `, moved by ${durationText(window.offset)}`;
  switch (window.windowKind) {
    case 'tumbling':
      return `One window after the other, each ${size} long${offset}. An event belongs to exactly one; an event at a boundary belongs to the window that ends there.`;
    case 'hopping':
      return `Windows of ${size}, a new one every ${window.hop === null ? '?' : durationText(window.hop)}${offset}. ${overlap(window)}`;
    case 'sliding':
      return `A row whenever an event enters or leaves the last ${size}, and none while they are empty.`;
    case 'session': {
      const longest = window.maxDuration === null ? '?' : durationText(window.maxDuration);
      const keys = window.partitionBy.length > 0 ? ', for each key on its own' : ', one session for all keys together';
      return `Events that follow each other within ${size}${keys}. A session ends ${size} after its last event; whether it has lasted ${longest} is looked at at multiples of ${longest}, so it may last up to twice as long.`;
    }
    case 'snapshot':
      return 'Events of the same instant.';
  }
}

function overlap(window: WindowSpecification): string {
  const size = lengthMs(window.size);
  const hop = lengthMs(window.hop);
  if (size === null || hop === null || hop <= 0) return '';
  if (hop > size) return 'Events between two windows are in none.';
  const most = Math.ceil(size / hop);
  return most === 1
    ? 'An event belongs to exactly one.'
    : `An event belongs to ${size % hop === 0 ? '' : 'up to '}${most} of them.`;
}

/**
 * The next boundaries after a time, as times in ms since 1970: ends of tumbling and hopping windows, moments at which the
 * longest duration of a session is looked at. None for windows that have no grid.
 */
export function nextBoundaries(window: WindowSpecification, nowMs: number, count = 3): readonly number[] {
  const grid = lengthMs(
    window.windowKind === 'tumbling'
      ? window.size
      : window.windowKind === 'hopping'
        ? window.hop
        : window.windowKind === 'session'
          ? window.maxDuration
          : null,
  );
  if (grid === null || !(grid >= 1)) return [];
  const offset = lengthMs(window.offset) ?? 0;
  const first = (Math.floor((nowMs - offset) / grid) + 1) * grid + offset;
  return Array.from({ length: count }, (_, index) => first + index * grid);
}

/** The boundaries in words; windows start before the end that is named. */
export function boundariesText(window: WindowSpecification, nowMs: number): string | null {
  const ends = nextBoundaries(window, nowMs);
  if (ends.length === 0) {
    const size = lengthMs(window.size);
    return window.windowKind === 'sliding' && size !== null
      ? `An event now (${timeText(nowMs)}) enters at once and leaves at ${timeText(nowMs + size)}.`
      : null;
  }
  const size = lengthMs(window.size);
  if (window.windowKind === 'session') return `Looked at next at ${ends.map(timeText).join(', ')}.`;
  return `Next: ${ends.map((end) => (size === null ? timeText(end) : `(${timeText(end - size)}, ${timeText(end)}]`)).join(', ')}.`;
}

/** UTC, without a zero fraction. */
function timeText(timeMs: number): string {
  if (!(Math.abs(timeMs) <= 8.64e15)) return String(timeMs);
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}
