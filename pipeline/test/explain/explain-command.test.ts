/** `asaql explain` says what a query does, keeps and gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation } from '../../src/explain/explain-command.ts';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();

async function explained(query: string, ...options: string[]): Promise<Explanation> {
  const { code, output, errors } = await runAsaql(['explain', folder.write('query.asaql', query), '--json', ...options]);
  assert.equal(code, 0, errors);
  return JSON.parse(output);
}

const query = `WITH Good AS (SELECT k, v, PartitionId FROM i TIMESTAMP BY t WHERE v > 0)
SELECT k, COUNT(*) AS n INTO o FROM Good GROUP BY k, HoppingWindow(minute, 5, 1) HAVING COUNT(*) > 2
SELECT udf.f(v) AS v INTO p FROM Good JOIN r ON Good.k = r.k`;

test('steps and outputs with what they read, how many rows they give, whether they run in parallel', async () => {
  const { steps } = await explained(query);
  assert.deepEqual(
    steps.map(({ name, kind, reads, rate, parallel }) => ({ name, kind, reads, rate, parallel })),
    [
      { name: 'Good', kind: 'step', reads: ['i'], rate: 'at most a row for each event of i', parallel: true },
      {
        name: 'o',
        kind: 'output',
        reads: ['Good'],
        rate: 'at most a row for each group every 1 min, over 5 min',
        parallel: false,
      },
      { name: 'p', kind: 'output', reads: ['Good', 'r'], rate: 'a row for each pair that matches', parallel: true },
    ],
  );
});

test('operators, each after those it reads, and what they keep', async () => {
  const { operators } = await explained(query);
  assert.ok(operators.every(({ id, reads }) => reads.every((read) => read < id)));
  assert.ok(operators.some(({ operator, does }) => operator === 'source' && does.includes("reference data 'r'")));
  assert.ok(operators.some(({ operator, keeps }) => operator === 'aggregate' && keeps !== null));
});

test('a key of the partitions in GROUP BY keeps them apart', async () => {
  const grouped = (keys: string) => `SELECT COUNT(*) AS n INTO o FROM i PARTITION BY u GROUP BY ${keys}TumblingWindow(second, 5)`;
  assert.equal((await explained(grouped('i.u, '))).steps[0]?.parallel, true);
  assert.match((await explained(grouped(''))).steps[0]?.why ?? '', /one group for all partitions/);
});

test('in words', async () => {
  const { output } = await runAsaql(['explain', folder.write('query.asaql', query)]);
  for (const part of ['Steps\n  Good\n', 'Outputs\n  o\n', 'Operators\n', 'keeps ']) assert.ok(output.includes(part), part);
});

test('a query with errors: exit code 1; wrong usage: 2', async () => {
  const { code, errors } = await runAsaql(['explain', folder.write('wrong.asaql', 'SELECT FROM i')]);
  assert.equal(code, 1);
  assert.match(errors, /wrong\.asaql:1:\d+ error ASA/);
  assert.equal((await runAsaql(['explain'])).code, 2);
  assert.equal((await runAsaql(['explain', 'x', '--compat', '2'])).code, 2);
});
