/** Names that Azure would refuse, and hubs that two readers would share. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
import type { Finding, Rule } from './finding.ts';

const allowed: Readonly<Record<string, RegExp>> = {
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.KeyVault/vaults': /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  'Microsoft.EventHub/namespaces': /^[a-zA-Z][a-zA-Z0-9-]{4,48}[a-zA-Z0-9]$/,
  'Microsoft.DocumentDB/databaseAccounts': /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/,
  'Microsoft.Web/sites': /^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$/,
  'Microsoft.StreamAnalytics/streamingjobs': /^[a-zA-Z0-9_-]{3,63}$/,
  'Microsoft.OperationalInsights/workspaces': /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
};

export const names: Rule = (snapshot): Finding[] => {
  const ids = snapshot.predictedResources.map(({ id }) => id.toLowerCase());
  return [
    ...snapshot.predictedResources
      .filter(({ type, name }) => allowed[type] !== undefined && !allowed[type].test(name))
      .map(({ type, name }) => ({ rule: 'names', where: `${type} ${name}`, problem: 'Azure refuses this name.' })),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => ({ rule: 'names', where: id, problem: 'Two resources have this id.' })),
  ];
};
