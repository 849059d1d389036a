/** Bicep and Terraform describe the same system: resources, names, sizes, partitions, throughput, alerts, roles, settings, query. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { environments, sampleSubscription } from '../src/compiled-files.ts';
import { bicepInventory } from '../src/inventory/bicep-inventory.ts';
import { terraformInventory } from '../src/inventory/terraform-inventory.ts';
import { readSnapshot } from '../src/resource.ts';
import { planOf, terraformFolder } from '../src/terraform/plan.ts';

const root = dirname(dirname(import.meta.dirname));
const variables = (environment: string) => ({
  subscription_id: sampleSubscription,
  environment,
  operator_principal_id: '',
  operator_principal_type: 'User',
});

for (const environment of environments) {
  test(`${environment} is the same by Bicep and by Terraform`, async () => {
    const plan = await planOf(variables(environment));
    assert.deepEqual(terraformInventory(plan), bicepInventory(readSnapshot(environment)));
  });
}

test('Terraform grants an operator the same roles', async () => {
  const plan = await planOf({ ...variables('dev'), operator_principal_id: 'operator' });
  assert.deepEqual(
    terraformInventory(plan)
      .map(({ name }) => name)
      .filter((name) => name.startsWith('operator is ')),
    [
      'operator is Azure Event Hubs Data Receiver on eventhubs/netflix-events',
      'operator is Azure Event Hubs Data Receiver on eventhubs/netflix-events-dlq',
      'operator is Azure Event Hubs Data Sender on eventhubs/netflix-events',
      'operator is Cosmos DB Built-in Data Reader on dbs/netflix-streaming',
      'operator is Key Vault Secrets User on vaults/kv-nflx-dev-000000',
      'operator is Storage Blob Data Reader on storageAccounts/stnflxlakedev000000',
    ],
  );
});

/** What is changed in one file of the configuration; each must make the two differ, or stop the plan. */
const changes: readonly (readonly [name: string, file: string, from: string, to: string])[] = [
  ['another TLS', 'lake.tf', 'TLS1_2', 'TLS1_0'],
  ['another partition count', 'event-hubs.tf', '= each.value.partitions', '= 2'],
  [
    'a role widened',
    'event-hubs.tf',
    'azurerm_eventhub.this["netflix-events"].id\n  role_definition_name = "Azure Event Hubs Data Receiver"',
    'azurerm_key_vault.this.id\n  role_definition_name = "Azure Event Hubs Data Receiver"',
  ],
  ['a throughput of its own', 'cosmos.tf', 'local.throughput[each.key].requestUnits : null', '1000 : null'],
  ['an output left out', 'stream-analytics.tf', '"DocumentDB" }', '"DocumentDB" && output.Name != "cosmos-trending" }'],
  ['a category left out', 'stream-analytics.tf', 'category = "Authoring"', 'category = "Execution"'],
  ['another threshold', 'alerts.tf', '= each.value.threshold\n\n    dynamic', '= 5\n\n    dynamic'],
  ['a setting of the app renamed', 'functions.tf', 'CosmosConnection__clientId ', 'CosmosConnection__client_id '],
  ['a reference to nothing', 'functions.tf', 'azurerm_service_plan.functions.id', 'azurerm_service_plan.missing.id'],
];

for (const [name, file, from, to] of changes) {
  test(`caught: ${name}`, async (t) => {
    const copy = mkdtempSync(join(tmpdir(), 'asaql-terraform-'));
    t.after(() => rmSync(copy, { recursive: true }));
    for (const part of ['infra/system.json', 'infra/environments', 'monitoring', 'stream-analytics', 'infra/terraform'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    const folder = join(copy, 'infra', 'terraform');
    const text = readFileSync(join(terraformFolder, file), 'utf8');
    writeFileSync(join(folder, file), text.replace(from, to));
    const expected = bicepInventory(readSnapshot('dev'));
    if (!text.includes(from)) assert.fail(`${file} has no ${from}`);
    await assert.rejects(async () => assert.deepEqual(terraformInventory(await planOf(variables('dev'), folder)), expected));
  });
}

test('a mistake of syntax is told with its place', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-terraform-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'main.tf'), 'resource "azurerm_resource_group" "this" {\n  name = \n}\n');
  await assert.rejects(planOf({}, folder), /main\.tf:2/);
});
