/** What a watched run tells: branches, conditions and times of events. Its rows are those of a run that nobody watches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, type QueryWatch, type TimedEvent } from '@asaql/engine';
import { batchOf, planOf, runEvents } from '../support/run-query.ts';

const query = `SELECT k,
    SUM(CASE WHEN v > 10 THEN 1 WHEN v > 5 THEN CAST(v AS bigint) ELSE 0 END) AS a,
    SUM(CASE WHEN v > 10 THEN 1 WHEN v > 5 THEN CAST(v AS bigint) ELSE 0 END) AS b,
    CASE WHEN COUNT(*) > 1 THEN 'many' ELSE NULL END AS c
  INTO out FROM I TIMESTAMP BY t WHERE k IS NOT NULL
  GROUP BY k, TumblingWindow(second, 10) HAVING COUNT(*) < 3`;
const events = [
  { t: '2026-01-15T12:00:01Z', k: 'a', v: 6 },
  { t: '2026-01-15T12:00:02Z', k: 'a', v: 1 },
  { t: '2026-01-15T12:00:03Z', v: 20 },
].map((body) => ({ body }));

test('each CASE tells its branches by its own place, each condition both ways', () => {
  const told = new Set<string>();
  const watch: QueryWatch = {
    caseTaken: (start, branch) => told.add(`${start} ${branch}`),
    conditionMet: (start, holds) => told.add(`${query.slice(start, start + 5)} ${holds}`),
  };
  const rows = runEvents(planOf(query, { watch }), { I: events }).rows;
  assert.deepEqual(rows, runEvents(planOf(query), { I: events }).rows);
  const cases = [...query.matchAll(/CASE/g)].map((match) => match.index);
  const expected = [`${cases[0]} 1`, `${cases[0]} 2`, `${cases[1]} 1`, `${cases[1]} 2`, `${cases[2]} 0`];
  assert.deepEqual([...told].sort(), [...expected, 'COUNT true', 'k IS  false', 'k IS  true'].sort());
});

test('the time that an event got is told, adjusted or not', () => {
  const told: TimedEvent[] = [];
  const policies = { lateArrivalMs: 5000, outOfOrderMs: 0, earlyArrivalMs: 300_000, action: 'adjust' } as const;
  const job = createJob(planOf('SELECT t INTO out FROM I TIMESTAMP BY t', { policies }), { timed: (event) => told.push(event) });
  const arrivalMs = Date.parse('2026-01-15T12:00:20Z');
  job.push(batchOf('I', [{ body: { t: '2026-01-15T12:00:01Z' }, arrivalMs }]));
  job.push(batchOf('I', [{ body: { t: '2026-01-15T12:00:19Z' }, arrivalMs }]));
  const at = (text: string) => Date.parse(`2026-01-15T12:00:${text}Z`);
  const shared = { input: 'I', partition: 0, arrivalTimeMs: arrivalMs };
  assert.deepEqual(told, [
    {
      ...{ ...shared, index: 0, eventTimeMs: at('01'), timestampMs: at('15'), outcome: 'adjusted' },
      policy: { kind: 'late', toleranceMs: 5000 },
      message: 'Adjusted from 2026-01-15T12:00:01.0000000Z to 2026-01-15T12:00:15.0000000Z: it arrived more than 5 s late.',
    },
    { ...shared, index: 1, eventTimeMs: at('19'), timestampMs: at('19'), outcome: 'onTime', policy: null, message: 'On time.' },
  ]);
});
