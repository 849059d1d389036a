/** The command line of `asaql generate`, the dry run, and files. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eventTypes, scenarioNames } from '@asaql/generator';
import { validateBody } from '@asaql/runtime';
import { UsageError } from '../../src/cli/usage-error.ts';
import { describeDryRun, dryRun } from '../../src/generate/dry-run.ts';
import { generateCommand } from '../../src/generate/generate-command.ts';
import { parseGenerateArguments, repeatableStartTimeMs } from '../../src/generate/parse-generate-arguments.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-generate-'));
after(() => rmSync(folder, { recursive: true }));

test('the options are read', () => {
  const line =
    '--eps 12.5 --users 70 --duration 3 --seed=-4 --scenario late --scenario premiere,malformed --stateless --out f --log-level debug';
  assert.deepEqual(parseGenerateArguments(line.split(' ')), {
    eventsPerSecond: 12.5,
    users: 70,
    durationSeconds: 3,
    seed: -4,
    scenarios: ['late', 'premiere', 'malformed'],
    stateless: true,
    out: 'f',
    dryRun: false,
    logLevel: 'debug',
    startTimeMs: repeatableStartTimeMs,
  });
  const none = parseGenerateArguments([]);
  assert.equal(none.startTimeMs, null);
  assert.equal(none.durationSeconds, null);
  assert.equal(parseGenerateArguments(['--seed', '1', '--start', 'now']).startTimeMs, null);
  assert.equal(parseGenerateArguments(['--start', '2025-03-01T00:00:00Z']).startTimeMs, Date.UTC(2025, 2, 1));
});

test('wrong usage is one line that says what would be right', () => {
  for (const [line, words] of [
    ['--eps x', '--eps takes a number above 0'],
    ['--eps 0', '--eps'],
    ['--eps=', '--eps'],
    ['--users 1.5', '--users takes a whole number from 1'],
    ['--users 0', '--users'],
    ['--duration -3', 'duration'],
    ['--seed abc', '--seed takes a whole number'],
    ['--scenario blizzard', scenarioNames.join(', ')],
    ['--log-level loud', 'error, warn, info, debug'],
    ['--start tomorrow', '--start takes "now" or a time'],
    ['--out a --dry-run', 'exclude each other'],
    ['--frob', '--frob'],
    ['stray', 'stray'],
  ] as const) {
    assert.throws(
      () => parseGenerateArguments(line.split(' ')),
      (error: Error) => error instanceof UsageError && error.message.includes(words) && !error.message.includes('\n'),
      line,
    );
  }
});

test('a dry run tells the mix, the speed and a sample of each kind', () => {
  const options = { seed: 1, users: 10_000, eventsPerSecond: 100, startTimeMs: repeatableStartTimeMs };
  const run = dryRun({ ...options, scenarios: ['malformed'] }, null);
  assert.equal(run.events, 60_000);
  for (const [type, share] of Object.entries({
    video_start: 37.5,
    video_pause: 15,
    video_stop: 16.7,
    video_complete: 20.8,
    buffer_event: 10,
  })) {
    assert.ok(Math.abs((run.mix[type] ?? 0) - share) < 1, `${type}: ${run.mix[type]} %`);
  }
  assert.deepEqual(
    run.samples.map((body) => (JSON.parse(body) as { event_type: string }).event_type),
    [...eventTypes],
  );
  const text = describeDryRun(run);
  assert.match(text, /sessions run \d+\.\d times as fast as the clock/);
  assert.match(text, /scenario malformed: 1\d{3} events/);
  assert.match(
    describeDryRun(dryRun({ ...options, stateless: true }, 5)),
    /500 events in 5 s.*every event|every event stands alone/s,
  );
});

test('a file has all events of its duration at once, the same for the same seed, each valid or refused as intended', async () => {
  const write = async (name: string) => {
    const path = join(folder, name);
    const arguments_ = parseGenerateArguments(
      '--eps 500 --users 900 --duration 60 --seed 3 --scenario malformed --scenario late'.split(' '),
    );
    const summary = await generateCommand({
      ...arguments_,
      eventsPerSecond: 500,
      users: 900,
      target: { kind: 'file', path },
      logLevel: 'error',
    });
    assert.equal(summary.sent, 30_000);
    assert.equal(summary.acknowledged, 30_000);
    assert.ok(summary.elapsedSeconds < 30, 'no waiting');
    return readFileSync(path);
  };
  const bytes = await write('one.ndjson');
  assert.ok(bytes.equals(await write('two.ndjson')));
  let start = 0;
  const kinds = { valid: 0, invalid: 0 };
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    kinds[validateBody(bytes.subarray(start, end)).kind]++;
    start = end + 1;
  }
  assert.equal(start, bytes.length);
  assert.equal(kinds.valid + kinds.invalid, 30_000);
  assert.ok(Math.abs(kinds.invalid / 30_000 - 0.02) < 0.003, `${kinds.invalid} refused`);
});
