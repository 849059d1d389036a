/**
 * The schedules of timer triggers: `{second} {minute} {hour} {day} {month} {day of week}`, in UTC. Numbers, `*`, lists, ranges and
 * steps; names of months and days, and TimeSpan schedules are answered with an error. Pure.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12 },
  { name: 'day of week', min: 0, max: 6 },
];

export interface Schedule {
  /** The first occurrence after the instant. Throws where the schedule names a day that no month has. */
  nextAfterMs(instantMs: number): number;
}

/** Throws one line that says which part is not understood. A schedule of five fields has second 0. */
export function parseSchedule(text: string): Schedule {
  const parts = text.trim().split(/\s+/);
  const six = parts.length === 5 ? ['0', ...parts] : parts;
  if (six.length !== 6)
    throw new Error(`Schedule "${text}" has ${parts.length} fields; it needs 5 or 6 (second minute hour day month day-of-week).`);
  const sets = six.map((part, index) => parseField(part, fields[index] as Field, text));
  const [seconds, minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  return {
    nextAfterMs(instantMs) {
      let at = new Date(Math.floor(instantMs / 1000) * 1000 + 1000);
      // 29 February on a given weekday comes back within 40 years.
      for (const endMs = instantMs + 40 * 366 * 86_400_000; at.getTime() < endMs; ) {
        if (!months.has(at.getUTCMonth() + 1)) at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));
        else if (!days.has(at.getUTCDate()) || !weekdays.has(at.getUTCDay())) at = startOfNext(at, 86_400_000);
        else if (!hours.has(at.getUTCHours())) at = startOfNext(at, 3_600_000);
        else if (!minutes.has(at.getUTCMinutes())) at = startOfNext(at, 60_000);
        else if (!seconds.has(at.getUTCSeconds())) at = startOfNext(at, 1000);
        else return at.getTime();
      }
      throw new Error(`Schedule "${text}" never occurs.`);
    },
  };
}

function startOfNext(at: Date, unitMs: number): Date {
  return new Date((Math.floor(at.getTime() / unitMs) + 1) * unitMs);
}

function parseField(part: string, field: Field, schedule: string): Set<number> {
  const values = new Set<number>();
  for (const item of part.split(',')) {
    const match = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item);
    const [, any, first, last, stepText] = match ?? [];
    const from = any === undefined ? Number(first) : field.min;
    // `5/15` counts from 5 to the end of the field.
    const to = any !== undefined || (last === undefined && stepText !== undefined) ? field.max : Number(last ?? first);
    const step = Number(stepText ?? 1);
    if (match === null || step < 1 || from < field.min || to > field.max || from > to) {
      const allowed = `numbers from ${field.min} to ${field.max}, *, lists, ranges and steps`;
      throw new Error(`Schedule "${schedule}": "${item}" is not understood as ${field.name}; here ${allowed} are.`);
    }
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}
