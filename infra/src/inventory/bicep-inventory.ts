/** The facts of what an environment would become by Bicep. A type that is not in the table is an error: parity would not see it. */
import { lastPart, ofType, type Resource, type Snapshot, scopeOf, textAt, valueAt } from '../resource.ts';
import { grantsOf } from '../rules/least-privilege.ts';
import { byName, comparableSettings, type Fact, sortedFacts } from './fact.ts';

type Describe = (
  resource: Resource,
  at: (path: string) => unknown,
  snapshot: Snapshot,
) => Omit<Fact, 'name' | 'kind'> & { name?: string };

/** Parts of another resource in Terraform's eyes. */
const folded = new Set([
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.StreamAnalytics/streamingjobs/transformations',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
  // Compared as grants, below.
  'Microsoft.Authorization/roleAssignments',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments',
]);

const kinds: Readonly<Record<string, readonly [kind: string, describe: Describe]>> = {
  'Microsoft.Resources/resourceGroups': ['resource group', ({ location }) => ({ location })],
  'Microsoft.ManagedIdentity/userAssignedIdentities': ['identity', () => ({})],
  'Microsoft.OperationalInsights/workspaces': [
    'workspace',
    (_, at) => ({
      sku: at('sku.name'),
      retentionDays: at('retentionInDays'),
      dailyCapGb: at('workspaceCapping.dailyQuotaGb'),
      localAuth: at('features.disableLocalAuth') === false,
    }),
  ],
  'Microsoft.OperationalInsights/workspaces/savedSearches': [
    'saved query',
    ({ name }, at) => ({ name: lastPart(name), title: at('displayName'), category: at('category'), query: at('query') }),
  ],
  'Microsoft.Insights/components': [
    'application insights',
    (_, at) => ({ workspace: lastPart(`${at('WorkspaceResourceId')}`), localAuth: at('DisableLocalAuth') === false }),
  ],
  'Microsoft.Insights/actionGroups': [
    'action group',
    (_, at) => ({
      shortName: at('groupShortName'),
      emails: (at('emailReceivers') as { emailAddress: string }[]).map(({ emailAddress }) => emailAddress),
    }),
  ],
  'Microsoft.Insights/diagnosticSettings': [
    'diagnostic setting',
    (resource, at) => ({
      name: placeOf(scopeOf(resource)),
      workspace: lastPart(`${at('workspaceId')}`),
      logs: categories(at('logs')),
      metrics: categories(at('metrics')),
      ownTables: at('logAnalyticsDestinationType') === 'Dedicated',
    }),
  ],
  'Microsoft.KeyVault/vaults': [
    'key vault',
    (_, at) => ({
      rbac: at('enableRbacAuthorization'),
      purgeProtection: at('enablePurgeProtection') === true,
      softDeleteDays: at('softDeleteRetentionInDays'),
    }),
  ],
  'Microsoft.EventHub/namespaces': [
    'hub namespace',
    (resource, at) => ({
      sku: valueAt(resource, 'sku.name'),
      throughputUnits: valueAt(resource, 'sku.capacity'),
      maximumThroughputUnits: at('maximumThroughputUnits'),
      grows: at('isAutoInflateEnabled'),
      tls: at('minimumTlsVersion'),
      localAuth: at('disableLocalAuth') === false,
    }),
  ],
  'Microsoft.EventHub/namespaces/eventhubs': [
    'hub',
    (_, at) => ({ partitions: at('partitionCount'), retentionHours: at('retentionDescription.retentionTimeInHours') }),
  ],
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': ['consumer group', () => ({})],
  'Microsoft.EventHub/namespaces/eventhubs/authorizationRules': ['access rule', (_, at) => ({ rights: at('rights') })],
  'Microsoft.DocumentDB/databaseAccounts': [
    'cosmos account',
    (_, at) => ({
      tls: at('minimalTlsVersion'),
      localAuth: at('disableLocalAuth') === false,
      keysChangeContainers: at('disableKeyBasedMetadataWriteAccess') === false,
      consistency: at('consistencyPolicy.defaultConsistencyLevel'),
      regions: (at('locations') as { locationName: string; isZoneRedundant: boolean }[]).map(
        ({ locationName, isZoneRedundant }) => [locationName, isZoneRedundant],
      ),
      backup: at('backupPolicy.continuousModeProperties.tier'),
    }),
  ],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': ['cosmos database', () => ({})],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': [
    'cosmos container',
    (_, at) => ({
      partitionKey: at('resource.partitionKey.paths'),
      partitionKeyVersion: at('resource.partitionKey.version'),
      ttlSeconds: at('resource.defaultTtl'),
      requestUnits: at('options.throughput') ?? null,
      requestUnitsUpTo: at('options.autoscaleSettings.maxThroughput') ?? null,
    }),
  ],
  'Microsoft.Storage/storageAccounts': ['storage account', storageAccount],
  'Microsoft.Storage/storageAccounts/blobServices/containers': [
    'storage container',
    ({ name }, at) => ({ name: name.replace('/default/', '/'), anonymous: at('publicAccess') !== 'None' }),
  ],
  'Microsoft.Storage/storageAccounts/managementPolicies': [
    'storage ageing',
    ({ name }, at) => ({
      name: name.replace('/default', ''),
      rules: byName(
        (at('policy.rules') as unknown[]).map((rule) => ({
          name: valueAt(rule, 'name'),
          prefixes: valueAt(rule, 'definition.filters.prefixMatch'),
          coolAfterDays: valueAt(rule, 'definition.actions.baseBlob.tierToCool.daysAfterModificationGreaterThan'),
          deleteAfterDays: valueAt(rule, 'definition.actions.baseBlob.delete.daysAfterModificationGreaterThan'),
        })),
      ),
    }),
  ],
  'Microsoft.Web/serverfarms': ['function plan', (resource) => ({ sku: valueAt(resource, 'sku.name') })],
  'Microsoft.Web/sites': ['function app', functionApp],
  'Microsoft.StreamAnalytics/streamingjobs': ['job', job],
  'Microsoft.StreamAnalytics/streamingjobs/inputs': ['job input', endpoint],
  'Microsoft.StreamAnalytics/streamingjobs/outputs': ['job output', endpoint],
  'Microsoft.Insights/metricAlerts': ['metric alert', metricAlert],
  'Microsoft.Insights/scheduledQueryRules': ['query alert', queryAlert],
};

