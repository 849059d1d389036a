/** The spellings of time units. Source: the reference's window pages and DATEADD. Knows nothing else. */
import type { TimeUnit } from './nodes.ts';

const spellings: Record<TimeUnit, readonly string[]> = {
  year: ['year', 'yy', 'yyyy'],
  quarter: ['quarter', 'qq', 'q'],
  month: ['month', 'mm', 'm'],
  dayofyear: ['dayofyear', 'dy', 'y'],
  day: ['day', 'dd', 'd'],
  week: ['week', 'wk', 'ww'],
  weekday: ['weekday', 'dw', 'w'],
  hour: ['hour', 'hh'],
  minute: ['minute', 'mi', 'n'],
  second: ['second', 'ss', 's'],
  millisecond: ['millisecond', 'ms'],
  microsecond: ['microsecond', 'mcs'],
};

const unitBySpelling = new Map<string, TimeUnit>();
const unitByPlural = new Map<string, TimeUnit>();
for (const [unit, texts] of Object.entries(spellings) as [TimeUnit, readonly string[]][]) {
  for (const text of texts) unitBySpelling.set(text, unit);
  unitByPlural.set(`${unit}s`, unit);
}

/** The unit a word stands for; plurals (`hours`) occur in the reference's own examples and are understood too. */
export function timeUnitFromText(text: string): TimeUnit | null {
  const word = text.toLowerCase();
  return unitBySpelling.get(word) ?? unitByPlural.get(word) ?? null;
}

/** Whether the spelling is a plural, which no table of the reference lists. */
export function isPluralTimeUnit(text: string): boolean {
  const word = text.toLowerCase();
  return !unitBySpelling.has(word) && unitByPlural.has(word);
}

const unitMs: Partial<Record<TimeUnit, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
};

/** Length of a unit in milliseconds; null where it has no fixed length or measures no length (month, weekday). */
export function timeUnitMs(unit: TimeUnit): number | null {
  return unitMs[unit] ?? null;
}

/** Units that windows, LIMIT DURATION and ISFIRST take: day and smaller. */
export function isWindowUnit(unit: TimeUnit): boolean {
  return (
    unit === 'day' ||
    unit === 'hour' ||
    unit === 'minute' ||
    unit === 'second' ||
    unit === 'millisecond' ||
    unit === 'microsecond'
  );
}

export const timeUnitSpellings: Readonly<Record<TimeUnit, readonly string[]>> = spellings;
