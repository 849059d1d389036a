/**
 * Laws of aggregates, on the public face of the engine: a hopping window (merged from panes) equals a tumbling one over
 * the same rows, a sliding window that has emptied and filled again equals a fresh one, numbers that cancel leave nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputRow } from '@asaql/engine';
import { planOf, runEvents, seeded } from '../support/run-query.ts';

const start = Date.UTC(2024, 0, 1);
const aggregates =
  'COUNT(*) AS n, SUM(v) AS s, AVG(v) AS a, MIN(v) AS lo, MAX(v) AS hi, MIN(w) AS first_word, COUNT(DISTINCT w) AS d, VAR(v) AS va, STDEVP(v) AS sp, ' +
  'PERCENTILE_CONT(0.9) OVER (ORDER BY v) AS p, PERCENTILE_DISC(0.3) OVER (ORDER BY v DESC) AS q, TopOne(w) OVER (ORDER BY v DESC, w ASC) AS t';

/** Values of very different size, which plain sums would lose. */
function randomEvents(seed: number, count: number) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const v = random() < 0.1 ? null : Math.round((random() - 0.5) * 10 ** Math.floor(random() * 14)) / (random() < 0.5 ? 1 : 64);
    return { t: new Date(start + index * 500 + Math.floor(random() * 500)).toISOString(), v, w: `w${Math.floor(random() * 5)}` };
  });
}

function close(actual: readonly OutputRow[], expected: readonly OutputRow[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((row, index) => {
    for (const [name, value] of Object.entries(row)) {
      const wanted = expected[index]?.[name];
      if (typeof value === 'number' && typeof wanted === 'number') {
        assert.ok(Math.abs(value - wanted) <= 1e-9 * Math.max(1e-9, Math.abs(wanted)), `${name}: ${value} instead of ${wanted}`);
      } else assert.deepEqual(value, wanted, name);
    }
  });
}

test('merging the parts is the whole', () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const inputs = { I: randomEvents(seed, 100).map((body) => ({ body })) };
    const tumbling = runEvents(
      planOf(`SELECT System.Timestamp() AS e, ${aggregates} FROM I TIMESTAMP BY t GROUP BY TumblingWindow(second, 12)`),
      inputs,
    );
    const hopping = runEvents(
      planOf(`SELECT System.Timestamp() AS e, ${aggregates} FROM I TIMESTAMP BY t GROUP BY HoppingWindow(second, 12, 3)`),
      inputs,
    );
    const whole = tumbling.rows.output ?? [];
    close(
      (hopping.rows.output ?? []).filter((row) => whole.some(({ e }) => e === row.e)),
      whole,
    );
  }
});

test('adding and then removing is nothing', () => {
  const query = planOf(`SELECT System.Timestamp() AS e, ${aggregates} FROM I TIMESTAMP BY t GROUP BY SlidingWindow(second, 5)`);
  for (let seed = 1; seed <= 10; seed += 1) {
    const events = randomEvents(seed, 120);
    const rows = runEvents(query, { I: events.map((body) => ({ body })) }).rows.output ?? [];
    // What a window says at its 60th row is what a job says that saw only the rows of that window.
    const at = Date.parse(events[60]?.t ?? '');
    const inside = events.filter(({ t }) => Date.parse(t) > at - 5000 && Date.parse(t) <= at);
    const alone = runEvents(query, { I: inside.map((body) => ({ body })) }).rows.output ?? [];
    const of = (all: readonly OutputRow[]) => all.filter((row) => Date.parse(String(row.e)) === at);
    close(of(rows), of(alone));
  }
});

test('large numbers that leave take nothing with them', () => {
  const events = [1e16, 1.5, -7, 3e15, 2.25].map((v, index) => ({
    body: { t: new Date(start + index * 2000).toISOString(), v },
  }));
  const { rows } = runEvents(planOf('SELECT SUM(v) AS s FROM I TIMESTAMP BY t GROUP BY SlidingWindow(second, 3)'), { I: events });
  assert.deepEqual(
    rows.output?.map(({ s }) => s),
    [10000000000000000n, 10000000000000002, 1.5, -5.5, -7, 2999999999999993, 3e15, 3000000000000002, 2.25],
  );
});