export function bicepInventory(snapshot: Snapshot): Fact[] {
  const facts: Fact[] = [];
  for (const resource of snapshot.predictedResources) {
    if (folded.has(resource.type)) continue;
    const known = kinds[resource.type];
    if (known === undefined) throw new Error(`${resource.type} is not compared with Terraform: add it to bicep-inventory.ts.`);
    const [kind, describe] = known;
    facts.push({ kind, name: resource.name, ...describe(resource, (path) => valueAt(resource.properties, path), snapshot) });
  }
  const grants = grantsOf(snapshot).map(([identity, role, on]) => ({ kind: 'grant', name: `${identity} is ${role} on ${on}` }));
  return sortedFacts([...facts, ...grants]);
}

/** `type/name` of the last part of an id; the one blob service of an account after the account. */
export function placeOf(id: string): string {
  const [type, name] = id.split('/').slice(-2);
  return type === 'blobServices' ? `${id.split('/').at(-3)} blobs` : `${name}`;
}

function categories(list: unknown): string[] {
  return ((list as { category: string; enabled: boolean }[] | undefined) ?? [])
    .filter(({ enabled }) => enabled)
    .map(({ category }) => category);
}

function storageAccount(resource: Resource, at: (path: string) => unknown, snapshot: Snapshot) {
  const service = ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices').find(
    ({ name }) => name === `${resource.name}/default`,
  );
  return {
    sku: valueAt(resource, 'sku.name'),
    hierarchical: at('isHnsEnabled') === true,
    tls: at('minimumTlsVersion'),
    httpsOnly: at('supportsHttpsTrafficOnly'),
    anonymous: at('allowBlobPublicAccess'),
    keys: at('allowSharedKeyAccess'),
    otherTenants: at('allowCrossTenantReplication'),
    identityByDefault: at('defaultToOAuthAuthentication'),
    deletedFilesDays: valueAt(service?.properties, 'deleteRetentionPolicy.days') ?? null,
    deletedContainersDays: valueAt(service?.properties, 'containerDeleteRetentionPolicy.days') ?? null,
  };
}

