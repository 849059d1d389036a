/** Joins of streams against a naive reading of the rules, over random events: inner, left, self, three-way; in order and from checkpoints. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob } from '@asaql/engine';
import { batchOf, type Collected, collect, planOf, runEvents, seeded } from '../support/run-query.ts';

interface Row {
  readonly id: number;
  readonly k: string | null;
  readonly ms: number;
}

const start = Date.UTC(2024, 0, 1);

function randomRows(random: () => number, count: number, first: number): Row[] {
  let ms = start + Math.floor(random() * 3000);
  return Array.from({ length: count }, (_, index) => {
    ms += Math.floor(random() * 2500) * (random() < 0.2 ? 0 : 1);
    return { id: first + index, k: random() < 0.1 ? null : (['a', 'B', 'b'][Math.floor(random() * 3)] ?? null), ms };
  });
}

function events(rows: readonly Row[]) {
  return rows.map(({ id, k, ms }) => ({ body: { id, k, t: new Date(ms).toISOString() }, arrivalMs: ms }));
}

const seconds = (left: number, right: number) => Math.floor(right / 1000) - Math.floor(left / 1000);
const sameKey = (left: Row, right: Row) => left.k !== null && right.k !== null && left.k.toLowerCase() === right.k.toLowerCase();

function lines(rows: readonly { readonly [column: string]: unknown }[] | undefined): string[] {
  return (rows ?? []).map(({ l, r, m, ts }) => JSON.stringify([l, r, m ?? null, Date.parse(String(ts))])).sort();
}

for (const [low, high] of [
  [0, 3],
  [-2, 2],
  [-4, -1],
  [1, 1],
] as const) {
  test(`left and inner join, DATEDIFF(second) BETWEEN ${low} AND ${high}`, () => {
    const on = `A.k = B.k AND DATEDIFF(second, A, B) BETWEEN ${low} AND ${high} AND A.id % 7 <> B.id % 7`;
    const source = 'FROM A TIMESTAMP BY t';
    const inner = planOf(`SELECT A.id AS l, B.id AS r, System.Timestamp() AS ts ${source} JOIN B TIMESTAMP BY t ON ${on}`);
    const left = planOf(`SELECT A.id AS l, B.id AS r, System.Timestamp() AS ts ${source} LEFT JOIN B TIMESTAMP BY t ON ${on}`);
    for (let seed = 1; seed <= 15; seed += 1) {
      const random = seeded(seed);
      const a = randomRows(random, 30, 0);
      const b = randomRows(random, 30, 1000);
      const matches = a.map((x) =>
        b.filter((y) => sameKey(x, y) && seconds(x.ms, y.ms) >= low && seconds(x.ms, y.ms) <= high && x.id % 7 !== y.id % 7),
      );
      const pairs = a.flatMap((x, index) =>
        (matches[index] ?? []).map((y) => JSON.stringify([x.id, y.id, null, Math.max(x.ms, y.ms)])),
      );
      const alone = a.flatMap((x, index) =>
        (matches[index] ?? []).length === 0 ? [JSON.stringify([x.id, null, null, x.ms + Math.max(0, high) * 1000])] : [],
      );
      const inputs = { A: events(a), B: events(b) };
      assert.deepEqual(lines(runEvents(inner, inputs).rows.output), pairs.sort());
      assert.deepEqual(lines(runEvents(left, inputs).rows.output), [...pairs, ...alone].sort());
    }
  });
}

test('streams that come side by side join as they come; rows leave in order of time; checkpoints change nothing', () => {
  const policies = { lateArrivalMs: 10_000, outOfOrderMs: 0, earlyArrivalMs: 1e9, action: 'adjust' as const };
  const plan = planOf(
    'SELECT A.id AS l, B.id AS r, C.id AS m, System.Timestamp() AS ts FROM A TIMESTAMP BY t LEFT JOIN B TIMESTAMP BY t ON A.k = B.k AND DATEDIFF(second, A, B) BETWEEN -1 AND 3 JOIN A C TIMESTAMP BY t ON C.k = A.k AND DATEDIFF(second, A, C) BETWEEN 0 AND 4 AND DATEDIFF(second, B, C) > -3',
    { policies },
  );
  for (let seed = 1; seed <= 8; seed += 1) {
    const random = seeded(seed);
    const a = randomRows(random, 40, 0);
    const b = randomRows(random, 40, 1000);
    const whole = runEvents(plan, { A: events(a), B: events(b) }).rows.output ?? [];
    const times = whole.map((row) => Date.parse(String(row.ts)));
    assert.deepEqual(
      times,
      [...times].sort((x, y) => x - y),
    );
    assert.ok(whole.length > 10);
    let job = createJob(plan);
    const collected: Collected = { rows: {}, rejected: [] };
    for (let from = 0; from < 40; from += 4) {
      job.push(batchOf('A', events(a.slice(from, from + 4))));
      job.push(batchOf('B', events(b.slice(from, from + 4))));
      collect(job, collected);
      const checkpoint = job.checkpoint();
      job = createJob(plan);
      job.restore(checkpoint);
    }
    job.end();
    collect(job, collected);
    assert.deepEqual(lines(collected.rows.output), lines(whole));
    assert.deepEqual(
      (collected.rows.output ?? []).map((row) => row.ts),
      whole.map((row) => row.ts),
    );
  }
});

test('reference data joins by key, inner and left, and stays in the checkpoint', () => {
  const plan = planOf(
    "WITH R AS (SELECT code, title FROM Ref WHERE kind = 'x') SELECT I.id, R.title INTO inner_rows FROM I JOIN R ON I.code = R.code SELECT I.id, Ref.title INTO left_rows FROM I LEFT JOIN Ref ON I.code = Ref.code AND Ref.kind = 'x'",
    { inputs: { Ref: { kind: 'reference' } } },
  );
  const reference = [
    { body: { code: 1, title: 'one', kind: 'x' } },
    { body: { code: 1, title: 'uno', kind: 'x' } },
    { body: { code: 2, title: 'two', kind: 'y' } },
  ];
  const job = createJob(plan);
  job.push(batchOf('Ref', reference));
  const next = createJob(plan);
  next.restore(job.checkpoint());
  next.push(batchOf('I', [{ body: { id: 1, code: 1 } }, { body: { id: 2, code: 2 } }, { body: { id: 3 } }]));
  next.end();
  const collected: Collected = { rows: {}, rejected: [] };
  collect(next, collected);
  assert.deepEqual(collected.rows.inner_rows, [
    { id: 1, title: 'one' },
    { id: 1, title: 'uno' },
  ]);
  assert.deepEqual(collected.rows.left_rows, [
    { id: 1, title: 'one' },
    { id: 1, title: 'uno' },
    { id: 2, title: null },
    { id: 3, title: null },
  ]);
});
