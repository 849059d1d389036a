/**
 * Settings that a resource of a kind must have, one line each: encryption on the way, no anonymous reader, no key where every
 * client can sign in with an identity.
 */
import { type Resource, type Snapshot, valueAt } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

interface Requirement {
  readonly rule: 'transport' | 'public-access' | 'local-auth';
  readonly type: string;
  readonly path: string;
  readonly value: string | boolean;
}

const requirements: readonly Requirement[] = [
  { rule: 'transport', type: 'Microsoft.Storage/storageAccounts', path: 'minimumTlsVersion', value: 'TLS1_2' },
  { rule: 'transport', type: 'Microsoft.Storage/storageAccounts', path: 'supportsHttpsTrafficOnly', value: true },
  { rule: 'transport', type: 'Microsoft.EventHub/namespaces', path: 'minimumTlsVersion', value: '1.2' },
  { rule: 'transport', type: 'Microsoft.DocumentDB/databaseAccounts', path: 'minimalTlsVersion', value: 'Tls12' },
  { rule: 'transport', type: 'Microsoft.Web/sites', path: 'httpsOnly', value: true },
  { rule: 'transport', type: 'Microsoft.Web/sites', path: 'siteConfig.minTlsVersion', value: '1.2' },
  { rule: 'transport', type: 'Microsoft.Web/sites', path: 'siteConfig.scmMinTlsVersion', value: '1.2' },
  { rule: 'transport', type: 'Microsoft.Web/sites', path: 'siteConfig.ftpsState', value: 'Disabled' },
  { rule: 'public-access', type: 'Microsoft.Storage/storageAccounts', path: 'allowBlobPublicAccess', value: false },
  { rule: 'public-access', type: 'Microsoft.Storage/storageAccounts', path: 'allowCrossTenantReplication', value: false },
  {
    rule: 'public-access',
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    path: 'publicAccess',
    value: 'None',
  },
  { rule: 'local-auth', type: 'Microsoft.Storage/storageAccounts', path: 'allowSharedKeyAccess', value: false },
  { rule: 'local-auth', type: 'Microsoft.EventHub/namespaces', path: 'disableLocalAuth', value: true },
  { rule: 'local-auth', type: 'Microsoft.Insights/components', path: 'DisableLocalAuth', value: true },
  { rule: 'local-auth', type: 'Microsoft.OperationalInsights/workspaces', path: 'features.disableLocalAuth', value: true },
  { rule: 'local-auth', type: 'Microsoft.KeyVault/vaults', path: 'enableRbacAuthorization', value: true },
  { rule: 'local-auth', type: 'Microsoft.Web/sites/basicPublishingCredentialsPolicies', path: 'allow', value: false },
  // Its keys may not change containers; see below for why there are keys at all.
  { rule: 'local-auth', type: 'Microsoft.DocumentDB/databaseAccounts', path: 'disableKeyBasedMetadataWriteAccess', value: true },
];

export const requiredValues: Rule = (snapshot) => [
  ...snapshot.predictedResources.flatMap((resource) =>
    requirements
      .filter((requirement) => requirement.type === resource.type)
      .flatMap((requirement) => violation(requirement, resource)),
  ),
  ...passwordsOfSites(snapshot),
  ...cosmosKeys(snapshot),
];

function violation({ rule, path, value }: Requirement, resource: Resource): Finding[] {
  const found = valueAt(resource.properties, path);
  if (found === value) return [];
  const problem = `${path} is ${JSON.stringify(found)}; it must be ${JSON.stringify(value)}.`;
  return [{ rule, where: `${resource.type} ${resource.name}`, problem }];
}

/** Both policies must be there: where one is missing, its passwords work. */
function passwordsOfSites(snapshot: Snapshot): Finding[] {
  const policies = snapshot.predictedResources.filter(
    ({ type }) => type === 'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
  );
  return snapshot.predictedResources
    .filter(({ type }) => type === 'Microsoft.Web/sites')
    .flatMap((site) =>
      ['ftp', 'scm']
        .filter((name) => !policies.some((policy) => policy.name === `${site.name}/${name}`))
        .map((name) => ({
          rule: 'local-auth',
          where: `${site.type} ${site.name}`,
          problem: `Passwords for ${name} are not switched off.`,
        })),
    );
}

/**
 * Keys of Cosmos DB may be on only for a Stream Analytics output: it signs in with the job's identity to fetch the account's key.
 * https://learn.microsoft.com/azure/stream-analytics/cosmos-db-managed-identity
 */
function cosmosKeys(snapshot: Snapshot): Finding[] {
  const accounts = snapshot.predictedResources.filter(({ type }) => type === 'Microsoft.DocumentDB/databaseAccounts');
  const fed = new Set(
    snapshot.predictedResources
      .filter(({ properties }) => valueAt(properties, 'datasource.type') === 'Microsoft.Storage/DocumentDB')
      .map(({ properties }) => valueAt(properties, 'datasource.properties.accountId')),
  );
  return accounts
    .filter((account) => valueAt(account.properties, 'disableLocalAuth') !== true && !fed.has(account.name))
    .map((account) => ({
      rule: 'local-auth',
      where: `${account.type} ${account.name}`,
      problem: 'Keys are on, and no Stream Analytics output needs them.',
    }));
}
