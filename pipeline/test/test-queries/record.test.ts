/** A run, a sample and a dead letter become tests that pass. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DeadLetter } from '@asaql/runtime';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();
const at = (name: string) => join(folder.path, name);
folder.write('p/asaproj.json', '{ "name": "p", "startFile": "p.asaql" }');
folder.write('p/JobConfig.json', '{ "EventsLateArrivalMaxDelayInSeconds": 60, "ScriptType": "JobConfig" }');
folder.write('p/p.asaql', 'SELECT k, COUNT(*) AS n INTO out FROM i TIMESTAMP BY t GROUP BY k, TumblingWindow(second, 10)\n');

test('asaql run … --record: events with their arrival, the policies of the run', async () => {
  const events = folder.write(
    'seen.json',
    '{"t":"2026-01-15T12:00:01Z","k":"a","at":"2026-01-15T12:00:01Z"}\n{"t":"2026-01-15T12:00:02Z","k":"a","at":"2026-01-15T12:00:30Z"}\n',
  );
  const run = await runAsaql([
    'run',
    at('p'),
    '--input',
    `i=${events}`,
    '--arrival',
    'at',
    '--late',
    '5',
    '--record',
    'late-click',
    '--json',
  ]);
  assert.equal(run.code, 0, run.errors);
  const text = folder.read('p/tests/late-click.test.yaml');
  assert.match(text, /policies:\n {6}late: 5s\n/);
  assert.match(text, /\$arrives: 2026-01-15T12:00:30Z/);
  assert.match(text, /out:\n {10}- \{ k: a, n: 1 \}\n {10}- \{ k: a, n: 1 \}\n/);
  const again = await runAsaql(['run', at('p'), '--input', `i=${events}`, '--record', 'late-click', '--json']);
  assert.equal(again.code, 2);
  assert.match(again.errors, /has a case 'late-click' already/);
  assert.equal((await runAsaql(['test', at('p/tests/late-click.test.yaml')])).code, 0);
});

test('asaql add test --from: a dead letter of the pipeline, to its last sign', async () => {
  const enqueued = '2026-01-15T12:00:02.000Z';
  const letter: DeadLetter = {
    reasons: [],
    original: { encoding: 'utf8', body: '{"t":"2026-01-15T12:00:01Z","k":' },
    source: { event_hub: 'netflix-events', partition: '0', sequence_number: 7, offset: '1', enqueued_time: enqueued },
    attempts: 0,
    dead_lettered_at: enqueued,
    processing_version: '1',
  };
  const file = folder.write('letters.json', `${JSON.stringify(letter)}\n`);
  const added = await runAsaql(['add', 'test', 'broken', '--from', file, '--project', at('p')]);
  assert.equal(added.code, 0, added.errors);
  assert.match(added.output, /1 events, rows: out 0, 1 dropped/);
  const text = folder.read('p/tests/broken.test.yaml');
  assert.match(text, /\$raw: '\{"t":"2026-01-15T12:00:01Z","k":'\n\s+\$arrives: 2026-01-15T12:00:02Z/);
  assert.match(text, /dropped: 1/);
  assert.equal((await runAsaql(['test', at('p/tests/broken.test.yaml')])).code, 0);
});

test("asaql add test without a file: the first events of the project's own samples", async () => {
  const project = at('sampled');
  assert.equal((await runAsaql(['new', project])).code, 0);
  const added = await runAsaql(['add', 'test', 'clicks', '--project', project]);
  assert.equal(added.code, 0, added.errors);
  assert.match(added.output, /clicks\.test\.yaml: 5 events, rows: output 5, 0 dropped/);
  assert.equal((await runAsaql(['test', project])).code, 0);
});
