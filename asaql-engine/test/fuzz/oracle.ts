/**
 * The rules of time, windows, joins and analytic functions, each in a few lines and as slow as it likes: what the engine is
 * held against. Knows nothing of the engine.
 */

export interface Event {
  /** ms since 1970. */
  readonly eventMs: number;
  readonly arrivalMs: number;
  readonly partition: number;
  readonly k: string | null;
  readonly v: number | null;
  readonly id: number;
}

export interface Row {
  readonly ms: number;
  readonly k: string | null;
  readonly v: number | null;
  readonly id: number;
}

export interface Policies {
  readonly lateArrivalMs: number;
  readonly outOfOrderMs: number;
  readonly earlyArrivalMs: number;
  readonly action: 'adjust' | 'drop';
}

/** Early, late, out of order, partition by partition; then all in order of time, arrival, partition and place. */
export function timed(events: readonly Event[], policies: Policies): readonly Row[] {
  const newest = new Map<number, number>();
  const kept = events.flatMap((event, place) => {
    if (event.eventMs > event.arrivalMs + policies.earlyArrivalMs) return [];
    const isLate = event.arrivalMs - event.eventMs > policies.lateArrivalMs;
    if (isLate && policies.action === 'drop') return [];
    let ms = isLate ? event.arrivalMs - policies.lateArrivalMs : event.eventMs;
    const watermark = (newest.get(event.partition) ?? Number.NEGATIVE_INFINITY) - policies.outOfOrderMs;
    if (ms < watermark && policies.action === 'drop') return [];
    ms = Math.max(ms, watermark);
    newest.set(event.partition, Math.max(ms, newest.get(event.partition) ?? ms));
    return [{ ms, place, ...event }];
  });
  const order = [...kept].sort(
    (a, b) => a.ms - b.ms || a.arrivalMs - b.arrivalMs || a.partition - b.partition || a.place - b.place,
  );
  return order.map(({ ms, k, v, id }) => ({ ms, k, v, id }));
}

export interface Window {
  readonly endMs: number;
  readonly rows: readonly Row[];
}

/** Windows (end - size, end], ends on the grid of hops; empty ones are no windows. */
export function hopping(rows: readonly Row[], size: number, hop: number, offset: number): Window[] {
  const ends = new Set<number>();
  for (const { ms } of rows) {
    const first = Math.ceil((ms - offset) / hop) * hop + offset;
    for (let end = first; end - size < ms; end += hop) ends.add(end);
  }
  return [...ends].map((endMs) => ({ endMs, rows: rows.filter(({ ms }) => ms > endMs - size && ms <= endMs) }));
}

/** At every instant at which a row of the group enters or leaves. */
export function sliding(rows: readonly Row[], size: number): Window[] {
  const instants = new Set(rows.flatMap(({ ms }) => [ms, ms + size]));
  return [...instants]
    .map((endMs) => ({ endMs, rows: rows.filter(({ ms }) => ms > endMs - size && ms <= endMs) }))
    .filter((window) => window.rows.length > 0);
}

export function snapshots(rows: readonly Row[]): Window[] {
  return [...new Set(rows.map(({ ms }) => ms))].map((endMs) => ({ endMs, rows: rows.filter(({ ms }) => ms === endMs) }));
}

export function sessions(rows: readonly Row[], timeout: number, maximum: number): Window[] {
  const windows: Window[] = [];
  let open = Number.NaN;
  let last = Number.NaN;
  let inside: Row[] = [];
  const endMs = () => Math.min(last + timeout, Math.ceil((open + maximum) / maximum) * maximum);
  const close = () => {
    const end = endMs();
    if (inside.length > 0) windows.push({ endMs: end, rows: inside });
    inside = [];
    open = end < last + timeout ? end : Number.NaN;
  };
  for (const row of rows) {
    while (!Number.isNaN(open) && row.ms > endMs()) close();
    if (Number.isNaN(open)) open = row.ms;
    last = row.ms;
    inside.push(row);
  }
  while (!Number.isNaN(open)) close();
  return windows;
}

export function byKey<K>(rows: readonly Row[], key: (row: Row) => K): (readonly Row[])[] {
  return [...new Set(rows.map(key))].map((one) => rows.filter((row) => key(row) === one));
}

/** Boundaries of seconds between two instants. */
export function secondsBetween(from: number, to: number): number {
  return Math.floor(to / 1000) - Math.floor(from / 1000);
}

