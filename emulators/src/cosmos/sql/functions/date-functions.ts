/**
 * Date and time functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/system-functions#date-and-time-functions
 * A datetime is an ISO 8601 UTC string; inside it is a count of 100 ns ticks since 1970.
 */
import type { Value } from '../values.ts';
import { builtIn, type Family } from './built-in.ts';

const ticksPerMs = 10_000n;

/** Parts of fixed length, in ticks. */
const lengths: Record<string, bigint> = {
  day: 864_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: ticksPerMs,
  microsecond: 10n,
};

const partNames: Record<string, string> = {
  ...{ year: 'year', years: 'year', yyyy: 'year', yy: 'year', month: 'month', months: 'month', mm: 'month', m: 'month' },
  ...{ day: 'day', days: 'day', dd: 'day', d: 'day', hour: 'hour', hours: 'hour', hh: 'hour' },
  ...{
    minute: 'minute',
    minutes: 'minute',
    mi: 'minute',
    n: 'minute',
    second: 'second',
    seconds: 'second',
    ss: 'second',
    s: 'second',
  },
  ...{
    millisecond: 'millisecond',
    milliseconds: 'millisecond',
    ms: 'millisecond',
    microsecond: 'microsecond',
    microseconds: 'microsecond',
  },
  ...{ mcs: 'microsecond', nanosecond: 'nanosecond', nanoseconds: 'nanosecond', ns: 'nanosecond' },
};

function partOf(value: Value): string | undefined {
  return typeof value === 'string' ? partNames[value.toLowerCase()] : undefined;
}

const dateTime = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?Z?)?$/;

function ticksOf(value: Value): bigint | undefined {
  if (typeof value !== 'string') return undefined;
  const match = dateTime.exec(value);
  if (match === null) return undefined;
  const [, date, time = '00:00', seconds = '00', fraction = ''] = match;
  const ms = Date.parse(`${date}T${time}:${seconds}Z`);
  // Date.parse takes February 30th for March 2nd.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return undefined;
  return BigInt(ms) * ticksPerMs + BigInt(fraction.padEnd(7, '0'));
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function textOf(ticks: bigint): string | undefined {
  const seconds = floorDivide(ticks, 10_000_000n);
  const ms = Number(seconds) * 1000;
  if (!(ms >= -62_135_596_800_000 && ms <= 253_402_300_799_000)) return undefined;
  const fraction = (ticks - seconds * 10_000_000n).toString().padStart(7, '0');
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction}Z`;
}

function dateOf(ticks: bigint): Date {
  return new Date(Number(floorDivide(ticks, ticksPerMs)));
}

function add(part: string, count: number, ticks: bigint): string | undefined {
  if (!Number.isInteger(count)) return undefined;
  if (part === 'nanosecond') return textOf(ticks + BigInt(Math.trunc(count / 100)));
  const length = lengths[part];
  if (length !== undefined) return textOf(ticks + BigInt(count) * length);
  const date = dateOf(ticks);
  const withinDay = ticks - floorDivide(ticks, lengths.day as bigint) * (lengths.day as bigint);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + (part === 'year' ? 12 * count : count);
  const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
  return Number.isNaN(day) ? undefined : textOf(BigInt(day) * ticksPerMs + withinDay);
}

/** The number of boundaries of the part that lie between two times. */
function difference(part: string, from: bigint, to: bigint): number {
  if (part === 'nanosecond') return Number(to - from) * 100;
  const length = lengths[part];
  if (length !== undefined) return Number(floorDivide(to, length) - floorDivide(from, length));
  const [start, end] = [dateOf(from), dateOf(to)];
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  return part === 'year' ? years : 12 * years + end.getUTCMonth() - start.getUTCMonth();
}

function component(part: string, ticks: bigint): number {
  const date = dateOf(ticks);
  const withinSecond = ticks - floorDivide(ticks, 10_000_000n) * 10_000_000n;
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'millisecond':
      return Number(withinSecond / ticksPerMs);
    case 'microsecond':
      return Number(withinSecond / 10n);
    default:
      return Number(withinSecond) * 100;
  }
}

function bin(ticks: bigint, part: string, size: number, origin: bigint): string | undefined {
  const length = part === 'nanosecond' ? undefined : lengths[part];
  if (length === undefined || !Number.isInteger(size) || size <= 0) return undefined;
  const width = length * BigInt(size);
  return textOf(origin + floorDivide(ticks - origin, width) * width);
}

function fromParts(values: readonly Value[]): Value {
  if (!values.every((value) => Number.isInteger(value))) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0, fraction = 0] = values as number[];
  const pad = (value: number | undefined, digits: number): string => String(value).padStart(digits, '0');
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(fraction, 7)}Z`;
  return ticksOf(text) === undefined ? undefined : text;
}

const currentTime = builtIn(0, 0, (_, { nowMs }) => textOf(BigInt(Math.trunc(nowMs)) * ticksPerMs));
const currentTimestamp = builtIn(0, 0, (_, { nowMs }) => nowMs);
const currentTicks = builtIn(0, 0, (_, { nowMs }) => nowMs * 10_000);

export const dateFunctions: Family = {
  GETCURRENTDATETIME: currentTime,
  GETCURRENTDATETIMESTATIC: currentTime,
  GETCURRENTTIMESTAMP: currentTimestamp,
  GETCURRENTTIMESTAMPSTATIC: currentTimestamp,
  GETCURRENTTICKS: currentTicks,
  GETCURRENTTICKSSTATIC: currentTicks,
  DATETIMEADD: builtIn(3, 3, ([name, count, value]) => {
    const [part, ticks] = [partOf(name), ticksOf(value)];
    return part === undefined || ticks === undefined || typeof count !== 'number' ? undefined : add(part, count, ticks);
  }),
  DATETIMEDIFF: builtIn(3, 3, ([name, from, to]) => {
    const [part, start, end] = [partOf(name), ticksOf(from), ticksOf(to)];
    return part === undefined || start === undefined || end === undefined ? undefined : difference(part, start, end);
  }),
  DATETIMEPART: builtIn(2, 2, ([name, value]) => {
    const [part, ticks] = [partOf(name), ticksOf(value)];
    return part === undefined || ticks === undefined ? undefined : component(part, ticks);
  }),
  DATETIMEBIN: builtIn(2, 4, ([value, name, size = 1, originText = '1970-01-01T00:00:00.0000000Z']) => {
    const [part, ticks, origin] = [partOf(name), ticksOf(value), ticksOf(originText)];
    return part === undefined || ticks === undefined || origin === undefined || typeof size !== 'number'
      ? undefined
      : bin(ticks, part, size, origin);
  }),
  DATETIMEFROMPARTS: builtIn(3, 7, fromParts),
  DATETIMETOTICKS: builtIn(1, 1, ([value]) => {
    const ticks = ticksOf(value);
    return ticks === undefined ? undefined : Number(ticks);
  }),
  DATETIMETOTIMESTAMP: builtIn(1, 1, ([value]) => {
    const ticks = ticksOf(value);
    return ticks === undefined ? undefined : Number(floorDivide(ticks, ticksPerMs));
  }),
  TICKSTODATETIME: builtIn(1, 1, ([ticks]) => (Number.isInteger(ticks) ? textOf(BigInt(ticks as number)) : undefined)),
  TIMESTAMPTODATETIME: builtIn(1, 1, ([ms]) => (Number.isInteger(ms) ? textOf(BigInt(ms as number) * ticksPerMs) : undefined)),
};
