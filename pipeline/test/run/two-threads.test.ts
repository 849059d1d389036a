/** A run on two threads gives what a run on one gives: rows, their order, rejected events, failures. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createGenerator } from '@asaql/generator';
import { runInProcessFully } from './run-in-process.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'asaql-two-threads-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const query = `WITH Playback AS (
    SELECT TRY_CAST(user_id AS nvarchar(max)) AS user_id, content_id, event_type, duration_seconds
    FROM [events] TIMESTAMP BY [timestamp] WHERE event_type IS NOT NULL
  )
  SELECT content_id, System.Timestamp() AS at, COUNT(DISTINCT user_id) AS users, AVG(duration_seconds) AS seconds
  INTO titles FROM Playback GROUP BY content_id, TumblingWindow(second, 10)
  SELECT user_id, COUNT(*) AS events, COUNT(DISTINCT content_id) AS titles
  INTO viewers FROM Playback GROUP BY user_id, SlidingWindow(second, 5)
  SELECT user_id, content_id, event_type INTO starts FROM Playback WHERE event_type = 'video_start'`;

function events(count: number, scenarios: readonly ('out-of-order' | 'malformed')[]): string {
  const generator = createGenerator({ seed: 3, users: 300, eventsPerSecond: 100, startTimeMs: Date.UTC(2026, 0, 15), scenarios });
  return Array.from({ length: count }, () => `${Buffer.from(generator.next().body).toString('latin1')}\n`).join('');
}

async function assertSame(argv: readonly string[]): Promise<void> {
  const one = await runInProcessFully(argv, 1);
  const two = await runInProcessFully(argv, 2);
  assert.equal(two.document, one.document);
  assert.deepEqual(two.rejected, one.rejected);
  assert.deepEqual(two.statistics, one.statistics);
}

test('rows, their order and statistics are the same', async () => {
  await assertSame([file('q.asaql', query), '--input', `events=${file('e.ndjson', events(8000, []))}`, '--json']);
});

test('also where the run begins anew, and events are rejected', async () => {
  const disordered = `${events(5000, ['out-of-order', 'malformed'])}${events(10, [])}`;
  await assertSame([file('q.asaql', query), '--input', `events=${file('d.ndjson', disordered)}`, '--json']);
});

test('a query over whole events, which cannot be cut, runs on one', async () => {
  const all = file('all.asaql', 'SELECT * INTO out FROM [events]');
  await assertSame([all, '--input', `events=${file('w.ndjson', events(50, []))}`, '--json']);
});

test('failures of either half are those of one thread', async () => {
  const input = ['--input', `events=${file('f.ndjson', '{"t":"2026-01-15T12:00:00Z","v":"x"}\n')}`, '--json'];
  const texts = [
    'SELECT CAST(v AS bigint) AS v INTO out FROM [events] TIMESTAMP BY t',
    'SELECT SUM(v) AS v INTO out FROM [events] TIMESTAMP BY t GROUP BY TumblingWindow(second, 1)',
  ];
  for (const [index, text] of texts.entries()) {
    const argv = [file(`f${index}.asaql`, text), ...input];
    const failure = await runInProcessFully(argv, 1).then(
      () => null,
      (error: Error) => error,
    );
    assert.notEqual(failure, null);
    await assert.rejects(runInProcessFully(argv, 2), { name: failure?.name ?? '', message: failure?.message ?? '' });
  }
});
