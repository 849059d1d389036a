// Numbers, spans and times as people read them. Times are shown in the reader's own zone.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Shown where a figure cannot be told. */
export const NO_FIGURE = '–';

export function formatCount(value: number | null): string {
  return value === null ? NO_FIGURE : whole.format(value);
}

/** Few characters, for axes and narrow places: 1.2K. */
export function formatCompact(value: number): string {
  return compact.format(value);
}

export function formatDecimal(value: number | null): string {
  return value === null ? NO_FIGURE : oneDigit.format(value);
}

/** A share of 0 … 1 as percent; a share of nothing is no figure. */
export function formatShare(part: number, total: number): string {
  return total > 0 ? percent.format(part / total) : NO_FIGURE;
}

/** Hours once there is one, minutes below: the watch time of many people. */
export function formatWatchTime(seconds: number): string {
  return seconds >= 3_600
    ? `${seconds >= 360_000 ? whole.format(seconds / 3_600) : oneDigit.format(seconds / 3_600)} h`
    : `${oneDigit.format(seconds / 60)} min`;
}

/** Minutes and seconds: 48:05, or 1:02:11. */
export function formatLength(seconds: number | null): string {
  if (seconds === null) return NO_FIGURE;
  const total = Math.round(seconds);
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor((total % 3_600) / 60);
  const rest = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** How long ago or how late, coarse: 8 s, 3 min, 2 h. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

/** Seconds with one digit: 12.3 s. */
export function formatSeconds(ms: number | null): string {
  return ms === null ? NO_FIGURE : `${oneDigit.format(ms / 1_000)} s`;
}

export function formatClock(timeMs: number): string {
  return clock.format(timeMs);
}

export function formatClockMinute(timeMs: number): string {
  return clockMinute.format(timeMs);
}

const names: Readonly<Record<string, string>> = {
  smart_tv: 'Smart TV',
  mobile: 'Mobile',
  tablet: 'Tablet',
  desktop: 'Desktop',
  game_console: 'Game console',
  streaming_stick: 'Streaming stick',
  power_viewer: 'Power viewers',
  active_viewer: 'Active viewers',
  casual_viewer: 'Casual viewers',
  low_engagement: 'Low engagement',
};

/** A code of the data as words; an unknown one keeps its own, with spaces. */
export function formatName(code: string): string {
  return names[code] ?? code.replaceAll('_', ' ');
}
