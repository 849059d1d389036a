/** Whatever keeps rows is counted: a job that would outgrow its limit ends in an error that says what holds it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, EngineError, type TimePolicies } from '@asaql/engine';
import { batchOf, planOf } from '../support/run-query.ts';

const start = Date.UTC(2024, 0, 1);
const policies: TimePolicies = { lateArrivalMs: 0, outOfOrderMs: 0, earlyArrivalMs: 0, action: 'drop' };
const source = 'FROM I TIMESTAMP BY t';

const queries: readonly (readonly [string, string, RegExp])[] = [
  ['rows without time policies', `SELECT id ${source}`, /rows of an input that wait/],
  ['groups of a tumbling window', `SELECT id, COUNT(*) AS n ${source} GROUP BY id, TumblingWindow(hour, 1)`, /open windows/],
  ['groups of a hopping window', `SELECT id, SUM(id) AS n ${source} GROUP BY id, HoppingWindow(hour, 2, 1)`, /open windows/],
  ['rows of a sliding window', `SELECT COUNT(*) AS n ${source} GROUP BY SlidingWindow(hour, 1)`, /open windows/],
  [
    'sessions',
    `SELECT id, COUNT(*) AS n ${source} GROUP BY id, SessionWindow(hour, 1, 2) OVER (PARTITION BY id)`,
    /open windows/,
  ],
  ['rows that Collect keeps', `SELECT COLLECT(id) AS c ${source} GROUP BY TumblingWindow(hour, 1)`, /open windows/],
  ['distinct values', `SELECT COUNT(DISTINCT id) AS n ${source} GROUP BY TumblingWindow(hour, 1)`, /open windows/],
  [
    'values of a percentile',
    `SELECT PERCENTILE_CONT(0.5) OVER (ORDER BY id) AS m ${source} GROUP BY TumblingWindow(hour, 1)`,
    /open windows/,
  ],
  [
    'histories of LAG',
    `SELECT LAG(id) OVER (PARTITION BY id LIMIT DURATION(hour, 1)) AS l ${source}`,
    /histories of analytic functions/,
  ],
  ['intervals of ISFIRST', `SELECT ISFIRST(hour, 1) OVER (PARTITION BY id) AS f ${source}`, /histories of analytic functions/],
  ['rows of SUM OVER', `SELECT SUM(id) OVER (LIMIT DURATION(hour, 1)) AS s ${source}`, /histories of analytic functions/],
  [
    'anomaly models',
    `SELECT AnomalyDetection_ChangePoint(id, 90, 50) OVER (PARTITION BY id LIMIT DURATION(hour, 1)) AS a ${source}`,
    /histories of analytic functions/,
  ],
  [
    'rows of a join',
    `SELECT a.id FROM I a TIMESTAMP BY t JOIN I b TIMESTAMP BY t ON a.id = b.id AND DATEDIFF(hour, a, b) BETWEEN 0 AND 1`,
    /rows that a JOIN keeps/,
  ],
  [
    'rows of a pattern',
    `SELECT * FROM I TIMESTAMP BY t MATCH_RECOGNIZE (LIMIT DURATION(hour, 1) MEASURES Last(A.id) AS l AFTER MATCH SKIP TO NEXT ROW PATTERN (A+ B) DEFINE A AS A.id >= 0, B AS B.id = 9000) AS T`,
    /rows that may still belong to a match/,
  ],
];

/** Events a second apart, as many as it takes. */
function run(query: string, stateBytesMax: number, withPolicies: boolean): void {
  const job = createJob(planOf(query, withPolicies ? { policies } : {}), { stateBytesMax });
  for (let from = 0; from < 700; from += 10) {
    const events = Array.from({ length: 10 }, (_, index) => {
      const ms = start + (from + index) * 1000;
      return { body: { id: from + index, t: new Date(ms).toISOString() }, arrivalMs: ms };
    });
    job.push(batchOf('I', events));
    while (job.step());
    job.take();
  }
}

for (const [what, query, holder] of queries) {
  test(`${what}: the limit ends the job with what holds the memory`, () => {
    const withPolicies = what !== 'rows without time policies';
    assert.throws(
      () => run(query, 10_000, withPolicies),
      (error: Error) => {
        assert.ok(error instanceof EngineError, String(error));
        assert.match(error.message, /^The job holds about \d+ KB, more than its limit of 10 KB, most of it /);
        assert.match(error.message, holder);
        return true;
      },
    );
    run(query, 10_000_000, withPolicies);
  });
}

test('what a short window holds does not grow with the stream', () => {
  run(`SELECT id, COUNT(*) AS n ${source} GROUP BY id, TumblingWindow(second, 10)`, 10_000, true);
  run(`SELECT COLLECT(id) AS c ${source} GROUP BY SlidingWindow(second, 10)`, 10_000, true);
  run(`SELECT LAG(id) OVER (PARTITION BY id LIMIT DURATION(second, 10)) AS l ${source}`, 10_000, true);
});

test('a join that explodes within one step is stopped in it', () => {
  const query =
    'SELECT a.id FROM I a TIMESTAMP BY t JOIN I b TIMESTAMP BY t ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 1';
  const job = createJob(planOf(query, { policies }), { stateBytesMax: 4_000_000 });
  const events = Array.from({ length: 2000 }, (_, id) => ({
    body: { id, k: 1, t: new Date(start).toISOString() },
    arrivalMs: start,
  }));
  job.push(batchOf('I', events));
  job.end();
  assert.throws(() => job.step(), /A JOIN gave \d+ rows at one instant, more than the job may hold/);
});
