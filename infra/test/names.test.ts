/** One source of names: what is deployed is what the Functions app, the local services and the Stream Analytics project name. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectDatabases, projectFilesystems, projectHubs } from '@asaql/pipeline';
import { connectionSettings, consumerGroups, settingsFrom } from '@asaql/runtime';
import { environments } from '../src/compiled-files.ts';
import { lastPart, ofType, readSnapshot, valueAt } from '../src/resource.ts';

const root = dirname(dirname(import.meta.dirname));
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const system = readJson('infra/system.json');

test('hubs, containers and filesystems are those that stand ready on a laptop', () => {
  assert.deepEqual(
    system.eventHubs,
    projectHubs.map(({ name, partitions, retentionHours, consumerGroups: groups }) => ({
      name,
      partitions,
      retentionHours,
      consumerGroups: groups.filter((group) => group !== '$Default'),
    })),
  );
  assert.deepEqual(
    { database: system.cosmos.database, containers: system.cosmos.containers },
    {
      database: projectDatabases[0]?.id,
      containers: projectDatabases[0]?.containers.map(({ id, partitionKey, defaultTtl }) => ({
        name: id,
        partitionKey,
        ttlSeconds: defaultTtl,
      })),
    },
  );
  assert.deepEqual(system.lake.filesystems, projectFilesystems);
});

test('each reader has a consumer group that no other reader uses', () => {
  const input = readJson('stream-analytics/Inputs/eventhub-input.json').EventHubProperties;
  const readers = [input.ConsumerGroupName, consumerGroups.process, consumerGroups.archive];
  assert.equal(new Set(readers).size, readers.length);
  const hub = system.eventHubs.find(({ name }: { name: string }) => name === input.EventHubName);
  for (const reader of readers) assert.ok(hub.consumerGroups.includes(reader), reader);
});

for (const environment of environments) {
  const snapshot = readSnapshot(environment);

  test(`${environment}: the Functions app can read its settings, and signs in without a key`, () => {
    const [app] = ofType(snapshot, 'Microsoft.Web/sites');
    const pairs = valueAt(app?.properties, 'siteConfig.appSettings') as { name: string; value: string }[];
    const settings = settingsFrom(Object.fromEntries(pairs.map(({ name, value }) => [name, value])));
    for (const service of ['eventHubs', 'cosmos', 'dataLake'] as const) assert.equal(settings[service].kind, 'identity', service);
    for (const prefix of Object.values(connectionSettings)) {
      assert.ok(
        pairs.some(({ name }) => name === `${prefix}__clientId`),
        prefix,
      );
      assert.ok(
        pairs.some(({ name, value }) => name === `${prefix}__credential` && value === 'managedidentity'),
        prefix,
      );
    }
  });

  test(`${environment}: the job has every input and output of its project`, () => {
    for (const kind of ['Inputs', 'Outputs']) {
      const files = globSync(`stream-analytics/${kind}/*.json`, { cwd: root }).filter((file) => !file.includes('Local_'));
      assert.deepEqual(
        ofType(snapshot, `Microsoft.StreamAnalytics/streamingjobs/${kind}`)
          .map(({ name }) => lastPart(name))
          .sort(),
        files.map((file) => readJson(file).Name).sort(),
      );
    }
  });

  test(`${environment}: each container has its throughput, above development by autoscale`, () => {
    const containers = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers');
    for (const container of containers) {
      const options = valueAt(container.properties, 'options') as Record<string, unknown>;
      assert.deepEqual(Object.keys(options), [environment === 'dev' ? 'throughput' : 'autoscaleSettings'], container.name);
    }
  });
}
