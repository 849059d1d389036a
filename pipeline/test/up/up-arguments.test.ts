/** The options of asaql up: what they are without being said, and one line for each that is wrong. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/cli/usage-error.ts';
import { settingsFrom } from '../../src/config/settings.ts';
import { parseUpArguments } from '../../src/up/up-arguments.ts';

const parse = (...argv: string[]) => parseUpArguments(argv, settingsFrom([]));

test('without options the settings hold', () => {
  assert.deepEqual(parse(), {
    eventsPerSecond: 100,
    users: 10_000,
    durationSeconds: null,
    seed: 1,
    scenarios: [],
    dashboardPort: 8600,
    dataDir: '.asaql',
  });
});

test('options are taken', () => {
  const options = parse(
    '--eps',
    '1000',
    '--duration',
    '60',
    '--seed',
    '7',
    '--scenario',
    'late',
    '--scenario',
    'malformed',
    '--port',
    '0',
    '--data',
    'd',
  );
  assert.equal(options.eventsPerSecond, 1000);
  assert.equal(options.durationSeconds, 60);
  assert.deepEqual(options.scenarios, ['late', 'malformed']);
  assert.deepEqual([options.seed, options.dashboardPort, options.dataDir], [7, 0, resolve('d')]);
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [['--eps', 'fast'], /--eps fast is not possible: write a number/],
  [['--eps', '0'], /--eps 0 is not possible/],
  [['--port', '70000'], /--port 70000 is not possible: write a number from 0 to 65535/],
  [['--seed', '1.5'], /--seed 1\.5 is not possible: write a whole number/],
  [['--scenario', 'rain'], /--scenario rain is not known: write one of .*late/],
  [['--speed', '3'], /Unknown option '--speed'.*Usage: asaql up/],
  [['now'], /Usage: asaql up/],
];
for (const [argv, message] of wrong) {
  test(`says what is wrong with ${argv.join(' ')}`, () => {
    assert.throws(
      () => parse(...argv),
      (error: Error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}
