/** A plan in words names what is decoded, kept and thinned. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '@asaql/engine';
import { planOf } from '../support/run-query.ts';

test('only what is read is decoded; what a step throws away is not said', () => {
  const plan = planOf(
    `WITH A AS (SELECT k, v, unread.field AS u, System.Timestamp() AS e FROM I TIMESTAMP BY t WHERE w IS NOT NULL),
      S AS (SELECT k, SUM(v) AS s, System.Timestamp() AS e FROM A GROUP BY k, SlidingWindow(minute, 5))
      SELECT k, TopOne() OVER (ORDER BY e DESC) AS newest INTO out FROM S GROUP BY k, TumblingWindow(second, 5)`,
  );
  const operators = explain(plan);
  assert.equal(operators[0]?.does, "stream 'I' by event time; decodes t, whether there is w, k, v");
  assert.match(
    operators.find(({ operator }) => operator === 'aggregate')?.does ?? '',
    /sliding 300 s, only the newest result in each 5 s; 1 keys; sum/,
  );
  for (const { id, reads } of operators) for (const read of reads) assert.ok(read < id);
});
