/** Our own rules over what each environment would become; and that each rule sees what it is there for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bicepFolder, environments } from '../src/compiled-files.ts';
import { readSnapshot, type Snapshot } from '../src/resource.ts';
import { checkSnapshot } from '../src/rules/all-rules.ts';
import { secretsIn, secretsInOutputs } from '../src/rules/no-secrets.ts';
import { type Draft, edit, removed, removedById, renamed, set } from './support/mutations.ts';

const readJson = (name: string) => JSON.parse(readFileSync(join(bicepFolder, name), 'utf8'));

for (const environment of environments) {
  test(`${environment} keeps every rule`, () => {
    assert.deepEqual(checkSnapshot(readSnapshot(environment)), []);
  });

  test(`the parameters of ${environment} hold no secret`, () => {
    assert.deepEqual(secretsIn(readJson(`${environment}.parameters.json`), environment), []);
  });
}

test('no output of the template or of a module is or fetches a key', () => {
  assert.deepEqual(secretsInOutputs(readJson('main.json'), 'main'), []);
});

const listKeys = "[listKeys('/subscriptions/x/namespaces/y', '2024-01-01').primaryConnectionString]";
const dlqSender = /eventhubs\/netflix-events-dlq\/providers\/Microsoft.Authorization\/roleAssignments\/f8d0d915/;

/** What is done to a sound environment, and the rule that must object. */
const mutations: readonly (readonly [name: string, rule: string, change: (draft: Draft) => void])[] = [
  ['TLS off on the lake', 'transport', set('storageAccounts', 'stnflxlake', 'minimumTlsVersion', undefined)],
  ['old TLS on the hubs', 'transport', set('namespaces', 'evhns', 'minimumTlsVersion', '1.0')],
  ['http to the app', 'transport', set('sites', 'func-', 'httpsOnly', false)],
  ['a public filesystem', 'public-access', set('containers', '/default/raw', 'publicAccess', 'Blob')],
  ['keys of the lake', 'local-auth', set('storageAccounts', 'stnflxlake', 'allowSharedKeyAccess', true)],
  ['keys of the hubs', 'local-auth', set('namespaces', 'evhns', 'disableLocalAuth', false)],
  ['passwords of the app', 'local-auth', removed('basicPublishingCredentialsPolicies', '/scm')],
  ['keys of Cosmos DB that nobody needs', 'local-auth', removed('outputs', '/cosmos-')],
  [
    'a role widened to the namespace',
    'least-privilege',
    edit(dlqSender, (id) => id.replace('/eventhubs/netflix-events-dlq', '')),
  ],
  [
    'a stronger role',
    'least-privilege',
    set(
      'roleAssignments',
      '',
      'roleDefinitionId',
      '/providers/Microsoft.Authorization/roleDefinitions/f526a384-b230-433a-b45c-95f59c4a2dec',
    ),
  ],
  ['a role that is missing', 'least-privilege', removed('sqlRoleAssignments', 'cosmos-')],
  [
    'a role for somebody else',
    'least-privilege',
    set('roleAssignments', '', 'principalId', '11111111-1111-1111-1111-111111111111'),
  ],
  [
    'a resource without a diagnostic setting',
    'diagnostic-settings',
    removedById(/streamingjobs\/[^/]+\/providers\/Microsoft.Insights\//),
  ],
  [
    'a diagnostic setting on the wrong scope',
    'diagnostic-settings',
    edit(/lake\w+\/blobServices\/default\/providers\/Microsoft.Insights\//, (id) => id.replace('/blobServices/default', '')),
  ],
  ['no category enabled', 'diagnostic-settings', set('diagnosticSettings', '/serverfarms/', 'metrics', [])],
  [
    'a kind of resource nobody thought of',
    'diagnostic-settings',
    renamed('vaults', 'type', 'Microsoft.KeyVault/vaults', 'Microsoft.Cache/redis'),
  ],
  ['an output removed', 'stream-analytics', removed('outputs', '/cosmos-trending')],
  ['an output that no query names', 'stream-analytics', renamed('outputs', 'name', '/cosmos-trending', '/cosmos-trends')],
  ['the input removed', 'stream-analytics', removed('inputs', '/eventhub-input')],
  ['another query', 'stream-analytics', set('transformations', '', 'query', 'SELECT * INTO [cosmos-geo] FROM [eventhub-input]')],
  ['no query', 'stream-analytics', set('transformations', '', 'query', '')],
  ['a size that is none', 'stream-analytics', set('transformations', '', 'streamingUnits', 6)],
  ['no compatibility level', 'stream-analytics', set('streamingjobs', '', 'compatibilityLevel', undefined)],
  [
    'an output by key',
    'stream-analytics',
    set('outputs', '/cosmos-geo', 'datasource.properties.authenticationMode', 'ConnectionString'),
  ],
  [
    'no field for the document’s id',
    'stream-analytics',
    set('outputs', '/cosmos-geo', 'datasource.properties.documentId', undefined),
  ],
  ['bytes written in no format', 'stream-analytics', set('outputs', '/datalake-raw', 'serialization', undefined)],
  [
    'a container partitioned by another field',
    'stream-analytics',
    set('containers', '/aggregations', 'resource.partitionKey.paths', ['/window_end']),
  ],
  ['a consumer group that is not there', 'stream-analytics', removed('consumergroups', '/netflix-events/stream-analytics')],
  ['a filesystem that is not there', 'stream-analytics', removed('containers', '/default/raw')],
  [
    'a key in a setting of the app',
    'no-secrets',
    set('sites', 'func-', 'siteConfig.appSettings.0.value', 'AccountName=a;AccountKey=b'),
  ],
  ['a key fetched into a setting', 'no-secrets', set('sites', 'func-', 'siteConfig.appSettings.0.value', listKeys)],
  ['a key on an output of the job', 'no-secrets', set('outputs', '/cosmos-geo', 'datasource.properties.accountKey', 'x')],
  ['an alert that tells nobody', 'alerts', set('metricAlerts', 'job-', 'actions', [])],
  ['an alert on a metric that is none', 'alerts', set('metricAlerts', 'job-', 'criteria.allOf.0.metricName', 'Backlog')],
  ['an alert on what is not there', 'alerts', set('metricAlerts', 'job-', 'scopes', ['/subscriptions/x'])],
  ['an alert removed', 'alerts', removed('metricAlerts', 'cosmos-throttled')],
  ['a name that Azure refuses', 'names', renamed('vaults', 'name', 'kv-nflx', 'kv-netflix-streaming-platform')],
];

for (const [name, rule, change] of mutations) {
  test(`caught: ${name}`, () => {
    const draft = structuredClone(readSnapshot('dev')) as unknown as Draft;
    change(draft);
    const found = checkSnapshot(draft as unknown as Snapshot).map((finding) => finding.rule);
    assert.ok(found.includes(rule), `${rule} must object; objected: ${found.join(', ') || 'nobody'}`);
  });
}

test('caught: a key in an output', () => {
  const snapshot = readSnapshot('dev');
  const draft = { ...snapshot, outputs: { ...snapshot.outputs, connection: listKeys } };
  assert.deepEqual(
    checkSnapshot(draft).map(({ rule }) => rule),
    ['no-secrets'],
  );
});

test('caught: a key in an output of a module', () => {
  const draft = readJson('main.json');
  draft.resources.lake.properties.template.outputs.key = { type: 'string', value: listKeys };
  assert.equal(secretsInOutputs(draft, 'main').length, 1);
});
