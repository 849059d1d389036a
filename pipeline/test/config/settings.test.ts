/** Settings: what wins, what service is Azure, and that each wrong one is named in one line. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadSettings } from '../../src/config/load-settings.ts';
import { SettingsError } from '../../src/config/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-settings-'));
after(() => rmSync(folder, { recursive: true }));

function load(yaml: string, dotEnv = '', environment: Record<string, string> = {}) {
  writeFileSync(join(folder, 'config.yaml'), yaml);
  writeFileSync(join(folder, '.env'), dotEnv);
  return loadSettings(folder, environment);
}

test('without any setting everything is local', () => {
  const settings = load('');
  assert.deepEqual([settings.eventHubs, settings.cosmos, settings.storage], [null, null, null]);
  assert.equal(settings.eventsPerSecond, 100);
});

test('the environment goes over .env, and .env over config.yaml', () => {
  const yaml = 'generator:\n  eventsPerSecond: 1\n  users: 2\ndashboard:\n  port: 3\n';
  const settings = load(yaml, 'GENERATOR_USERS="20" \n# note\nexport DASHBOARD_PORT=30\n', { DASHBOARD_PORT: '300' });
  assert.deepEqual([settings.eventsPerSecond, settings.users, settings.dashboardPort], [1, 20, 300]);
});

test('each service is Azure on its own', () => {
  const eventHubs = 'Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b=';
  assert.deepEqual(load('', `EVENTHUB_CONNECTION_STRING=${eventHubs}`).eventHubs, { connectionString: eventHubs });
  assert.deepEqual(load('eventHubs:\n  fullyQualifiedNamespace: n.servicebus.windows.net').eventHubs, {
    fullyQualifiedNamespace: 'n.servicebus.windows.net',
  });
  assert.deepEqual(
    load('', 'COSMOS_CONNECTION_STRING=AccountEndpoint=https://a.documents.azure.com:443/;AccountKey=k==;').cosmos,
    {
      endpoint: 'https://a.documents.azure.com:443/',
      key: 'k==',
    },
  );
  assert.deepEqual(load('', 'STORAGE_ACCOUNT_URL=https://a.dfs.core.windows.net').storage, {
    accountUrl: 'https://a.dfs.core.windows.net',
  });
});

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['generator:\n  eventsPerSecond: fast', '', /config\.yaml: generator\.eventsPerSecond is "fast": write a whole number/],
  ['generator:\n  evenstPerSecond: 5', '', /config\.yaml: generator\.evenstPerSecond is no setting\. Known: /],
  ['generator: [1]', '', /config\.yaml: generator holds a list/],
  ['generator: {', '', /config\.yaml: .*line 1/],
  ['', 'JUST_A_NAME', /\.env, line 1: "JUST_A_NAME" is no setting: write NAME=value/],
  ['', 'DASHBOARD_PORT=99999', /\.env: DASHBOARD_PORT is "99999": write a whole number from 0 to 65535/],
  ['', 'EVENTHUB_CONNECTION_STRING=Endpoint=sb://x', /EVENTHUB_CONNECTION_STRING has no SharedAccessKeyName/],
  ['', 'EVENTHUB_NAMESPACE=https://x', /EVENTHUB_NAMESPACE is "https:\/\/x": write the host name/],
  ['', 'EVENTHUB_NAMESPACE=Endpoint=sb://x/;SharedAccessKey=s', /EVENTHUB_NAMESPACE is a connection string: write the host name/],
  [
    '',
    'EVENTHUB_CONECTION_STRING=Endpoint=sb://x',
    /\.env: EVENTHUB_CONECTION_STRING is no setting\. Known: .*EVENTHUB_CONNECTION_STRING/,
  ],
  ['', 'COSMOS_CONNECTION_STRING=AccountKey=k', /COSMOS_CONNECTION_STRING needs AccountEndpoint/],
  ['', 'COSMOS_ENDPOINT=cosmos', /COSMOS_ENDPOINT is "cosmos": write a URL/],
  ['', 'COSMOS_ENDPOINT=AccountEndpoint=https://a;AccountKey=secret', /COSMOS_ENDPOINT is a connection string: write a URL/],
  ['', 'STORAGE_CONNECTION_STRING=AccountName=a', /STORAGE_CONNECTION_STRING has no AccountKey/],
];
for (const [yaml, dotEnv, message] of wrong) {
  test(`names what is wrong with ${JSON.stringify(yaml || dotEnv)}`, () => {
    assert.throws(
      () => load(yaml, dotEnv),
      (error: Error) => error instanceof SettingsError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}
