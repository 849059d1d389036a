/** Random queries, each with what the oracle says it comes to. Knows the language, not the engine. */
import { aggregates, byKey, hopping, type Row, secondsBetween, sessions, sliding, snapshots, type Window } from './oracle.ts';

export type Random = () => number;
export type OutputRow = { readonly [column: string]: unknown };

export interface FuzzQuery {
  readonly text: string;
  readonly rows: (input: readonly Row[], other: readonly Row[]) => readonly OutputRow[];
}

const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1));
const oneOf = <T>(random: Random, choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
const stamp = (ms: number) => new Date(ms).toISOString().replace(/(\.\d{3})Z$/, '$10000Z');

interface Windowing {
  readonly text: string;
  /** Windows of rows of one group; a session without a key of its own sees the rows of all. */
  readonly of: (rows: readonly Row[]) => Window[];
  readonly shared: boolean;
}

function windowing(random: Random): Windowing {
  const size = between(random, 1, 12);
  const hop = between(random, 1, 12);
  const offset = between(random, -3, 3);
  const long = random() < 0.5;
  const own = (text: string, of: Windowing['of'], shared = false): Windowing => ({ text, of, shared });
  return oneOf(random, [
    () =>
      own(
        long ? `TumblingWindow(Duration(second, ${size}), Offset(second, ${offset}))` : `TumblingWindow(second, ${size})`,
        (rows) => hopping(rows, size * 1000, size * 1000, long ? offset * 1000 : 0),
      ),
    () =>
      own(
        long ? `HoppingWindow(Duration(second, ${size}), Hop(second, ${hop}))` : `HOPPING(second, ${size}, ${hop}, ${offset})`,
        (rows) => hopping(rows, size * 1000, hop * 1000, long ? 0 : offset * 1000),
      ),
    () => own(`SlidingWindow(second, ${size})`, (rows) => sliding(rows, size * 1000)),
    () => own('System.Timestamp()', snapshots),
    () => own(`SessionWindow(second, ${size}, ${size + hop})`, (rows) => sessions(rows, size * 1000, (size + hop) * 1000), true),
    () =>
      own(`SessionWindow(second, ${size}, ${size + hop}) OVER (PARTITION BY k)`, (rows) =>
        byKey(rows, ({ k }) => k).flatMap((group) => sessions(group, size * 1000, (size + hop) * 1000)),
      ),
    () =>
      own(`Windows(TumblingWindow(second, ${size}), SlidingWindow(second, ${hop}))`, (rows) => [
        ...hopping(rows, size * 1000, size * 1000, 0),
        ...sliding(rows, hop * 1000),
      ]),
  ])();
}

interface Filter {
  readonly text: string;
  readonly holds: (row: Row) => boolean;
}

function filter(random: Random): Filter {
  const limit = between(random, 0, 6);
  return oneOf<Filter>(random, [
    { text: '1 = 1', holds: () => true },
    { text: `v > ${limit}`, holds: ({ v }) => v !== null && v > limit },
    { text: `v <> ${limit}`, holds: ({ v }) => v !== null && v !== limit },
    { text: `NOT (v <= ${limit})`, holds: ({ v }) => !(v !== null && v <= limit) },
    { text: "k IN ('A', 'b')", holds: ({ k }) => k === 'a' || k === 'b' },
    { text: 'k IS NOT NULL OR v IS NULL', holds: ({ k, v }) => k !== null || v === null },
  ]);
}

function some<T>(random: Random, all: readonly T[]): readonly T[] {
  return Array.from({ length: between(random, 1, 4) }, () => oneOf(random, all));
}

function grouped(random: Random): FuzzQuery {
  const window = windowing(random);
  const where = filter(random);
  const chosen = some(random, aggregates);
  const keyed = window.text.includes('PARTITION BY k') || random() < 0.7;
  const least = random() < 0.3 ? between(random, 1, 3) : 0;
  const list = chosen.map(({ text }, index) => `${text} AS a${index}`).join(', ');
  const text = `SELECT ${keyed ? 'k, ' : ''}System.Timestamp() AS e, ${list} FROM I TIMESTAMP BY t WHERE ${where.text} GROUP BY ${keyed ? 'k, ' : ''}${window.text}${least > 0 ? ` HAVING COUNT(*) >= ${least}` : ''}`;
  const groupsOf = (rows: readonly Row[]): { readonly k: string | null; readonly window: Window }[] => {
    if (!keyed) return window.of(rows).map((one) => ({ k: null, window: one }));
    if (!window.shared)
      return byKey(rows, ({ k }) => k).flatMap((group) =>
        window.of(group).map((one) => ({ k: group[0]?.k ?? null, window: one })),
      );
    return window
      .of(rows)
      .flatMap(({ endMs, rows: inside }) =>
        byKey(inside, ({ k }) => k).map((group) => ({ k: group[0]?.k ?? null, window: { endMs, rows: group } })),
      );
  };
  return {
    text,
    rows: (input) =>
      groupsOf(input.filter(where.holds))
        .filter((group) => group.window.rows.length >= least)
        .map(({ k, window: { endMs, rows } }) => ({
          ...(keyed ? { k } : {}),
          e: stamp(endMs),
          ...Object.fromEntries(chosen.map(({ of }, index) => [`a${index}`, of(rows)])),
        })),
  };
}

function analytic(random: Random): FuzzQuery {
  const limit = between(random, 1, 20);
  const keyed = random() < 0.6;
  const when = filter(random);
  const where = filter(random);
  const over = `OVER (${keyed ? 'PARTITION BY k ' : ''}LIMIT DURATION(second, ${limit}) WHEN ${when.text})`;
  const offset = between(random, 1, 3);
  const chosen = oneOf(
    random,
    aggregates.filter((aggregate) => aggregate.over),
  );
  const interval = between(random, 1, 15);
  const text = `SELECT id, LAG(v, ${offset}, -1) ${over} AS l, LAST(id) ${over} AS s, ${chosen.text} ${over} AS a, ISFIRST(second, ${interval}) OVER (${keyed ? 'PARTITION BY k ' : ''}WHEN ${when.text}) AS f FROM I TIMESTAMP BY t WHERE ${where.text}`;
  const rowOf = (input: readonly Row[], place: number): OutputRow => {
    const row = input[place] as Row;
    const seen = input.slice(0, place + 1).filter((other) => (!keyed || other.k === row.k) && when.holds(other));
    const recent = seen.filter(({ ms }) => ms > row.ms - limit * 1000);
    const before = seen.filter((other) => other !== row).at(-offset);
    const cell = (ms: number) => Math.ceil(ms / (interval * 1000));
    return {
      id: row.id,
      l: before === undefined || before.ms <= row.ms - limit * 1000 ? -1 : before.v,
      s: recent.at(-1)?.id ?? null,
      a: recent.length === 0 && chosen.text.startsWith('COLLECT') ? null : chosen.of(recent),
      f: when.holds(row) && seen.filter((other) => cell(other.ms) === cell(row.ms)).length === 1 ? 1 : 0,
    };
  };
  return { text, rows: (input) => input.flatMap((row, place) => (where.holds(row) ? [rowOf(input, place)] : [])) };
}

function join(random: Random): FuzzQuery {
  const low = between(random, -6, 4);
  const high = low + between(random, 0, 6);
  const outer = random() < 0.5;
  const self = random() < 0.3;
  const keyed = random() < 0.8;
  const extra = random() < 0.4;
  const on = `DATEDIFF(second, a, b) BETWEEN ${low} AND ${high}${keyed ? ' AND a.k = b.k' : ''}${extra ? ' AND a.v < b.v' : ''}`;
  const text = `SELECT a.id AS x, b.id AS y, System.Timestamp() AS e FROM I a TIMESTAMP BY t ${outer ? 'LEFT ' : ''}JOIN ${self ? 'I' : 'J'} b TIMESTAMP BY t ON ${on}`;
  return {
    text,
    rows: (input, other) =>
      input.flatMap((a): readonly OutputRow[] => {
        const partners = (self ? input : other).filter((b) => {
          const distance = secondsBetween(a.ms, b.ms);
          if (distance < low || distance > high || (keyed && (a.k === null || a.k !== b.k))) return false;
          return !extra || (a.v !== null && b.v !== null && a.v < b.v);
        });
        if (partners.length === 0) return outer ? [{ x: a.id, y: null, e: stamp(a.ms + Math.max(0, high) * 1000) }] : [];
        return partners.map((b) => ({ x: a.id, y: b.id, e: stamp(Math.max(a.ms, b.ms)) }));
      }),
  };
}

/** Windows over the union of a stream with its own windows. */
function steps(random: Random): FuzzQuery {
  const first = between(random, 1, 6);
  const second = between(random, 1, 9);
  const where = filter(random);
  const text = `WITH W AS (SELECT k, SUM(v) AS v, MIN(id) AS id FROM I TIMESTAMP BY t GROUP BY k, TumblingWindow(second, ${first})),
    U AS (SELECT k, v, id FROM W UNION SELECT k, v, id FROM I TIMESTAMP BY t WHERE ${where.text})
    SELECT k, COUNT(*) AS n, SUM(v) AS s, MAX(id) AS m, System.Timestamp() AS e FROM U GROUP BY k, HoppingWindow(second, ${second * 2}, ${second})`;
  return {
    text,
    rows: (input) => {
      const summed = byKey(input, ({ k }) => k).flatMap((group) =>
        hopping(group, first * 1000, first * 1000, 0).map(({ endMs, rows }): Row => {
          const values = rows.flatMap(({ v }) => v ?? []);
          return {
            ms: endMs,
            k: group[0]?.k ?? null,
            v: values.length === 0 ? null : values.reduce((a, b) => a + b, 0),
            id: Math.min(...rows.map(({ id }) => id)),
          };
        }),
      );
      return byKey([...summed, ...input.filter(where.holds)], ({ k }) => k).flatMap((group) =>
        hopping(group, second * 2000, second * 1000, 0).map(({ endMs, rows }) => {
          const values = rows.flatMap(({ v }) => v ?? []);
          const s = values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
          return { k: group[0]?.k ?? null, n: rows.length, s, m: Math.max(...rows.map(({ id }) => id)), e: stamp(endMs) };
        }),
      );
    },
  };
}

export function randomQuery(random: Random): FuzzQuery {
  return oneOf(random, [grouped, grouped, grouped, analytic, join, steps])(random);
}
