/**
 * Time over several partitions: what becomes of an event depends on its partition's log alone, the rows do not depend on
 * how partitions interleave, idle partitions hold things up only until they are said to be idle.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, type TimePolicies } from '@asaql/engine';
import { batchOf, type Collected, collect, planOf, seeded, type TestEvent } from '../support/run-query.ts';

const start = Date.UTC(2024, 0, 1);
const policies: TimePolicies = { lateArrivalMs: 20_000, outOfOrderMs: 4000, earlyArrivalMs: 30_000, action: 'adjust' };

interface Logged {
  readonly id: number;
  readonly eventMs: number;
  readonly arrivalMs: number;
}

/** Logs of partitions with events that are late, early and out of order. */
function logs(seed: number, partitions: number, count: number): Logged[][] {
  const random = seeded(seed);
  let id = 0;
  return Array.from({ length: partitions }, () => {
    let arrivalMs = start;
    return Array.from({ length: count }, () => {
      arrivalMs += Math.floor(random() * 3000);
      const kind = random();
      const skew = kind < 0.7 ? -random() * 3000 : kind < 0.85 ? -random() * 40_000 : kind < 0.95 ? random() * 10_000 : 40_000;
      id += 1;
      return { id, eventMs: arrivalMs + Math.round(skew), arrivalMs };
    });
  });
}

/** The policies, read naively. */
function adjusted(log: readonly Logged[]): { id: number; ms: number }[] {
  let newest = Number.NEGATIVE_INFINITY;
  return log.flatMap(({ id, eventMs, arrivalMs }) => {
    if (eventMs > arrivalMs + policies.earlyArrivalMs) return [];
    const notLate = Math.max(eventMs, arrivalMs - policies.lateArrivalMs);
    const ms = Math.max(notLate, newest - policies.outOfOrderMs);
    newest = Math.max(newest, ms);
    return [{ id, ms }];
  });
}

function asEvents(log: readonly Logged[]): TestEvent[] {
  return log.map(({ id, eventMs, arrivalMs }) => ({ body: { id, t: new Date(eventMs).toISOString() }, arrivalMs }));
}

test('events are adjusted as the policies say, and rows leave in order whatever the interleaving', () => {
  const plan = planOf('SELECT id, System.Timestamp() AS ts FROM I TIMESTAMP BY t', {
    policies,
    inputs: { I: { partitions: 3 } },
  });
  for (let seed = 1; seed <= 10; seed += 1) {
    const all = logs(seed, 3, 40);
    const expected = all.flatMap(adjusted).sort((a, b) => a.ms - b.ms);
    const sequences = [1, 2, 3].map((interleaving) => {
      const random = seeded(seed * 100 + interleaving);
      const job = createJob(plan, { rowsPerStep: interleaving * 3 });
      const collected: Collected = { rows: {}, rejected: [] };
      const at = [0, 0, 0];
      while (at.some((position) => position < 40)) {
        const partition = Math.floor(random() * 3);
        const until = Math.min(40, (at[partition] ?? 0) + 1 + Math.floor(random() * 9));
        const part = (all[partition] ?? []).slice(at[partition], until);
        if (part.length > 0) job.push(batchOf('I', asEvents(part), partition));
        at[partition] = until;
        collect(job, collected);
      }
      job.end();
      collect(job, collected);
      const rows = (collected.rows.output ?? []).map((row) => ({ id: row.id, ms: Date.parse(String(row.ts)) }));
      assert.equal(collected.rejected.length, 120 - expected.length);
      assert.ok(collected.rejected.every((event) => event.reason === 'EarlyInputEvent'));
      return rows;
    });
    assert.deepEqual(
      sequences[0]?.map(({ ms }) => ms),
      expected.map(({ ms }) => ms),
    );
    assert.deepEqual(
      [...(sequences[0] ?? [])].sort((a, b) => Number(a.id) - Number(b.id)),
      [...expected].sort((a, b) => a.id - b.id),
    );
    assert.deepEqual(sequences[1], sequences[0]);
    assert.deepEqual(sequences[2], sequences[0]);
  }
});

