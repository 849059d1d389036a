/** The tests of the seven queries and of the archive, run as a person runs them: all pass, and nothing of a query is left out. */
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