function functionApp(resource: Resource, at: (path: string) => unknown, snapshot: Snapshot) {
  const settings = at('siteConfig.appSettings') as { name: string; value: string }[];
  const password = ofType(snapshot, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies').find(
    ({ name }) => name === `${resource.name}/scm`,
  );
  return {
    plan: lastPart(`${at('serverFarmId')}`),
    identities: Object.keys(valueAt(resource, 'identity.userAssignedIdentities') as object).map(lastPart),
    runtime: [at('functionAppConfig.runtime.name'), at('functionAppConfig.runtime.version')],
    memoryMB: at('functionAppConfig.scaleAndConcurrency.instanceMemoryMB'),
    instances: at('functionAppConfig.scaleAndConcurrency.maximumInstanceCount'),
    packageSignIn: at('functionAppConfig.deployment.storage.authentication.type'),
    httpsOnly: at('httpsOnly'),
    tls: [at('siteConfig.minTlsVersion'), at('siteConfig.scmMinTlsVersion')],
    passwords: valueAt(password?.properties, 'allow'),
    settings: comparableSettings(Object.fromEntries(settings.map(({ name, value }) => [name, value]))),
  };
}

function job(resource: Resource, at: (path: string) => unknown, snapshot: Snapshot) {
  const [transformation] = ofType(snapshot, 'Microsoft.StreamAnalytics/streamingjobs/transformations');
  return {
    sku: at('sku.name'),
    streamingUnits: valueAt(transformation?.properties, 'streamingUnits'),
    query: valueAt(transformation?.properties, 'query'),
    identities: Object.keys(valueAt(resource, 'identity.userAssignedIdentities') as object).map(lastPart),
    compatibilityLevel: at('compatibilityLevel'),
    dataLocale: at('dataLocale'),
    lateArrivalSeconds: at('eventsLateArrivalMaxDelayInSeconds'),
    outOfOrderSeconds: at('eventsOutOfOrderMaxDelayInSeconds'),
    outOfOrderPolicy: at('eventsOutOfOrderPolicy'),
    outputErrorPolicy: at('outputErrorPolicy'),
    contentStoragePolicy: at('contentStoragePolicy'),
  };
}

function endpoint(_resource: Resource, at: (path: string) => unknown) {
  const source = (name: string) => at(`datasource.properties.${name}`) ?? null;
  return {
    type: at('datasource.type'),
    place: [source('serviceBusNamespace') ?? source('accountId') ?? source('storageAccounts.0.accountName'), source('database')],
    within: source('eventHubName') ?? source('collectionNamePattern') ?? source('container'),
    consumerGroup: source('consumerGroupName'),
    documentId: source('documentId'),
    partitionKey: source('partitionKey'),
    path: [source('pathPattern'), source('dateFormat'), source('timeFormat')],
    signIn: source('authenticationMode'),
    format: [
      at('serialization.type') ?? null,
      at('serialization.properties.encoding') ?? null,
      at('serialization.properties.format') ?? null,
    ],
  };
}

function metricAlert(resource: Resource, at: (path: string) => unknown) {
  const criterion = (name: string) => at(`criteria.allOf.0.${name}`);
  return {
    description: at('description'),
    severity: at('severity'),
    target: lastPart(textAt(resource.properties, 'scopes.0')),
    frequency: at('evaluationFrequency'),
    window: at('windowSize'),
    metric: [criterion('metricNamespace'), criterion('metricName')],
    condition: [criterion('timeAggregation'), criterion('operator'), criterion('threshold')],
    dimensions: (criterion('dimensions') as { name: string; values: string[] }[]).map(({ name, values }) => [name, values]),
    tells: lastPart(textAt(resource.properties, 'actions.0.actionGroupId')),
  };
}

function queryAlert(resource: Resource, at: (path: string) => unknown) {
  const criterion = (name: string) => at(`criteria.allOf.0.${name}`);
  return {
    description: at('description'),
    severity: at('severity'),
    target: lastPart(textAt(resource.properties, 'scopes.0')),
    frequency: at('evaluationFrequency'),
    window: at('windowSize'),
    query: criterion('query'),
    condition: [criterion('timeAggregation'), criterion('operator'), criterion('threshold')],
    tells: lastPart(textAt(resource.properties, 'actions.actionGroups.0')),
  };
}
