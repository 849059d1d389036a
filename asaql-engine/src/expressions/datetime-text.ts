/**
 * Datetimes as text: ISO 8601 in, ASA's seven digits out. Knows no values.
 * A time without a zone is UTC: https://learn.microsoft.com/stream-analytics-query/time-management-azure-stream-analytics
 */

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 1970-01-01 to a date of the Gregorian calendar (month 1 … 12), years 1 … 9999. */
export function daysFromDate(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return before * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + leapDay + day - 1 - 719162;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysOfMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (daysInMonth[month - 1] ?? 0);
}

const dayMs = 86_400_000;
let lastDay = Number.NaN;
let lastDayText = '';

/** Text of an instant: `2026-01-15T12:00:10.0000000Z`. Years beyond 1 … 9999 cannot occur. Days repeat, so the last one is kept. */
export function formatDateTime(ms: number, ticks: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(day * dayMs).toISOString().slice(0, 11);
  }
  const inDay = ms - day * dayMs;
  const second = Math.floor(inDay / 1000);
  const minute = Math.floor(second / 60);
  const clock = `${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second % 60)}`;
  return `${lastDayText}${clock}.${String(10_000_000 + (inDay % 1000) * 10_000 + ticks).slice(1)}Z`;
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

function two(number: number): string {
  return twoDigits[number] as string;
}

/** What a text says about an instant: whole ms since 1970 and 100 ns steps beyond; null when it is no ISO 8601 datetime. */
export function parseDateTimeText(text: string): { readonly ms: number; readonly ticks: number } | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (date.year < 1 || date.month < 1 || date.month > 12) return null;
  if (date.day < 1 || date.day > daysOfMonth(date.year, date.month)) return null;
  const hours = Number(hour ?? 0);
  const minutes = Number(minute ?? 0);
  const seconds = Number(second ?? 0);
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const offsetMinutes = zoneOffsetMinutes(zone);
  if (offsetMinutes === null) return null;
  const digits = (fraction ?? '').padEnd(7, '0').slice(0, 7);
  const whole = daysFromDate(date.year, date.month, date.day) * 86400 + hours * 3600 + (minutes - offsetMinutes) * 60 + seconds;
  return { ms: whole * 1000 + Number(digits.slice(0, 3)), ticks: Number(digits.slice(3)) };
}

const isoPattern =
  /^\s*(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ]\s*(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?\s*$/;

function zoneOffsetMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2)) * (zone.length > 3 ? 1 : 0);
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
