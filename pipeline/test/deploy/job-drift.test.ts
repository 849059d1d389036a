/** What is told of a deployed job that is other than the project. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobDrift, localProperties } from '../../src/deploy/job-drift.ts';

const output = (container: string) => ({
  name: 'rows',
  properties: {
    datasource: {
      type: 'Microsoft.Storage/DocumentDB',
      properties: {
        accountId: "[parameters('rows_account')]",
        accountKey: "[parameters('rows_key')]",
        database: 'd',
        collectionNamePattern: container,
      },
    },
  },
});
const template = JSON.stringify({
  parameters: {
    rows_account: { type: 'string' },
    rows_key: { type: 'securestring' },
    open: { type: 'string', defaultValue: '' },
  },
  resources: [
    {
      properties: {
        compatibilityLevel: '1.2',
        eventsLateArrivalMaxDelayInSeconds: 60,
        dataLocale: "[parameters('open')]",
        outputs: [output('aggregations')],
        transformation: { name: 'Transformation', properties: { streamingUnits: 3, query: 'SELECT' } },
      },
    },
  ],
});
const parameters = JSON.stringify({ parameters: { rows_account: { value: 'cosmos-dev' } } });
const local = localProperties(template, parameters);

/** As the service answers: what is set, defaults, etags, its own case of keys, no keys of accounts. */
function deployed(changes: Record<string, unknown> = {}, container = 'aggregations') {
  return {
    jobState: 'Running',
    compatibilityLevel: '1.2',
    eventsLateArrivalMaxDelayInSeconds: 60,
    dataLocale: 'en-US',
    outputs: [
      {
        name: 'Rows',
        properties: {
          etag: '"1"',
          datasource: {
            type: 'Microsoft.Storage/DocumentDB',
            properties: { accountId: 'cosmos-dev', database: 'd', CollectionNamePattern: container, documentId: null },
          },
        },
      },
    ],
    transformation: { name: 'Transformation', properties: { streamingUnits: 3, query: 'SELECT other', etag: '"2"' } },
    ...changes,
  } as never;
}

test('values of parameters are put in, secrets and what has no value are left out', () => {
  const properties = JSON.stringify(local);
  assert.ok(properties.includes('"accountId":"cosmos-dev"'));
  assert.ok(!properties.includes('accountKey') && !properties.includes('dataLocale') && !properties.includes('parameters('));
});

test('the same job has no drift, whatever its query', () => assert.deepEqual(jobDrift(local, deployed()), []));

test('policies, levels, units and targets are told with both sides', () => {
  const other = deployed({ eventsLateArrivalMaxDelayInSeconds: 5, compatibilityLevel: '1.0' }, 'other');
  assert.deepEqual(jobDrift(local, other), [
    { path: 'compatibilityLevel', local: '1.2', deployed: '1.0', isPart: false },
    { path: 'eventsLateArrivalMaxDelayInSeconds', local: 60, deployed: 5, isPart: false },
    { path: 'outputs.rows.datasource.properties.collectionNamePattern', local: 'aggregations', deployed: 'other', isPart: false },
  ]);
});

test('an output that is missing, and one that is only deployed', () => {
  const outputs = [{ name: 'extra', properties: {} }];
  assert.deepEqual(jobDrift(local, deployed({ outputs })), [
    { path: 'outputs.rows', local: 'rows', deployed: null, isPart: true },
    { path: 'outputs.extra', local: null, deployed: 'extra', isPart: true },
  ]);
});
