/** The rewrite of sliding steps that a tumbling step thins: the same rows as without it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, runEvents, seeded } from '../support/run-query.ts';

test('a thinned sliding step gives the rows of the unthinned one', () => {
  const steps = `WITH S AS (SELECT k, j, COUNT(*) AS n, SUM(v) AS s, System.Timestamp() AS e FROM I TIMESTAMP BY t GROUP BY k, j, SlidingWindow(second, 4)),
    N AS (SELECT j, k, TopOne() OVER (ORDER BY e DESC) AS top, System.Timestamp() AS w FROM S GROUP BY j, k, TumblingWindow(second, 5))`;
  const select = 'SELECT k, j, w, top.n, top.s, top.e, top AS whole INTO thin FROM N';
  const thinned = planOf(`${steps} ${select}`);
  // A second reader of the sliding step needs all of its rows.
  const unthinned = planOf(`${steps} ${select} SELECT k INTO other FROM S`);
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = seeded(seed);
    let t = Date.UTC(2024, 0, 1);
    const events = Array.from({ length: 80 }, () => {
      t += Math.floor(random() * random() * 6000);
      return {
        body: {
          t: new Date(t).toISOString(),
          k: `k${Math.floor(random() * 3)}`,
          j: Math.floor(random() * 2),
          v: Math.floor(random() * 100),
        },
      };
    });
    const sorted = (rows: readonly unknown[] | undefined) => (rows ?? []).map((row) => JSON.stringify(row)).sort();
    const whole = runEvents(unthinned, { I: events }).rows;
    assert.ok((whole.other ?? []).length > (whole.thin ?? []).length);
    for (const options of [{}, { batchRows: 5, rowsPerStep: 1 }, { batchRows: 3, checkpoints: true }]) {
      assert.deepEqual(sorted(runEvents(thinned, { I: events }, options).rows.thin), sorted(whole.thin), `seed ${seed}`);
    }
  }
});
