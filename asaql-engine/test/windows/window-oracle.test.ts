/**
 * Windows against a naive reading of the rules, over random events: every window, every aggregate, with gaps, ties and
 * NULLs; in order, in disorder within the tolerance, in odd batch sizes, and from checkpoints.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, runEvents, seeded } from '../support/run-query.ts';

interface Row {
  readonly t: number;
  readonly k: string | null;
  readonly v: number | null;
}

interface Group {
  readonly end: number;
  readonly k: string | null;
  readonly rows: readonly Row[];
}

/** Rows of (from, to], by key. */
function groupsIn(rows: readonly Row[], from: number, to: number): Group[] {
  const inside = rows.filter((row) => row.t > from && row.t <= to);
  return [...new Set(inside.map((row) => row.k))].map((k) => ({ end: to, k, rows: inside.filter((row) => row.k === k) }));
}

function hopping(size: number, hop: number, offset = 0) {
  return (rows: readonly Row[]): Group[] => {
    const groups: Group[] = [];
    const last = Math.max(0, ...rows.map((row) => row.t));
    for (let end = -1000 * hop + offset; end <= last + size + hop; end += hop) groups.push(...groupsIn(rows, end - size, end));
    return groups;
  };
}

function sliding(size: number) {
  return (rows: readonly Row[]): Group[] =>
    [...new Set(rows.map((row) => row.k))].flatMap((k) => {
      const own = rows.filter((row) => row.k === k);
      const instants = [...new Set(own.flatMap((row) => [row.t, row.t + size]))];
      return instants.flatMap((instant) => groupsIn(own, instant - size, instant));
    });
}

function snapshot(rows: readonly Row[]): Group[] {
  return [...new Set(rows.map((row) => row.t))].flatMap((t) => groupsIn(rows, t - 1, t));
}

function sessions(timeout: number, maximum: number, byKey: boolean) {
  return (rows: readonly Row[]): Group[] => {
    const lines = byKey ? [...new Set(rows.map((row) => row.k))].map((k) => rows.filter((row) => row.k === k)) : [rows];
    return lines.flatMap((line) =>
      sessionsOf(
        [...line].sort((a, b) => a.t - b.t),
        timeout,
        maximum,
      ),
    );
  };
}

function sessionsOf(rows: readonly Row[], timeout: number, maximum: number): Group[] {
  const groups: Group[] = [];
  let open = Number.NaN;
  let last = Number.NaN;
  let inside: Row[] = [];
  const close = (end: number) => {
    for (const k of new Set(inside.map((row) => row.k))) groups.push({ end, k, rows: inside.filter((row) => row.k === k) });
    inside = [];
  };
  for (const row of [...rows, { t: Number.POSITIVE_INFINITY, k: null, v: null }]) {
    while (!Number.isNaN(open)) {
      const checkpoint = Math.ceil((open + maximum) / maximum) * maximum;
      if (row.t <= Math.min(last + timeout, checkpoint)) break;
      close(Math.min(last + timeout, checkpoint));
      open = checkpoint < last + timeout ? checkpoint : Number.NaN;
    }
    if (Number.isNaN(open)) open = row.t;
    last = row.t;
    if (Number.isFinite(row.t)) inside.push(row);
  }
  return groups;
}

function summary({ end, k, rows }: Group): string {
  const values = rows.flatMap((row) => (row.v === null ? [] : [row.v])).sort((a, b) => a - b);
  const count = values.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / count;
  const square = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  const position = (count - 1) / 2;
  const middle = ((values[Math.floor(position)] ?? 0) + (values[Math.ceil(position)] ?? 0)) / 2;
  const or = (value: number) => (count === 0 ? null : rounded(value));
  return JSON.stringify([
    k,
    end,
    rows.length,
    count,
    or(sum),
    or(mean),
    or(values[0] ?? 0),
    or(values.at(-1) ?? 0),
    new Set(values).size,
    or(middle),
    or(values[Math.max(0, Math.ceil(count / 2) - 1)] ?? 0),
    count < 2 ? null : rounded(Math.sqrt(square / (count - 1))),
    or(square / count),
    rows.some((row) => row.v === null) && count === 0 ? null : or(values.at(-1) ?? 0),
  ]);
}

function rounded(value: number): number {
  return Number(value.toPrecision(9));
}

