/** The facts of what an environment would become by Terraform. A type that is not in the table is an error: parity would not see it. */
import { valueAt } from '../resource.ts';
import { Reference } from '../terraform/expression.ts';
import type { Plan, PlannedResource } from '../terraform/plan.ts';
import { byName, comparableSettings, type Fact, sortedFacts } from './fact.ts';

type Read = (path: string) => unknown;
type Describe = (at: Read, lookUp: LookUp) => Omit<Fact, 'name' | 'kind'> & { name?: string };
/** The resource that a reference such as `azurerm_eventhub.this["x"].id` leads to. */
type LookUp = (reference: unknown) => PlannedResource;

const grants = new Set(['azurerm_role_assignment', 'azurerm_cosmosdb_sql_role_assignment']);

const kinds: Readonly<Record<string, readonly [kind: string, describe: Describe]>> = {
  azurerm_resource_group: ['resource group', (at) => ({ location: at('location') })],
  azurerm_user_assigned_identity: ['identity', () => ({})],
  azurerm_log_analytics_workspace: [
    'workspace',
    (at) => ({
      sku: at('sku'),
      retentionDays: at('retention_in_days'),
      dailyCapGb: at('daily_quota_gb'),
      localAuth: at('local_authentication_enabled'),
    }),
  ],
  azurerm_log_analytics_saved_search: [
    'saved query',
    (at) => ({ title: at('display_name'), category: at('category'), query: at('query') }),
  ],
  azurerm_application_insights: [
    'application insights',
    (at, lookUp) => ({ workspace: nameOf(lookUp(at('workspace_id'))), localAuth: at('local_authentication_disabled') !== true }),
  ],
  azurerm_monitor_action_group: [
    'action group',
    (at) => ({ shortName: at('short_name'), emails: blocks(at('email_receiver')).map((receiver) => receiver.email_address) }),
  ],
  azurerm_monitor_diagnostic_setting: ['diagnostic setting', diagnosticSetting],
  azurerm_key_vault: [
    'key vault',
    (at) => ({
      rbac: at('rbac_authorization_enabled'),
      purgeProtection: at('purge_protection_enabled'),
      softDeleteDays: at('soft_delete_retention_days'),
    }),
  ],
  azurerm_eventhub_namespace: [
    'hub namespace',
    (at) => ({
      sku: at('sku'),
      throughputUnits: at('capacity'),
      maximumThroughputUnits: at('maximum_throughput_units'),
      grows: at('auto_inflate_enabled'),
      tls: at('minimum_tls_version'),
      localAuth: at('local_authentication_enabled'),
    }),
  ],
  azurerm_eventhub: [
    'hub',
    (at, lookUp) => ({
      name: `${nameOf(lookUp(at('namespace_id')))}/${at('name')}`,
      partitions: at('partition_count'),
      retentionHours: at('retention_description.0.retention_time_in_hours'),
    }),
  ],
  azurerm_eventhub_consumer_group: [
    'consumer group',
    (at) => ({ name: `${at('namespace_name')}/${at('eventhub_name')}/${at('name')}` }),
  ],
  azurerm_eventhub_authorization_rule: [
    'access rule',
    (at) => ({
      name: `${at('namespace_name')}/${at('eventhub_name')}/${at('name')}`,
      rights: (['Send', 'Listen', 'Manage'] as const).filter((right) => at(right.toLowerCase()) === true),
    }),
  ],
  azurerm_cosmosdb_account: [
    'cosmos account',
    (at) => ({
      tls: at('minimal_tls_version'),
      localAuth: at('local_authentication_disabled') !== true,
      keysChangeContainers: at('access_key_metadata_writes_enabled'),
      consistency: at('consistency_policy.0.consistency_level'),
      regions: blocks(at('geo_location')).map((region) => [region.location, region.zone_redundant]),
      backup: at('backup.0.tier'),
    }),
  ],
  azurerm_cosmosdb_sql_database: ['cosmos database', (at) => ({ name: `${at('account_name')}/${at('name')}` })],
  azurerm_cosmosdb_sql_container: [
    'cosmos container',
    (at) => ({
      name: `${at('account_name')}/${at('database_name')}/${at('name')}`,
      partitionKey: at('partition_key_paths'),
      partitionKeyVersion: at('partition_key_version'),
      ttlSeconds: at('default_ttl'),
      requestUnits: at('throughput') ?? null,
      requestUnitsUpTo: at('autoscale_settings.0.max_throughput') ?? null,
    }),
  ],
  azurerm_storage_account: ['storage account', storageAccount],
  azurerm_storage_container: [
    'storage container',
    (at, lookUp) => ({
      name: `${nameOf(lookUp(at('storage_account_id')))}/${at('name')}`,
      anonymous: at('container_access_type') !== 'private',
    }),
  ],
  azurerm_storage_management_policy: [
    'storage ageing',
    (at, lookUp) => ({
      name: nameOf(lookUp(at('storage_account_id'))),
      rules: byName(
        blocks(at('rule')).map((rule) => ({
          name: rule.name,
          prefixes: valueAt(rule, 'filters.0.prefix_match'),
          coolAfterDays: valueAt(rule, 'actions.0.base_blob.0.tier_to_cool_after_days_since_modification_greater_than'),
          deleteAfterDays: valueAt(rule, 'actions.0.base_blob.0.delete_after_days_since_modification_greater_than'),
        })),
      ),
    }),
  ],
  azurerm_service_plan: ['function plan', (at) => ({ sku: at('sku_name') })],
  azurerm_function_app_flex_consumption: ['function app', functionApp],
  azurerm_stream_analytics_job: ['job', job],
  azurerm_stream_analytics_stream_input_eventhub_v2: ['job input', hubInput],
  azurerm_stream_analytics_output_cosmosdb: ['job output', documentOutput],
  azurerm_stream_analytics_output_blob: ['job output', fileOutput],
  azurerm_monitor_metric_alert: ['metric alert', metricAlert],
  azurerm_monitor_scheduled_query_rules_alert_v2: ['query alert', queryAlert],
};

