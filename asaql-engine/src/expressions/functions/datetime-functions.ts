/**
 * Date and time functions: https://learn.microsoft.com/stream-analytics-query/date-and-time-functions-azure-stream-analytics
 *
 * All in UTC. What the reference leaves open is as in T-SQL with the setting of the United States: a week begins on Sunday,
 * week 1 holds January 1, names are English.
 */
import type { TimeUnit } from '@asaql/parser';
import { daysFromDate, daysOfMonth } from '../datetime-text.ts';
import { DateTime, EvaluationError } from '../value.ts';
import { type CallArguments, nullIfAnyNull, unitFirst } from './call-arguments.ts';
import type { ScalarFunction } from './signature.ts';

const dayMs = 86_400_000;

/** Units of a fixed length, in 100 ns steps. */
const unitTicks: Partial<Record<TimeUnit, bigint>> = {
  dayofyear: 864_000_000_000n,
  day: 864_000_000_000n,
  weekday: 864_000_000_000n,
  week: 6_048_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
};
const unitMonths: Partial<Record<TimeUnit, bigint>> = { year: 12n, quarter: 3n, month: 1n };

const firstTicks = new DateTime(daysFromDate(1, 1, 1) * dayMs).toTicks();
const lastTicks = new DateTime(daysFromDate(9999, 12, 31) * dayMs).toTicks() + 864_000_000_000n - 1n;
const monthsInAll = 9999n * 12n;

/** A fraction of the number is cut off: https://learn.microsoft.com/stream-analytics-query/dateadd-azure-stream-analytics */
const dateAdd = unitFirst('DATEADD', 2, (unit, args) => {
  const amount = args.integer(0);
  const from = args.datetime(1);
  const months = unitMonths[unit];
  if (months !== undefined) return addMonths(args, from, amount * months);
  const ticks = from.toTicks() + amount * (unitTicks[unit] ?? 0n);
  if (ticks < firstTicks || ticks > lastTicks) throw outOfRange(args);
  return DateTime.fromTicks(ticks);
});

/** The day is held back to the last one of the month that is reached, as in T-SQL. */
function addMonths(args: CallArguments, from: DateTime, months: bigint): DateTime {
  const { year, month, day } = dateOf(from);
  const reached = BigInt(year - 1) * 12n + BigInt(month - 1) + months;
  if (reached < 0n || reached >= monthsInAll) throw outOfRange(args);
  const toYear = Number(reached / 12n) + 1;
  const toMonth = Number(reached % 12n) + 1;
  const days = daysFromDate(toYear, toMonth, Math.min(day, daysOfMonth(toYear, toMonth)));
  return new DateTime(days * dayMs + msOfDay(from), from.ticks);
}

function outOfRange(args: CallArguments): EvaluationError {
  return new EvaluationError(`The result of function ${args.name} is not within the years 1 to 9999.`);
}

/**
 * How many boundaries of the unit lie between the two, not how many units of time: from 10:00:59 to 10:01:00 is one minute.
 * https://learn.microsoft.com/stream-analytics-query/datediff-azure-stream-analytics
 */
const dateDiff = unitFirst('DATEDIFF', 2, (unit, args) => {
  const start = args.datetime(0);
  const end = args.datetime(1);
  if (unit === 'microsecond') return microsecondsOf(end) - microsecondsOf(start);
  return BigInt(unitsSince1970(end, unit) - unitsSince1970(start, unit));
});

function microsecondsOf(date: DateTime): bigint {
  return BigInt(date.ms) * 1000n + BigInt(Math.floor(date.ticks / 10));
}

/** The number of the unit in which an instant lies. */
function unitsSince1970(date: DateTime, unit: Exclude<TimeUnit, 'microsecond'>): number {
  switch (unit) {
    case 'year':
      return dateOf(date).year;
    case 'quarter':
    case 'month': {
      const { year, month } = dateOf(date);
      return year * (unit === 'month' ? 12 : 4) + (unit === 'month' ? month : quarterOf(month));
    }
    case 'week':
      return sundaysSince(daysOf(date));
    case 'dayofyear':
    case 'day':
    case 'weekday':
      return daysOf(date);
    case 'hour':
      return Math.floor(date.ms / 3_600_000);
    case 'minute':
      return Math.floor(date.ms / 60_000);
    case 'second':
      return Math.floor(date.ms / 1000);
    case 'millisecond':
      return date.ms;
  }
}