const start = Date.UTC(2024, 0, 1);
const columns =
  'k, System.Timestamp() AS e, COUNT(*) AS n, COUNT(v) AS c, SUM(v) AS s, AVG(v) AS a, MIN(v) AS lo, ' +
  'MAX(v) AS hi, COUNT(DISTINCT v) AS d, PERCENTILE_CONT(0.5) OVER (ORDER BY v) AS m, PERCENTILE_DISC(0.5) OVER (ORDER BY v) AS md, ' +
  'STDEV(v) AS sd, VARP(v) AS vp, TopOne(v) OVER (ORDER BY v DESC) AS top';

const kinds: { readonly [window: string]: (rows: readonly Row[]) => Group[] } = {
  'TumblingWindow(second, 7)': hopping(7, 7),
  'TumblingWindow(second, 10, 3)': hopping(10, 10, 3),
  'HoppingWindow(second, 10, 4)': hopping(10, 4),
  'HoppingWindow(second, 12, 3, 1)': hopping(12, 3, 1),
  'HoppingWindow(second, 2, 5)': hopping(2, 5),
  'SlidingWindow(second, 6)': sliding(6),
  'System.Timestamp()': snapshot,
  'SessionWindow(second, 3, 10)': sessions(3, 10, false),
  'SessionWindow(second, 3, 10) OVER (PARTITION BY k)': sessions(3, 10, true),
};

function randomRows(random: () => number, count: number): Row[] {
  let t = 0;
  return Array.from({ length: count }, () => {
    const gap = random();
    t += gap < 0.4 ? 0 : gap < 0.9 ? 1 + Math.floor(random() * 3) : Math.floor(random() * 15);
    const k = random() < 0.1 ? null : (['a', 'b', 'c'][Math.floor(random() * 3)] ?? null);
    const v = random() < 0.15 ? null : random() < 0.5 ? Math.floor(random() * 9) : Math.floor(random() * 64) / 8;
    return { t, k, v };
  });
}

function eventOf(row: Row) {
  return { body: { t: new Date(start + row.t * 1000).toISOString(), k: row.k, v: row.v }, arrivalMs: start + row.t * 1000 };
}

for (const [window, expected] of Object.entries(kinds)) {
  test(`${window} says what the rules say`, () => {
    const query = `SELECT ${columns} FROM I TIMESTAMP BY t GROUP BY k, ${window}`;
    // The epoch of the oracle is the start, which must lie on every grid: the grids count from 1970.
    const shift = (start / 1000) % (7 * 10 * 4 * 12 * 3 * 5);
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seeded(seed * 7919);
      const rows = randomRows(random, 60);
      const shifted = rows.map((row) => ({ ...row, t: row.t + shift }));
      const wanted = expected(shifted)
        .map((group) => summary({ ...group, end: group.end - shift }))
        .sort();
      const plan = planOf(query);
      const tolerant = planOf(query, {
        policies: { lateArrivalMs: 60_000, outOfOrderMs: 5000, earlyArrivalMs: 1e9, action: 'drop' },
      });
      const events = rows.map(eventOf);
      const disordered = rows
        .map((row) => ({ row, at: row.t + random() * 4.9 }))
        .sort((a, b) => a.at - b.at)
        .map(({ row, at }) => ({ ...eventOf(row), arrivalMs: start + at * 1000 }));
      const runs = {
        straight: runEvents(plan, { I: events }),
        checkpoints: runEvents(plan, { I: events }, { batchRows: 7, checkpoints: true }),
        'small steps': runEvents(tolerant, { I: events }, { batchRows: 3, rowsPerStep: 2 }),
        disorder: runEvents(tolerant, { I: disordered }, { batchRows: 5 }),
        'disorder and checkpoints': runEvents(tolerant, { I: disordered }, { batchRows: 4, rowsPerStep: 3, checkpoints: true }),
        'forgotten texts': runEvents(tolerant, { I: disordered }, { batchRows: 4, textsMax: 2 }),
      };
      for (const [way, { rows: outputs, rejected }] of Object.entries(runs)) {
        assert.deepEqual(rejected, [], way);
        assert.deepEqual((outputs.output ?? []).map(line).sort(), wanted, `${way}, seed ${seed}`);
      }
    }
  });
}

function line(row: { readonly [column: string]: unknown }): string {
  const { k, e, n, c, s, a, lo, hi, d, m, md, sd, vp, top } = row;
  const numbers = [s, a, lo, hi, d, m, md, sd, vp, top].map((value) => (typeof value === 'number' ? rounded(value) : value));
  return JSON.stringify([k, (Date.parse(String(e)) - start) / 1000, n, c, ...numbers]);
}
