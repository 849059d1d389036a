/** Every resource of our configuration keeps to what the azurerm provider takes; and mistakes are seen. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environments, sampleSubscription } from '../src/compiled-files.ts';
import { type PlannedResource, planOf, terraformFolder } from '../src/terraform/plan.ts';
import { type ProviderSchema, schemaProblems } from '../src/terraform/schema.ts';

const schema = JSON.parse(readFileSync(join(terraformFolder, 'azurerm.schema.json'), 'utf8')) as ProviderSchema;

for (const environment of environments) {
  test(`${environment} keeps to the schema of ${schema.provider}`, async () => {
    const variables = { subscription_id: sampleSubscription, environment, operator_principal_type: 'User' };
    const { resources, outputs } = await planOf({ ...variables, operator_principal_id: 'operator' });
    assert.deepEqual(
      resources.flatMap((resource) => schemaProblems(resource, schema)),
      [],
    );
    for (const [name, value] of Object.entries(outputs))
      assert.doesNotMatch(`${name} ${value}`, /key|connection_string|secret|sas/i);
  });
}

test('the configuration asks for the version that the schema is of, or a newer one', () => {
  const text = readFileSync(join(terraformFolder, 'versions.tf'), 'utf8');
  assert.ok(text.includes(`>= ${schema.provider.split('/')[1]}, < 5.0.0`));
});

const job = {
  name: 'x',
  stream_analytics_job_id: 'x',
  cosmosdb_account_key: 'x',
  cosmosdb_sql_database_id: 'x',
  container_name: 'x',
};
const hub = { name: 'x', namespace_id: 'x', partition_count: 4 };

const mistakes: readonly (readonly [name: string, resource: PlannedResource, expected: RegExp])[] = [
  ['a misspelt argument', planned('azurerm_eventhub', { ...hub, partitions: 2 }), /no argument partitions/],
  ['a missing argument', planned('azurerm_eventhub', { name: 'x' }), /partition_count is missing/],
  ['another type', planned('azurerm_eventhub', { ...hub, partition_count: 'four' }), /must be a number/],
  [
    'a missing key',
    planned('azurerm_stream_analytics_output_cosmosdb', { ...job, cosmosdb_account_key: null }),
    /key is missing/,
  ],
  ['an unknown resource', planned('azurerm_eventhubs', hub), /no such resource/],
  [
    'a misspelt argument in a block',
    planned('azurerm_eventhub', { ...hub, retention_description: [{ cleanup: 'Delete' }] }),
    /no argument cleanup/,
  ],
  ['a missing block', planned('azurerm_monitor_scheduled_query_rules_alert_v2', { criteria: [] }), /criteria is missing/],
];

for (const [name, resource, expected] of mistakes) {
  test(`caught: ${name}`, () => {
    assert.match(schemaProblems(resource, schema).join('\n'), expected);
  });
}

function planned(type: string, values: Record<string, unknown>): PlannedResource {
  return { address: `${type}.x`, type, values };
}
