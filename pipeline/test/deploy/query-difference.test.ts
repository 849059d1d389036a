/** What a person reads before a query goes into a running job. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryDifference } from '../../src/deploy/query-difference.ts';

const before = `WITH counts AS (
  SELECT room, COUNT(*) AS n FROM clicks TIMESTAMP BY at GROUP BY room, TumblingWindow(second, 10)
)
SELECT room, n INTO few FROM counts WHERE n < 3
SELECT room, n INTO many FROM counts WHERE n >= 3`;

test('comments, white space and the case of keywords make no difference', () => {
  const after = `-- the same\n${before.replaceAll('SELECT', 'select').replaceAll('\n', '\n   /* x */ ')}`;
  assert.deepEqual(queryDifference(before, after).parts, []);
  for (const name of readdirSync(join(import.meta.dirname, '../../../stream-analytics/queries'))) {
    const text = readFileSync(join(import.meta.dirname, '../../../stream-analytics/queries', name), 'utf8');
    assert.deepEqual(queryDifference(text, text).parts, []);
  }
});

test('a window that changed is told with both lengths', () => {
  const { parts, looksBackMs } = queryDifference(
    before,
    before.replace('TumblingWindow(second, 10)', 'HoppingWindow(minute, 5, 1)'),
  );
  assert.deepEqual(parts, [
    { kind: 'step', name: 'counts', change: 'changed', details: ['window tumbling 10 second → hopping 5 minute every 1 minute'] },
  ]);
  assert.equal(looksBackMs, 300_000);
});

test('columns that come, go or change their type are told', () => {
  const after = before.replace('COUNT(*) AS n', 'CAST(COUNT(*) AS float) AS n, MAX(CAST(age AS bigint)) AS oldest');
  assert.deepEqual(
    queryDifference(before, after.replace('SELECT room, n INTO few', 'SELECT room INTO few')).parts.map(({ name, details }) => [
      name,
      details,
    ]),
    [
      ['counts', ['column n: bigint → float', 'new column oldest (bigint)']],
      ['few', ['column n is gone']],
    ],
  );
});

test('parts that are new or gone, and conditions', () => {
  const after = `${before.replace(/SELECT room, n INTO few.*\n/, '').replace('n >= 3', 'n >= 4')}\nSELECT room INTO rooms FROM counts`;
  assert.deepEqual(
    queryDifference(before, after).parts.map(({ kind, name, change, details }) => [kind, name, change, details]),
    [
      ['output', 'many', 'changed', ['expressions or conditions']],
      ['output', 'rooms', 'added', []],
      ['output', 'few', 'removed', []],
    ],
  );
});

test('how far back a query looks adds up along its steps', () => {
  const query = `WITH a AS (SELECT k, COUNT(*) AS n FROM i TIMESTAMP BY t GROUP BY k, SlidingWindow(minute, 10)),
b AS (SELECT k, LAG(n) OVER (PARTITION BY k LIMIT DURATION(hour, 1)) AS former FROM a)
SELECT b.k INTO o FROM b JOIN a ON a.k = b.k AND DATEDIFF(minute, a, b) BETWEEN 0 AND 30`;
  // 10 min, then an hour, then half an hour for the join.
  assert.equal(queryDifference(query, query).looksBackMs, 100 * 60_000);
});