/** Sundays up to a day since 1970; 1970-01-01 was a Thursday. */
function sundaysSince(days: number): number {
  return Math.floor((days + 4) / 7);
}

function daysOf(date: DateTime): number {
  return Math.floor(date.ms / dayMs);
}

function msOfDay(date: DateTime): number {
  return date.ms - daysOf(date) * dayMs;
}

function quarterOf(month: number): number {
  return Math.ceil(month / 3);
}

function dateOf(date: DateTime): { readonly year: number; readonly month: number; readonly day: number } {
  const calendar = new Date(date.ms);
  return { year: calendar.getUTCFullYear(), month: calendar.getUTCMonth() + 1, day: calendar.getUTCDate() };
}

/** https://learn.microsoft.com/stream-analytics-query/datepart-azure-stream-analytics */
const datePart = unitFirst('DATEPART', 1, (unit, args) => BigInt(partOf(args.datetime(0), unit)));

/** Weekdays are 1 (Sunday) to 7. Milli- and microseconds are those since the last full second: .1234567 is 123 and 123456. */
function partOf(date: DateTime, unit: TimeUnit): number {
  const { year, month, day } = dateOf(date);
  const newYear = daysFromDate(year, 1, 1);
  switch (unit) {
    case 'year':
      return year;
    case 'quarter':
      return quarterOf(month);
    case 'month':
      return month;
    case 'dayofyear':
      return daysOf(date) - newYear + 1;
    case 'day':
      return day;
    case 'week':
      return sundaysSince(daysOf(date)) - sundaysSince(newYear) + 1;
    case 'weekday':
      return new Date(date.ms).getUTCDay() + 1;
    case 'hour':
      return Math.floor(msOfDay(date) / 3_600_000);
    case 'minute':
      return Math.floor(msOfDay(date) / 60_000) % 60;
    case 'second':
      return Math.floor(msOfDay(date) / 1000) % 60;
    case 'millisecond':
      return msOfDay(date) % 1000;
    case 'microsecond':
      return (msOfDay(date) % 1000) * 1000 + Math.floor(date.ticks / 10);
  }
}

const monthNames = 'January February March April May June July August September October November December'.split(' ');
const weekdayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** Months and weekdays by name, other parts as numbers: https://learn.microsoft.com/stream-analytics-query/datename-azure-stream-analytics */
const dateName = unitFirst('DATENAME', 1, (unit, args) => {
  const part = partOf(args.datetime(0), unit);
  if (unit === 'month') return monthNames[part - 1] ?? null;
  if (unit === 'weekday') return weekdayNames[part - 1] ?? null;
  return String(part);
});

/** Parts that are no date stop the job, as in T-SQL: https://learn.microsoft.com/stream-analytics-query/datetimefromparts-azure-stream-analytics */
const dateTimeFromParts = nullIfAnyNull('DATETIMEFROMPARTS', 7, (args) => {
  const part = (position: number, name: string, min: number, max: number): number => {
    const value = args.integer(position);
    if (value < min || value > max) throw args.wrongValue(position, `is ${value}: ${name} must be within ${min} and ${max}.`);
    return Number(value);
  };
  const year = part(0, 'a year', 1, 9999);
  const month = part(1, 'a month', 1, 12);
  const day = part(2, 'a day of this month', 1, daysOfMonth(year, month));
  const hours = part(3, 'an hour', 0, 23);
  const minutes = hours * 60 + part(4, 'a minute', 0, 59);
  const seconds = minutes * 60 + part(5, 'a second', 0, 59);
  return new DateTime(daysFromDate(year, month, day) * dayMs + seconds * 1000 + part(6, 'a millisecond', 0, 999));
});

/** https://learn.microsoft.com/stream-analytics-query/day-azure-stream-analytics */
const day = nullIfAnyNull('DAY', 1, (args) => BigInt(dateOf(args.datetime(0)).day));

/** https://learn.microsoft.com/stream-analytics-query/month-azure-stream-analytics */
const month = nullIfAnyNull('MONTH', 1, (args) => BigInt(dateOf(args.datetime(0)).month));

/** https://learn.microsoft.com/stream-analytics-query/year-azure-stream-analytics */
const year = nullIfAnyNull('YEAR', 1, (args) => BigInt(dateOf(args.datetime(0)).year));

export const datetimeFunctions: readonly ScalarFunction[] = [
  dateAdd,
  dateDiff,
  dateName,
  datePart,
  dateTimeFromParts,
  day,
  month,
  year,
];
