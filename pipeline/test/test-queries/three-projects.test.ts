/** The tests of three projects, run as a person runs them: all pass, and of the seven queries nothing is left out. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CaseResult, TestSummary } from '@asaql/project';
import { runAsaql } from '../cli/asaql-process.ts';

const project = join(import.meta.dirname, '..', '..', '..', 'stream-analytics');

test('asaql test stream-analytics', async () => {
  const { code, output, errors } = await runAsaql(['test', project, '--json']);
  const { summary, results } = JSON.parse(output) as { summary: TestSummary; results: readonly CaseResult[] };
  const failed = results.filter(({ status }) => status !== 'passed');
  assert.equal(failed.length, 0, JSON.stringify(failed, null, 2));
  assert.equal(code, 0, errors);
  assert.equal(summary.coverage.length, 8);
  for (const { query, items } of summary.coverage) {
    assert.ok(items.length > 0, query);
    assert.deepEqual(
      items.filter(({ covered }) => !covered),
      [],
      query,
    );
  }
});

for (const name of ['toll-road', 'cold-chain-vs']) {
  test(`asaql test ${name}: a project as other people have it`, async () => {
    const folder = join(import.meta.dirname, '..', '..', '..', 'asa-project', 'test', 'corpus', name);
    const { code, output, errors } = await runAsaql(['test', folder, '--coverage']);
    assert.equal(code, 0, output + errors);
    assert.match(output, /100 % /);
  });
}
