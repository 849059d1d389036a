/** What the Functions app is given under `asaql up`: the app settings that it has in Azure too. */
import { fileURLToPath } from 'node:url';
import { connectionSettings } from '@asaql/runtime';
import type { Connections } from '../config/connections.ts';
import type { FunctionsProcessOptions } from '../functions-host/functions-process.ts';
import { functionsAppUrl } from './program-url.ts';

/** `isLocalHub`: nobody else reads the hub with the app's consumer groups, so that it need not wait for their leases. */
export function functionOptions(connections: Connections, isLocalHub: boolean): FunctionsProcessOptions {
  const { eventHubs, cosmos, storage } = connections;
  const settings: Record<string, string> = {};
  const { eventHubs: hubName, cosmos: cosmosName, dataLake } = connectionSettings;
  if ('connectionString' in eventHubs) settings[hubName] = eventHubs.connectionString;
  else settings[`${hubName}__fullyQualifiedNamespace`] = eventHubs.fullyQualifiedNamespace;
  if (cosmos.key === undefined) settings[`${cosmosName}__accountEndpoint`] = cosmos.endpoint;
  else settings[cosmosName] = `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`;
  if ('connectionString' in storage) {
    settings[dataLake] = storage.connectionString;
    settings.AzureWebJobsStorage = storage.connectionString;
  } else {
    settings[`${dataLake}__dfsServiceUri`] = storage.accountUrl;
    settings.AzureWebJobsStorage__blobServiceUri = storage.accountUrl.replace('.dfs.', '.blob.');
  }
  return {
    appEntry: fileURLToPath(functionsAppUrl()),
    settings,
    ownership: isLocalHub ? 'sole' : 'shared',
  };
}