export function terraformInventory(plan: Plan): Fact[] {
  const byAddress = new Map(plan.resources.map((resource) => [resource.address, resource]));
  const lookUp: LookUp = (reference) => {
    const address = `${reference}`.replace(/^\$\{|\}.*$/gs, '').replace(/\.\w+$/, '');
    const found = byAddress.get(address);
    if (found === undefined) throw new Error(`${reference} leads nowhere.`);
    return found;
  };
  const facts: Fact[] = [];
  for (const resource of plan.resources) {
    const at: Read = (path) => valueAt(resource.values, path);
    if (grants.has(resource.type)) {
      facts.push({ kind: 'grant', name: grant(resource, at, lookUp) });
      continue;
    }
    const known = kinds[resource.type];
    if (known === undefined) throw new Error(`${resource.type} is not compared with Bicep: add it to terraform-inventory.ts.`);
    facts.push({ kind: known[0], name: nameOf(resource), ...known[1](at, lookUp) });
  }
  return sortedFacts(facts);
}

const nameOf = (resource: PlannedResource): string => `${resource.values.name}`;
const blocks = (value: unknown): Record<string, unknown>[] => (value as Record<string, unknown>[] | undefined) ?? [];

/** What an id that is put together from a reference leads to, in the words of `placeOf`. */
function placeOf(id: unknown, lookUp: LookUp): string {
  const within = /\}\/(.+)$/s.exec(`${id}`)?.[1];
  if (within === 'blobServices/default') return `${nameOf(lookUp(id))} blobs`;
  return within ?? nameOf(lookUp(id));
}

/** What ARM calls the kind of a resource in an id. */
const armTypes: Readonly<Record<string, string>> = {
  azurerm_application_insights: 'components',
  azurerm_cosmosdb_account: 'databaseAccounts',
  azurerm_eventhub: 'eventhubs',
  azurerm_key_vault: 'vaults',
  azurerm_storage_account: 'storageAccounts',
  azurerm_storage_container: 'containers',
};

const cosmosRoles: Readonly<Record<string, string>> = {
  '1': 'Cosmos DB Built-in Data Reader',
  '2': 'Cosmos DB Built-in Data Contributor',
};

function grant(resource: PlannedResource, at: Read, lookUp: LookUp): string {
  const identity = at('principal_id') instanceof Reference ? nameOf(lookUp(at('principal_id'))) : `${at('principal_id')}`;
  const who = /^id-netflix-(functions|job)-/.exec(identity)?.[1] ?? identity;
  const role = at('role_definition_name') ?? cosmosRoles[`${at('role_definition_id')}`.slice(-1)];
  const within = /\}\/.*?([^/]+\/[^/]+)$/s.exec(`${at('scope')}`)?.[1];
  const target = lookUp(at('scope'));
  if (armTypes[target.type] === undefined) throw new Error(`${resource.address} grants on ${target.type}: add it to armTypes.`);
  return `${who} is ${role} on ${within ?? `${armTypes[target.type]}/${nameOf(target)}`}`;
}

function diagnosticSetting(at: Read, lookUp: LookUp) {
  const categories = (name: string) => blocks(at(name)).map((block) => block.category);
  return {
    name: placeOf(at('target_resource_id'), lookUp),
    workspace: nameOf(lookUp(at('log_analytics_workspace_id'))),
    logs: categories('enabled_log'),
    metrics: categories('enabled_metric'),
    ownTables: at('log_analytics_destination_type') === 'Dedicated',
  };
}

