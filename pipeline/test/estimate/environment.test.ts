/** Sizes of an environment, read and written where they stand. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readEnvironment, writeSizes } from '../../src/estimate/environment.ts';

const root = mkdtempSync(join(tmpdir(), 'asaql-environment-'));
after(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'infra/environments'), { recursive: true });
const text = `{
  "environment": "staging",
  "eventsPerSecond": 100,
  "eventHubs": { "throughputUnits": 1, "maximumThroughputUnits": 4 },
  "cosmos": { "throughput": { "aggregations": { "mode": "autoscale", "requestUnits": 1000 } } },
  "streamAnalytics": { "streamingUnits": 3 },
  "alertEmails": ["someone@example.com"]
}
`;
writeFileSync(join(root, 'infra/environments/staging.json'), text);

test('only sizes change in the file', () => {
  const environment = readEnvironment(root, 'staging');
  const path = writeSizes(root, environment, {
    eventsPerSecond: 1000,
    throughputUnits: 2,
    requestUnits: { aggregations: 16_000 },
    streamingUnits: 10,
  });
  const expected = text
    .replace('"eventsPerSecond": 100', '"eventsPerSecond": 1000')
    .replace('"maximumThroughputUnits": 4', '"maximumThroughputUnits": 2')
    .replace('"requestUnits": 1000', '"requestUnits": 16000')
    .replace('"streamingUnits": 3', '"streamingUnits": 10');
  assert.equal(readFileSync(path, 'utf8'), expected);
});

test('an environment that is not there, or cannot be read, is named', () => {
  assert.throws(
    () => readEnvironment(root, 'test'),
    /There is no environment 'test' in infra\/environments\. There are: staging\./,
  );
  writeFileSync(join(root, 'infra/environments/broken.json'), '{');
  assert.throws(() => readEnvironment(root, 'broken'), /broken\.json cannot be read: /);
});
