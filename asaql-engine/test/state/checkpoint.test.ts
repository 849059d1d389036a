/** Checkpoints: what does not fit or is damaged is refused with a clear message, whatever byte it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, EngineError, type InputOptions } from '@asaql/engine';
import { batchOf, type Collected, collect, planOf } from '../support/run-query.ts';

const start = Date.UTC(2024, 0, 1);
const policies = { lateArrivalMs: 5000, outOfOrderMs: 2000, earlyArrivalMs: 5000, action: 'adjust' } as const;
const query = `SELECT k, COUNT(*) AS n, TopOne() OVER (ORDER BY v DESC) AS top FROM I TIMESTAMP BY t GROUP BY k, HoppingWindow(second, 9, 3)
  SELECT k, LAG(v) OVER (LIMIT DURATION(second, 9)) AS l FROM I TIMESTAMP BY t`;

test('a checkpoint with any bit changed, or cut anywhere, is no checkpoint', () => {
  const plan = planOf(query, { policies });
  const job = createJob(plan);
  const events = Array.from({ length: 40 }, (_, index) => {
    const ms = start + index * 700;
    return { body: { t: new Date(ms).toISOString(), k: `key${index % 3}`, v: index * 1.5 }, arrivalMs: ms };
  });
  job.push(batchOf('I', events));
  collect(job, { rows: {}, rejected: [] });
  const checkpoint = job.checkpoint();
  createJob(plan).restore(checkpoint);
  for (let index = 0; index < checkpoint.length; index += 7) {
    const changed = checkpoint.slice();
    changed[index]! ^= 1 << (index % 8);
    assert.throws(() => createJob(plan).restore(changed), EngineError, `byte ${index}`);
    assert.throws(() => createJob(plan).restore(checkpoint.slice(0, index)), EngineError, `cut at ${index}`);
  }
});

test('snapshots of reference data hold from their time to the next, also from a checkpoint', () => {
  const inputs: { readonly [name: string]: InputOptions } = { R: { kind: 'reference', snapshots: true } };
  const text = `WITH Steps AS (SELECT k, UPPER(name) AS name FROM R)
    SELECT I.id, s.name FROM I TIMESTAMP BY t LEFT JOIN Steps s ON I.k = s.k`;
  const plan = planOf(text, { policies, inputs });
  for (const checkpointAfter of [-1, 0, 1, 2]) {
    let job = createJob(plan);
    const collected: Collected = { rows: {}, rejected: [] };
    const snapshot = (second: number, name: string, partition: number) =>
      batchOf(
        'R',
        [
          { body: { k: 1, name }, arrivalMs: start + second * 1000 },
          { body: { k: second, name: 'own' }, arrivalMs: start + second * 1000 },
        ],
        partition,
      );
    const steps = [
      () => job.push(snapshot(10, 'ten', 0)),
      () => job.push(snapshot(20, 'twenty', 1)),
      () => {
        const at = [5, 10, 19, 20, 99];
        job.push(
          batchOf(
            'I',
            at.map((second) => ({
              body: { id: second, k: second === 99 ? 10 : 1, t: new Date(start + second * 1000).toISOString() },
              arrivalMs: start + second * 1000,
            })),
          ),
        );
      },
    ];
    steps.forEach((step, index) => {
      step();
      collect(job, collected);
      if (index !== checkpointAfter) return;
      const checkpoint = job.checkpoint();
      job = createJob(plan);
      job.restore(checkpoint);
    });
    job.end();
    collect(job, collected);
    assert.deepEqual(collected.rows.output, [
      { id: 5, name: null },
      { id: 10, name: 'TEN' },
      { id: 19, name: 'TEN' },
      { id: 20, name: 'TWENTY' },
      { id: 99, name: null },
    ]);
  }
});