test('an idle partition holds rows up until the clock is past the late tolerance', () => {
  const plan = planOf('SELECT COUNT(*) AS n FROM I TIMESTAMP BY t GROUP BY TumblingWindow(second, 10)', {
    policies,
    inputs: { I: { partitions: 2 } },
  });
  const job = createJob(plan);
  const collected: Collected = { rows: {}, rejected: [] };
  const events = [0, 5, 11, 30].map((second) => ({
    body: { t: new Date(start + second * 1000 + 1).toISOString() },
    arrivalMs: start + second * 1000 + 1,
  }));
  job.push(batchOf('I', events, 0));
  collect(job, collected);
  assert.deepEqual(collected.rows, {});
  job.advance(start + 30_000);
  collect(job, collected);
  assert.deepEqual(collected.rows, {}, 'the other partition may still bring events of 10 s');
  job.advance(start + 30_001);
  collect(job, collected);
  assert.deepEqual(collected.rows.output, [{ n: 2 }]);
  assert.equal(job.metrics().watermarkMs, start + 10_001);
});

test('a foreign or damaged checkpoint ends in a clear error', () => {
  const plan = planOf('SELECT id FROM I TIMESTAMP BY t');
  const other = createJob(planOf('SELECT id, t FROM I TIMESTAMP BY t'));
  assert.throws(() => other.restore(createJob(plan).checkpoint()), /belongs to another query/);
  assert.throws(() => other.restore(new Uint8Array([1, 2, 3])), /no checkpoint/);
  const damaged = createJob(plan).checkpoint().slice(0, 12);
  assert.throws(() => createJob(plan).restore(damaged), /checkpoint/);
});

test('without TIMESTAMP BY the clock alone moves time', () => {
  const plan = planOf('SELECT id INTO a FROM I SELECT id INTO b FROM I TIMESTAMP BY t', {
    policies,
    inputs: { I: { partitions: 2 } },
  });
  const job = createJob(plan);
  const collected: Collected = { rows: {}, rejected: [] };
  job.push(
    batchOf(
      'I',
      [
        { body: { id: 1 }, arrivalMs: start },
        { body: { id: 2, t: 'never' }, arrivalMs: start + 5 },
      ],
      1,
    ),
  );
  job.advance(start + 5);
  collect(job, collected);
  assert.deepEqual(collected.rows.a, [{ id: 1 }]);
  job.advance(start + 6);
  collect(job, collected);
  assert.deepEqual(collected.rows.a, [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(
    collected.rejected.map(({ index, reason }) => [index, reason]),
    [
      [0, 'InvalidInputTimeStamp'],
      [1, 'InvalidInputTimeStamp'],
    ],
  );
});

test('a job killed at any point and restored from its checkpoint puts out the same rows', () => {
  const query = `WITH S AS (SELECT k, COUNT(*) AS n, System.Timestamp() AS e FROM I TIMESTAMP BY t GROUP BY k, SlidingWindow(second, 5)),
    N AS (SELECT k, TopOne() OVER (ORDER BY e DESC) AS top FROM S GROUP BY k, TumblingWindow(second, 3))
    SELECT k, top.n, top.e INTO thin FROM N
    SELECT k, LAG(id) OVER (PARTITION BY k LIMIT DURATION(second, 30)) AS before, SUM(id) OVER (LIMIT DURATION(second, 7)) AS total INTO lags FROM I TIMESTAMP BY t
    SELECT k, COUNT(DISTINCT id) AS d, System.Timestamp() AS e INTO hop FROM I TIMESTAMP BY t GROUP BY k, HoppingWindow(second, 9, 3)`;
  const plan = planOf(query, { policies, inputs: { I: { partitions: 2 } } });
  const all = logs(42, 2, 60).map((log) => log.map((entry) => ({ ...entry, k: `key${entry.id % 3}` })));
  const events = all.map((log) =>
    log.map(({ id, k, eventMs, arrivalMs }) => ({ body: { id, k, t: new Date(eventMs).toISOString() }, arrivalMs })),
  );
  const run = (killedAfter: number) => {
    let job = createJob(plan);
    const collected: Collected = { rows: {}, rejected: [] };
    for (let round = 0; round < 12; round += 1) {
      for (const partition of [0, 1])
        job.push(batchOf('I', (events[partition] ?? []).slice(round * 5, round * 5 + 5), partition));
      collect(job, collected);
      if (round !== killedAfter) continue;
      const checkpoint = job.checkpoint();
      job.push(batchOf('I', events[0] ?? [], 0));
      while (job.step());
      job = createJob(plan);
      job.restore(checkpoint);
    }
    job.end();
    collect(job, collected);
    return collected.rows;
  };
  const whole = run(-1);
  for (let killedAfter = 0; killedAfter < 12; killedAfter += 1)
    assert.deepEqual(run(killedAfter), whole, `killed after round ${killedAfter}`);
});
