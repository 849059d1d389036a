/** Each resource that has logs or metrics of its own sends them to the workspace; a kind not listed here must be thought about first. */
import { ofType, scopeOf, valueAt } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

const observed = new Set([
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.EventHub/namespaces',
  'Microsoft.KeyVault/vaults',
  'Microsoft.OperationalInsights/workspaces',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Storage/storageAccounts/blobServices',
  'Microsoft.StreamAnalytics/streamingjobs',
  'Microsoft.Web/serverfarms',
  'Microsoft.Web/sites',
]);

/** Kinds without a diagnostic setting, and why. */
const unobserved: Readonly<Record<string, string>> = {
  'Microsoft.Resources/resourceGroups': 'a folder',
  'Microsoft.ManagedIdentity/userAssignedIdentities': 'has none',
  'Microsoft.Insights/components': 'its data are in the workspace already',
  'Microsoft.Insights/actionGroups': 'has none',
  'Microsoft.Insights/metricAlerts': 'has none',
  'Microsoft.Insights/scheduledQueryRules': 'has none',
  'Microsoft.Insights/diagnosticSettings': 'is one',
  'Microsoft.Authorization/roleAssignments': 'in the activity log of the subscription',
};

export const diagnosticSettings: Rule = (snapshot): Finding[] => {
  const rule = 'diagnostic-settings';
  const workspaces = new Set(ofType(snapshot, 'Microsoft.OperationalInsights/workspaces').map(({ id }) => id));
  const settings = new Map(
    ofType(snapshot, 'Microsoft.Insights/diagnosticSettings').map((setting) => [scopeOf(setting), setting]),
  );
  const topLevel = snapshot.predictedResources.filter(({ type }) => type.split('/').length === 2 || observed.has(type));
  return topLevel.flatMap((resource): Finding[] => {
    const where = `${resource.type} ${resource.name}`;
    if (!observed.has(resource.type)) {
      if (resource.type in unobserved) return [];
      return [{ rule, where, problem: 'Not known whether this kind has logs: add it to this rule.' }];
    }
    const setting = settings.get(resource.id);
    if (setting === undefined) return [{ rule, where, problem: 'Its logs and metrics go nowhere.' }];
    if (!workspaces.has(`${valueAt(setting.properties, 'workspaceId')}`))
      return [{ rule, where, problem: 'Its logs go to no workspace of this environment.' }];
    const enabled = ['logs', 'metrics'].flatMap(
      (kind) => (valueAt(setting.properties, kind) as { enabled?: boolean }[] | undefined) ?? [],
    );
    return enabled.some((category) => category.enabled === true) ? [] : [{ rule, where, problem: 'No category is enabled.' }];
  });
};
