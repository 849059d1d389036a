/** Durations and instants as test files write them: `90s`, `+1m30s`, `2026-01-15T12:00:00Z`. Knows no file. */
import { DateTime, tryConvert } from '@asaql/engine';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `1m30s`, `500ms`, `1.5h`; a number alone is seconds. null: it is none. */
export function durationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  let sum = 0;
  for (const [, amount = '0', unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sum += Number(amount) * (unitMs[unit] ?? 0);
  return sum;
}

/** `+1m30s` or `-5s` after or before `startMs`, or `start` itself. null: it is none. */
export function relativeMs(text: string, startMs: number): number | null {
  const sign = text.charAt(0);
  if (sign !== '+' && sign !== '-') return null;
  const ms = durationMs(text.slice(1));
  return ms === null ? null : startMs + (sign === '+' ? ms : -ms);
}

/** An ISO 8601 instant, ms since 1970. null: it is none. */
export function instantMs(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null;
  const value = tryConvert(text, 'datetime');
  return value instanceof DateTime ? value.toUs() / 1000 : null;
}

/** Relative to the start or absolute. */
export function timeMs(text: string, startMs: number): number | null {
  return relativeMs(text, startMs) ?? instantMs(text);
}

/** `2026-01-15T12:00:10.5Z`, without a fraction where there is none. */
export function isoText(ms: number): string {
  return DateTime.fromUs(Math.round(ms * 1000))
    .toString()
    .replace(/(\.\d*?)0+Z$/, '$1Z')
    .replace('.Z', 'Z');
}

/** `12:00:10` on the day of `dayMs`, else with its date. */
export function clockText(ms: number, dayMs: number): string {
  const text = isoText(ms);
  return text.slice(0, 10) === isoText(dayMs).slice(0, 10) ? text.slice(11, -1) : text;
}

/** `1 min 30 s`, in the largest units that fit. */
export function durationText(ms: number): string {
  const parts: string[] = [];
  let left = Math.abs(ms);
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = unit === 'ms' ? Math.round(left * 1000) / 1000 : Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** As a test file writes it, after the start: `+1m30s`. */
export function offsetText(ms: number): string {
  const text = durationText(ms).replaceAll('min', 'm').replaceAll(' ', '');
  return `${ms < 0 ? '-' : '+'}${text}`;
}