function storageAccount(at: Read) {
  return {
    sku: `${at('account_tier')}_${at('account_replication_type')}`,
    hierarchical: at('is_hns_enabled') === true,
    tls: at('min_tls_version'),
    httpsOnly: at('https_traffic_only_enabled'),
    anonymous: at('allow_nested_items_to_be_public'),
    keys: at('shared_access_key_enabled'),
    otherTenants: at('cross_tenant_replication_enabled'),
    identityByDefault: at('default_to_oauth_authentication'),
    deletedFilesDays: at('blob_properties.0.delete_retention_policy.0.days') ?? null,
    deletedContainersDays: at('blob_properties.0.container_delete_retention_policy.0.days') ?? null,
  };
}

const identities = (at: Read, lookUp: LookUp) => (at('identity.0.identity_ids') as unknown[]).map((id) => nameOf(lookUp(id)));

function functionApp(at: Read, lookUp: LookUp) {
  const settings = at('app_settings') as Record<string, unknown>;
  return {
    plan: nameOf(lookUp(at('service_plan_id'))),
    identities: identities(at, lookUp),
    runtime: [at('runtime_name'), at('runtime_version')],
    memoryMB: at('instance_memory_in_mb'),
    instances: at('maximum_instance_count'),
    packageSignIn: at('storage_authentication_type'),
    httpsOnly: at('https_only'),
    tls: [at('site_config.0.minimum_tls_version'), at('site_config.0.scm_minimum_tls_version')],
    passwords: at('webdeploy_publish_basic_authentication_enabled'),
    // azurerm makes this setting of its own argument.
    settings: comparableSettings({
      ...settings,
      APPLICATIONINSIGHTS_CONNECTION_STRING: at('site_config.0.application_insights_connection_string'),
    }),
  };
}

function job(at: Read, lookUp: LookUp) {
  return {
    sku: at('sku_name'),
    streamingUnits: at('streaming_units'),
    query: at('transformation_query'),
    identities: identities(at, lookUp),
    compatibilityLevel: at('compatibility_level'),
    dataLocale: at('data_locale'),
    lateArrivalSeconds: at('events_late_arrival_max_delay_in_seconds'),
    outOfOrderSeconds: at('events_out_of_order_max_delay_in_seconds'),
    outOfOrderPolicy: at('events_out_of_order_policy'),
    outputErrorPolicy: at('output_error_policy'),
    contentStoragePolicy: at('content_storage_policy'),
  };
}

const format = (at: Read) => ['type', 'encoding', 'format'].map((name) => at(`serialization.0.${name}`) ?? null);

function hubInput(at: Read, lookUp: LookUp) {
  return {
    name: `${nameOf(lookUp(at('stream_analytics_job_id')))}/${at('name')}`,
    type: 'Microsoft.EventHub/EventHub',
    place: [at('servicebus_namespace'), null],
    within: at('eventhub_name'),
    consumerGroup: at('eventhub_consumer_group_name'),
    documentId: null,
    partitionKey: null,
    path: [null, null, null],
    signIn: at('authentication_mode'),
    format: format(at),
  };
}

function documentOutput(at: Read, lookUp: LookUp) {
  const database = lookUp(at('cosmosdb_sql_database_id'));
  return {
    name: `${nameOf(lookUp(at('stream_analytics_job_id')))}/${at('name')}`,
    type: 'Microsoft.Storage/DocumentDB',
    place: [database.values.account_name, nameOf(database)],
    within: at('container_name'),
    consumerGroup: null,
    documentId: at('document_id'),
    partitionKey: at('partition_key'),
    path: [null, null, null],
    signIn: at('authentication_mode'),
    format: format(at),
  };
}

function fileOutput(at: Read) {
  return {
    name: `${at('stream_analytics_job_name')}/${at('name')}`,
    type: 'Microsoft.Storage/Blob',
    place: [at('storage_account_name'), null],
    within: at('storage_container_name'),
    consumerGroup: null,
    documentId: null,
    partitionKey: null,
    path: [at('path_pattern'), at('date_format'), at('time_format')],
    signIn: at('authentication_mode'),
    format: format(at),
  };
}

function metricAlert(at: Read, lookUp: LookUp) {
  const criterion = (name: string) => at(`criteria.0.${name}`);
  return {
    description: at('description'),
    severity: at('severity'),
    target: nameOf(lookUp(at('scopes.0'))),
    frequency: at('frequency'),
    window: at('window_size'),
    metric: [criterion('metric_namespace'), criterion('metric_name')],
    condition: [criterion('aggregation'), criterion('operator'), criterion('threshold')],
    dimensions: blocks(criterion('dimension')).map(({ name, values }) => [name, values]),
    tells: nameOf(lookUp(at('action.0.action_group_id'))),
  };
}

function queryAlert(at: Read, lookUp: LookUp) {
  const criterion = (name: string) => at(`criteria.0.${name}`);
  return {
    description: at('description'),
    severity: at('severity'),
    target: nameOf(lookUp(at('scopes.0'))),
    frequency: at('evaluation_frequency'),
    window: at('window_duration'),
    query: criterion('query'),
    condition: [criterion('time_aggregation_method'), criterion('operator'), criterion('threshold')],
    tells: nameOf(lookUp(at('action.0.action_groups.0'))),
  };
}
