/** Rules of the language that no documented case shows, one query each: query, events, rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompileOptions, OutputRow } from '@asaql/engine';
import { compile } from '@asaql/engine';
import { planOf, runEvents, type TestEvent } from '../support/run-query.ts';

const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();

interface Check {
  readonly name: string;
  readonly query: string;
  readonly events: readonly TestEvent['body'][];
  readonly rows: readonly OutputRow[];
  readonly options?: Partial<CompileOptions>;
}

const three = [
  { t: at(1), k: 'a', v: 3, on: true },
  { t: at(2), k: 'b', v: null, on: false },
  { t: at(4), k: 'a', v: 1.5, on: true },
];

const checks: readonly Check[] = [
  {
    name: 'NULL is equal to nothing and different from nothing',
    query: 'SELECT COUNT(*) AS n FROM I TIMESTAMP BY t WHERE v <> 3 OR v = 3 GROUP BY TumblingWindow(second, 10)',
    events: three,
    rows: [{ n: 2 }],
  },
  {
    name: 'NOT of a comparison with NULL holds',
    query: 'SELECT k FROM I TIMESTAMP BY t WHERE NOT (v = 3)',
    events: three,
    rows: [{ k: 'b' }, { k: 'a' }],
  },
  {
    name: 'texts are equal whatever their case',
    query: "SELECT v FROM I TIMESTAMP BY t WHERE K = 'A' AND k IN ('A') AND k LIKE 'A'",
    events: three,
    rows: [{ v: 3 }, { v: 1.5 }],
  },
  {
    name: 'booleans are bits at 1.2',
    query: 'SELECT [on] FROM I TIMESTAMP BY t WHERE [on] = 1',
    events: three,
    rows: [{ on: true }, { on: true }],
  },
  {
    name: 'booleans are bigints at 1.1',
    query: 'SELECT [on] FROM I TIMESTAMP BY t WHERE [on] = 1',
    events: three,
    rows: [{ on: 1 }, { on: 1 }],
    options: { compatibilityLevel: '1.1' },
  },
  {
    name: 'SELECT * at 1.1 has bigints too',
    query: 'SELECT * FROM I TIMESTAMP BY t WHERE v = 3',
    events: three,
    rows: [{ t: at(1), k: 'a', v: 3, on: 1 }],
    options: { compatibilityLevel: '1.1' },
  },
  {
    name: 'names are lower case at 1.0',
    query: 'SELECT v AS Value, * FROM I WHERE v = 3',
    events: [{ V: 3, Name: 'x' }],
    rows: [{ value: 3, v: 3, name: 'x' }],
    options: { compatibilityLevel: '1.0' },
  },
  {
    name: 'of equal names the left one stays',
    query: 'SELECT 1 AS v, *, k AS K2 FROM I',
    events: [{ V: 3, k: 'x' }],
    rows: [{ v: 1, k: 'x', K2: 'x' }],
  },
  {
    name: 'SUM of bigints is exact',
    query: 'SELECT CAST(SUM(n) AS nvarchar(max)) AS s FROM I GROUP BY System.Timestamp()',
    events: ['{"n":4611686018427387904}', { n: 3 }],
    rows: [{ s: '4611686018427387907' }],
  },
  {
    name: 'CASE works out only the branch it takes',
    query: "SELECT CASE WHEN v = 'x' THEN 0 ELSE CAST(v AS bigint) END AS n FROM I",
    events: [{ v: 'x' }, { v: '7' }],
    rows: [{ n: 0 }, { n: 7 }],
  },
  {
    name: 'AND stops at the first that does not hold',
    query: 'SELECT v FROM I WHERE v <> 0 AND 10 / v > 2',
    events: [{ v: 0 }, { v: 3 }],
    rows: [{ v: 3 }],
  },
  {
    name: 'bitwise operators',
    query: 'SELECT v & 6 AS a, v | 8 AS o, v ^ 1 AS x, ~v AS n FROM I',
    events: [{ v: 5 }],
    rows: [{ a: 4, o: 13, x: 4, n: -6 }],
  },
  {
    name: 'LAST with a partition and WHEN, texts without case',
    query:
      "SELECT k, LAST(t) OVER (PARTITION BY k LIMIT DURATION(hour, 1) WHEN e = 'start') AS since FROM I TIMESTAMP BY t WHERE e = 'end'",
    events: [
      { t: at(1), k: 'u', e: 'Start' },
      { t: at(8), k: 'u', e: 'End' },
    ],
    rows: [{ k: 'u', since: at(1) }],
  },
  {
    name: 'ISFIRST by partition',
    query: 'SELECT v FROM I TIMESTAMP BY t WHERE ISFIRST(second, 10) OVER (PARTITION BY k) = 1',
    events: [...three, { t: at(10), k: 'a', v: 8 }, { t: at(11), k: 'a', v: 9 }],
    rows: [{ v: 3 }, { v: null }, { v: 9 }],
  },
  {
    name: 'Collect and TopOne over a history',
    query:
      'SELECT COLLECT(v) OVER (LIMIT DURATION(second, 3)) AS c, TOPONE(k) OVER (ORDER BY v DESC LIMIT DURATION(second, 3)) AS top FROM I TIMESTAMP BY t',
    events: three,
    rows: [
      { c: [3], top: 'a' },
      { c: [3, null], top: 'a' },
      { c: [null, 1.5], top: 'a' },
    ],
  },
  {
    name: 'CollectTop over a partition',
    query:
      'SELECT COLLECTTOP(1, v) OVER (PARTITION BY k ORDER BY v DESC LIMIT DURATION(minute, 1)) AS c FROM I TIMESTAMP BY t WHERE t = LAST(t) OVER (LIMIT DURATION(minute, 1)) AND v = 1.5',
    events: three,
    rows: [{ c: [{ rank: 1, value: 3 }] }],
  },
  {
    name: 'a step is read many times',
    query:
      'WITH A AS (SELECT v, System.Timestamp() AS ts FROM I TIMESTAMP BY t WHERE v IS NOT NULL) SELECT SUM(v) AS s INTO x FROM A GROUP BY TumblingWindow(minute, 1) SELECT v AS s INTO x FROM A',
    events: three,
    rows: [{ s: 3 }, { s: 1.5 }, { s: 4.5 }],
  },
  {
    name: 'UNION of a stream and its windows, in order of time',
    query:
      "WITH W AS (SELECT 'w' AS kind, COUNT(*) AS n FROM I TIMESTAMP BY t GROUP BY TumblingWindow(second, 2)) SELECT 'e' AS kind, v AS n FROM I TIMESTAMP BY t UNION SELECT kind, n FROM W",
    events: three,
    rows: [
      { kind: 'e', n: 3 },
      { kind: 'e', n: null },
      { kind: 'w', n: 2 },
      { kind: 'e', n: 1.5 },
      { kind: 'w', n: 1 },
    ],
  },
  {
    name: 'a derived table',
    query: 'SELECT d.total FROM (SELECT SUM(v) AS total FROM I TIMESTAMP BY t GROUP BY TumblingWindow(minute, 1)) AS d',
    events: three,
    rows: [{ total: 4.5 }],
  },
  {
    name: 'COUNT(DISTINCT input) counts equal events once',
    query: 'SELECT COUNT(DISTINCT I) AS d, COUNT(I) AS n FROM I TIMESTAMP BY t GROUP BY TumblingWindow(minute, 1)',
    events: [...three, ...three],
    rows: [{ d: 3, n: 6 }],
  },
  {
    name: 'the whole row as a record, and its properties',
    query: 'WITH A AS (SELECT I AS whole FROM I) SELECT whole.k, whole.location.city AS city, whole FROM A',
    events: [{ k: 1, location: { city: 'X' } }],
    rows: [{ k: 1, city: 'X', whole: { k: 1, location: { city: 'X' } } }],
  },
  {
    name: 'CREATE TABLE drops what does not fit',
    query: 'CREATE TABLE I (t datetime, k nvarchar(max), v bigint) SELECT v + 1 AS v, t FROM I TIMESTAMP BY t',
    events: [
      { t: at(1), v: 1 },
      { t: at(2), v: 'x' },
      { t: 'x', v: 1 },
      { t: at(3), v: '4' },
    ],
    rows: [
      { v: 2, t: at(1).replace('Z', '0000Z') },
      { v: 5, t: at(3).replace('Z', '0000Z') },
    ],
  },
  {
    name: 'a NULL key is a group',
    query: 'SELECT v, COUNT(*) AS n FROM I TIMESTAMP BY t GROUP BY v, TumblingWindow(minute, 1)',
    events: [{ t: at(1), v: 1 }, { t: at(2), v: 1.0 }, { t: at(3) }, { t: at(4), v: null }],
    rows: [
      { v: 1, n: 2 },
      { v: null, n: 2 },
    ],
  },
  {
    name: 'records and arrays are keys by content',
    query: 'SELECT COUNT(*) AS n FROM I TIMESTAMP BY t GROUP BY r, TumblingWindow(minute, 1)',
    events: [
      { t: at(1), r: { a: 1, b: [2] } },
      { t: at(2), r: { b: [2], a: 1 } },
    ],
    rows: [{ n: 2 }],
  },
  {
    name: 'a pattern takes as many rows as it can',
    query:
      'SELECT * FROM I TIMESTAMP BY t MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES First(A.v) AS f, Last(A.v) AS l, Max(A.v) AS m, Classifier() AS c AFTER MATCH SKIP TO NEXT ROW PATTERN (B A+) DEFINE A AS A.v > 1, B AS B.v = 0) AS T',
    events: [
      { t: at(1), v: 0 },
      { t: at(2), v: 5 },
      { t: at(3), v: 2 },
      { t: at(4), v: 0 },
      { t: at(5), v: 9 },
    ],
    rows: [
      { f: 5, l: 2, m: 5, c: ['B', 'A', 'A'] },
      { f: 9, l: 9, m: 9, c: ['B', 'A'] },
    ],
  },
];

for (const { name, query, events, rows, options } of checks) {
  test(name, () => {
    const plan = planOf(query, options);
    const timed: TestEvent[] = events.map((body) => ({ body }));
    for (const run of [{}, { batchRows: 1, rowsPerStep: 1, checkpoints: true }]) {
      const actual = Object.values(runEvents(plan, { I: timed }, run).rows).flat();
      assert.deepEqual(sorted(actual), sorted(rows));
    }
  });
}

function sorted(rows: readonly OutputRow[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

test('what the engine cannot run is refused with its place', () => {
  const refused: readonly (readonly [string, RegExp, string])[] = [
    ['SELECT a.v FROM a TIMESTAMP BY t JOIN b TIMESTAMP BY t ON a.k = b.k', /not time bounded/, 'a.k = b.k'],
    ['SELECT COUNT(*) FROM I', /GROUP BY/, 'COUNT(*)'],
    ['SELECT k, COUNT(*) FROM I GROUP BY k', /window must be specified/, 'GROUP BY k'],
    ['SELECT v FROM I GROUP BY k, TumblingWindow(second, 1)', /cannot be used in SELECT clause/, 'v'],
    ['SELECT nope(v) FROM I', /nope/, 'nope(v)'],
    ['SELECT udf.nope(v) FROM I', /udf\.nope/, 'udf.nope(v)'],
    ['SELECT CAST(v AS int) FROM I', /int/, 'int'],
    ['SELECT k FROM I GROUP BY k, TumblingWindow(day, 8)', /7 days/, '8'],
    ['SELECT v > 1 AS x FROM I', /condition is no value/, 'v > 1'],
  ];
  for (const [query, message, place] of refused) {
    const compiled = compile(query);
    assert.ok(!compiled.ok, query);
    const [diagnostic] = compiled.diagnostics;
    assert.match(diagnostic?.message ?? '', message, query);
    assert.ok(
      query.slice(diagnostic?.span.start, diagnostic?.span.end).includes(place),
      `${query}: ${JSON.stringify(diagnostic)}`,
    );
  }
});
