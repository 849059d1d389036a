/** `asaql estimate` over the shipped project and environments, at a rate that takes a moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAsaql } from '../cli/asaql-process.ts';

test('an estimate in words and as JSON', async () => {
  const options = ['estimate', '--eps', '5', '--users', '100', '--minutes', '1'];
  const [words, json, prod] = await Promise.all([
    runAsaql(options),
    runAsaql([...options, '--json']),
    runAsaql([...options, '--json', '--environment', 'prod']),
  ]);
  assert.equal(words.code, 0, words.errors);
  assert.match(
    words.output,
    /^5 events\/s of \d+ bytes, measured over 1 simulated minutes after 10 \(3,300 events\), against the sizes of dev\./,
  );
  assert.match(words.output, /cosmos-engagement +aggregations/);
  assert.match(words.output, /A month at the sizes that it needs, without what is unknown: [\d,]+ USD\./);
  const told = JSON.parse(json.output);
  assert.equal(told.load.processed.writesPerSecond, 5);
  assert.ok(
    told.needs.containers.some((need: { container: string; has: number }) => need.container === 'aggregations' && need.has > 0),
  );
  assert.notEqual(told.environment.environment, JSON.parse(prod.output).environment.environment);
});

test('what is missing or wrong is one line', async () => {
  const [missing, unknown] = await Promise.all([
    runAsaql(['estimate']),
    runAsaql(['estimate', '--eps', '5', '--environment', 'moon']),
  ]);
  assert.deepEqual([missing.code, unknown.code], [2, 2]);
  assert.match(missing.errors, /^asaql estimate: --eps is missing/);
  assert.match(unknown.errors, /There is no environment 'moon' in infra\/environments\. There are: dev, prod, staging\./);
});