const numbers = (rows: readonly Row[]) => rows.flatMap(({ v }) => (v === null ? [] : [v]));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const squares = (values: readonly number[]) => sum(values.map((value) => (value - sum(values) / values.length) ** 2));
const someOrNull = (values: readonly number[], least: number, result: () => number) => (values.length < least ? null : result());

function percentile(values: readonly number[], p: number, descending: boolean, continuous: boolean): number {
  const sorted = [...values].sort((a, b) => (descending ? b - a : a - b));
  if (!continuous) return sorted[Math.max(0, Math.ceil(p * sorted.length - 1e-9) - 1)] ?? 0;
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] ?? 0;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - low);
}

/** NULL is the least; of equal rows the first stays first. */
function ordered(rows: readonly Row[], descending: boolean): readonly Row[] {
  const of = ({ v }: Row) => v ?? Number.NEGATIVE_INFINITY;
  return [...rows].sort((a, b) => (descending ? of(b) - of(a) : of(a) - of(b)) || 0);
}

/** What each aggregate of the language comes to for rows in order. `over`: it can stand before OVER (… LIMIT DURATION). */
export const aggregates: readonly {
  readonly text: string;
  readonly of: (rows: readonly Row[]) => unknown;
  readonly over: boolean;
}[] = [
  { text: 'COUNT(*)', of: (rows) => rows.length, over: true },
  { text: 'COUNT(v)', of: (rows) => numbers(rows).length, over: true },
  { text: 'COUNT(DISTINCT v)', of: (rows) => new Set(numbers(rows)).size, over: false },
  { text: 'COUNT(DISTINCT k)', of: (rows) => new Set(rows.flatMap(({ k }) => k ?? [])).size, over: false },
  { text: 'SUM(v)', of: (rows) => someOrNull(numbers(rows), 1, () => sum(numbers(rows))), over: true },
  { text: 'AVG(v)', of: (rows) => someOrNull(numbers(rows), 1, () => sum(numbers(rows)) / numbers(rows).length), over: true },
  { text: 'MIN(v)', of: (rows) => someOrNull(numbers(rows), 1, () => Math.min(...numbers(rows))), over: true },
  { text: 'MAX(v)', of: (rows) => someOrNull(numbers(rows), 1, () => Math.max(...numbers(rows))), over: true },
  {
    text: 'MAX(k)',
    of: (rows) =>
      rows
        .flatMap(({ k }) => k ?? [])
        .sort()
        .at(-1) ?? null,
    over: true,
  },
  {
    text: 'VARP(v)',
    of: (rows) => someOrNull(numbers(rows), 1, () => squares(numbers(rows)) / numbers(rows).length),
    over: false,
  },
  {
    text: 'VAR(v)',
    of: (rows) => someOrNull(numbers(rows), 2, () => squares(numbers(rows)) / (numbers(rows).length - 1)),
    over: false,
  },
  {
    text: 'STDEV(v)',
    of: (rows) => someOrNull(numbers(rows), 2, () => Math.sqrt(squares(numbers(rows)) / (numbers(rows).length - 1))),
    over: false,
  },
  {
    text: 'STDEVP(v)',
    of: (rows) => someOrNull(numbers(rows), 1, () => Math.sqrt(squares(numbers(rows)) / numbers(rows).length)),
    over: false,
  },
  ...[0, 0.25, 0.5, 0.95, 1].flatMap((p) => [
    {
      text: `PERCENTILE_CONT(${p}) OVER (ORDER BY v)`,
      of: (rows: readonly Row[]) => someOrNull(numbers(rows), 1, () => percentile(numbers(rows), p, false, true)),
      over: false,
    },
    {
      text: `PERCENTILE_DISC(${p}) OVER (ORDER BY v DESC)`,
      of: (rows: readonly Row[]) => someOrNull(numbers(rows), 1, () => percentile(numbers(rows), p, true, false)),
      over: false,
    },
  ]),
  { text: 'COLLECT(v)', of: (rows) => rows.map(({ v }) => v), over: true },
  { text: 'TOPONE(id) OVER (ORDER BY v DESC)', of: (rows) => ordered(rows, true)[0]?.id ?? null, over: false },
  { text: 'TOPONE(id) OVER (ORDER BY v)', of: (rows) => ordered(rows, false)[0]?.id ?? null, over: false },
  {
    text: 'COLLECTTOP(2, id) OVER (ORDER BY v DESC)',
    of: (rows) =>
      ordered(rows, true)
        .slice(0, 2)
        .map(({ id }, index) => ({ rank: index + 1, value: id })),
    over: false,
  },
];
