/** Date and time functions: https://learn.microsoft.com/stream-analytics-query/date-and-time-functions-azure-stream-analytics */
import type { TimeUnit } from '@asaql/parser';
import { tryConvert } from '../conversion.ts';
import { DateTime, EvaluationError, typeOf, type Value } from '../value.ts';
import type { ScalarFunction } from './signature.ts';

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
const unitMonths: Partial<Record<TimeUnit, number>> = { year: 12, quarter: 3, month: 1 };

/** A fraction of the number is cut off: https://learn.microsoft.com/stream-analytics-query/dateadd-azure-stream-analytics */
const dateAdd: ScalarFunction = {
  name: 'DATEADD',
  minArguments: 2,
  maxArguments: 2,
  unitFirst: true,
  evaluate: (unit, [number = null, date = null]) => {
    if (number === null || date === null) return null;
    const amount = tryConvert(number, 'bigint');
    if (typeof amount !== 'bigint') throw wrongArgument('2nd', 'dateadd', number, 'bigint');
    const from = tryConvert(date, 'datetime');
    if (!(from instanceof DateTime)) throw wrongArgument('3rd', 'dateadd', date, 'datetime');
    const ticks = unitTicks[unit];
    if (ticks !== undefined) return DateTime.fromTicks(from.toTicks() + amount * ticks);
    return addMonths(from, Number(amount) * (unitMonths[unit] ?? 1));
  },
};

/** The day is held back to the last one of the month that is reached, as in T-SQL. */
function addMonths(from: DateTime, months: number): DateTime {
  const date = new Date(from.ms);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
  date.setUTCFullYear(Math.floor(month / 12), month % 12, Math.min(date.getUTCDate(), lastDay));
  return new DateTime(date.getTime(), from.ticks);
}

function wrongArgument(position: string, name: string, value: Value, allowed: string): EvaluationError {
  return new EvaluationError(
    `The ${position} argument of function ${name} has invalid type '${typeOf(value)}'. Only '${allowed}' is allowed.`,
  );
}

export const datetimeFunctions: readonly ScalarFunction[] = [dateAdd];
