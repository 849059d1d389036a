/**
 * The pipeline's settings: what `config.yaml`, `.env` and the environment say, over the defaults. Every wrong setting is
 * named in one line with the place it stands in. Reads no file itself (see load-settings.ts).
 */
import type { CosmosConnection, EventHubsConnection, StorageConnection } from './connections.ts';
import { connectionStringParts } from './connections.ts';

export interface Settings {
  /** Null: the emulator. */
  readonly eventHubs: EventHubsConnection | null;
  readonly cosmos: CosmosConnection | null;
  readonly storage: StorageConnection | null;
  readonly eventsPerSecond: number;
  readonly users: number;
  readonly dashboardPort: number;
  readonly dataDir: string;
  readonly projectDir: string;
  readonly azure: AzureSettings;
}

/** The management plane, for what is deployed. Null: not said. */
export interface AzureSettings {
  readonly cloud: string;
  /** Another management API than the cloud's own, such as a private one. */
  readonly resourceManager: string | null;
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  readonly jobName: string | null;
  /** Where the Functions app takes its package, `{app}` for its name, when it is not the cloud's own place. */
  readonly publishUrl: string | null;
  /** How often what takes long is asked for, ms. */
  readonly pollMs: number | null;
}

/** A setting that cannot be used: `message` is one line that says which, where and what to write. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Kind = 'text' | 'count' | 'port';
interface Key {
  readonly path: string;
  readonly variable: string;
  readonly kind: Kind;
  readonly fallback: string | number | null;
}

/** Each setting: its place in config.yaml, its environment variable, its kind and its default. */
const keys = {
  eventHubsConnectionString: {
    path: 'eventHubs.connectionString',
    variable: 'EVENTHUB_CONNECTION_STRING',
    kind: 'text',
    fallback: null,
  },
  eventHubsNamespace: { path: 'eventHubs.fullyQualifiedNamespace', variable: 'EVENTHUB_NAMESPACE', kind: 'text', fallback: null },
  cosmosConnectionString: { path: 'cosmos.connectionString', variable: 'COSMOS_CONNECTION_STRING', kind: 'text', fallback: null },
  cosmosEndpoint: { path: 'cosmos.endpoint', variable: 'COSMOS_ENDPOINT', kind: 'text', fallback: null },
  storageConnectionString: {
    path: 'storage.connectionString',
    variable: 'STORAGE_CONNECTION_STRING',
    kind: 'text',
    fallback: null,
  },
  storageAccountUrl: { path: 'storage.accountUrl', variable: 'STORAGE_ACCOUNT_URL', kind: 'text', fallback: null },
  eventsPerSecond: { path: 'generator.eventsPerSecond', variable: 'GENERATOR_EPS', kind: 'count', fallback: 100 },
  users: { path: 'generator.users', variable: 'GENERATOR_USERS', kind: 'count', fallback: 10000 },
  dashboardPort: { path: 'dashboard.port', variable: 'DASHBOARD_PORT', kind: 'port', fallback: 8600 },
  dataDir: { path: 'dataDir', variable: 'ASAQL_DATA_DIR', kind: 'text', fallback: '.asaql' },
  projectDir: { path: 'projectDir', variable: 'ASAQL_PROJECT_DIR', kind: 'text', fallback: 'stream-analytics' },
  azureCloud: { path: 'azure.cloud', variable: 'AZURE_CLOUD', kind: 'text', fallback: 'public' },
  azureResourceManager: { path: 'azure.resourceManager', variable: 'AZURE_RESOURCE_MANAGER', kind: 'text', fallback: null },
  azureSubscriptionId: { path: 'azure.subscriptionId', variable: 'AZURE_SUBSCRIPTION_ID', kind: 'text', fallback: null },
  azureResourceGroup: { path: 'azure.resourceGroup', variable: 'AZURE_RESOURCE_GROUP', kind: 'text', fallback: null },
  azureJob: { path: 'azure.job', variable: 'AZURE_STREAM_ANALYTICS_JOB', kind: 'text', fallback: null },
  azurePublishUrl: { path: 'azure.publishUrl', variable: 'AZURE_PUBLISH_URL', kind: 'text', fallback: null },
  azurePollMs: { path: 'azure.pollMs', variable: 'AZURE_POLL_MS', kind: 'count', fallback: null },
} as const satisfies Record<string, Key>;
type KeyName = keyof typeof keys;

/** One source of settings: its name for messages, and its values by path or by variable. */
export interface SettingsSource {
  readonly name: string;
  readonly values: ReadonlyMap<string, string | number>;
}

/** The settings of several sources; a later one wins. Throws a SettingsError. */
export function settingsFrom(sources: readonly SettingsSource[]): Settings {
  const known = new Set<string>(Object.values(keys).map((key) => key.path));
  const variables = new Set<string>(Object.values(keys).map((key) => key.variable));
  for (const source of sources) {
    for (const name of source.values.keys()) {
      if (source.name.endsWith('.yaml') && !known.has(name)) throw new SettingsError(unknownKey(source.name, name, known));
      if (source.name.endsWith('.env') && !variables.has(name) && isMeantForUs(name))
        throw new SettingsError(unknownKey(source.name, name, variables));
    }
  }
  const text = (name: KeyName): string | null => {
    const found = lookUp(sources, keys[name]);
    return found === null ? (keys[name].fallback as string | null) : String(found.value);
  };
  const count = <Fallback extends number | null = number>(name: KeyName): number | Fallback => {
    const key = keys[name];
    const found = lookUp(sources, key);
    return found === null ? (key.fallback as Fallback) : wholeNumber(found, key);
  };
  const resourceManager = text('azureResourceManager');
  return {
    eventHubs: eventHubsConnection(text('eventHubsConnectionString'), text('eventHubsNamespace')),
    cosmos: cosmosConnection(text('cosmosConnectionString'), text('cosmosEndpoint')),
    storage: storageConnection(text('storageConnectionString'), text('storageAccountUrl')),
    eventsPerSecond: count('eventsPerSecond'),
    users: count('users'),
    dashboardPort: count('dashboardPort'),
    dataDir: text('dataDir') as string,
    projectDir: text('projectDir') as string,
    azure: {
      cloud: text('azureCloud') as string,
      resourceManager: resourceManager === null ? null : url('AZURE_RESOURCE_MANAGER', resourceManager),
      subscriptionId: text('azureSubscriptionId'),
      resourceGroup: text('azureResourceGroup'),
      jobName: text('azureJob'),
      publishUrl: text('azurePublishUrl'),
      pollMs: count<null>('azurePollMs'),
    },
  };
}

interface Found {
  readonly value: string | number;
  readonly where: string;
}

function lookUp(sources: readonly SettingsSource[], key: Key): Found | null {
  let found: Found | null = null;
  for (const source of sources) {
    for (const name of [key.path, key.variable]) {
      const value = source.values.get(name);
      if (value !== undefined && value !== '') found = { value, where: `${source.name}: ${name}` };
    }
  }
  return found;
}

function wholeNumber(found: Found, key: Key): number {
  const value = Number(found.value);
  const max = key.kind === 'port' ? 65535 : 1_000_000;
  const min = key.kind === 'port' ? 0 : 1;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new SettingsError(`${found.where} is "${found.value}": write a whole number from ${min} to ${max}.`);
}

/** Other programs read `.env` too; a name that begins like one of ours and is none is misspelt. */
function isMeantForUs(name: string): boolean {
  // The credential has variables of its own (AZURE_TENANT_ID, …).
  if (name.startsWith('AZURE_')) return false;
  return Object.values(keys).some(({ variable }) => name.startsWith(variable.slice(0, variable.indexOf('_') + 1)));
}

function unknownKey(file: string, name: string, known: ReadonlySet<string>): string {
  return `${file}: ${name} is no setting. Known: ${[...known].join(', ')}.`;
}

function eventHubsConnection(connectionString: string | null, namespace: string | null): EventHubsConnection | null {
  if (connectionString !== null) {
    const parts = connectionStringParts(connectionString);
    for (const part of ['Endpoint', 'SharedAccessKeyName', 'SharedAccessKey']) {
      if (!parts.get(part.toLowerCase()))
        throw new SettingsError(
          `EVENTHUB_CONNECTION_STRING has no ${part}: copy it whole from the namespace's shared access policy.`,
        );
    }
    return { connectionString };
  }
  if (namespace === null) return null;
  if (!/^[\w-]+(\.[\w-]+)+$|^[\w.-]+:\d+$/.test(namespace)) {
    throw new SettingsError(
      `EVENTHUB_NAMESPACE is ${shown(namespace)}: write the host name, such as my-namespace.servicebus.windows.net.`,
    );
  }
  return { fullyQualifiedNamespace: namespace };
}

function cosmosConnection(connectionString: string | null, endpoint: string | null): CosmosConnection | null {
  if (connectionString !== null) {
    const parts = connectionStringParts(connectionString);
    const [from, key] = [parts.get('accountendpoint'), parts.get('accountkey')];
    if (!from || !key)
      throw new SettingsError('COSMOS_CONNECTION_STRING needs AccountEndpoint=…;AccountKey=…;: copy it whole from the account.');
    return { endpoint: url('COSMOS_CONNECTION_STRING (AccountEndpoint)', from), key };
  }
  return endpoint === null ? null : { endpoint: url('COSMOS_ENDPOINT', endpoint) };
}

function storageConnection(connectionString: string | null, accountUrl: string | null): StorageConnection | null {
  if (connectionString !== null) {
    const parts = connectionStringParts(connectionString);
    for (const part of ['AccountName', 'AccountKey']) {
      if (!parts.get(part.toLowerCase()))
        throw new SettingsError(`STORAGE_CONNECTION_STRING has no ${part}: copy it whole from the account.`);
    }
    return { connectionString };
  }
  return accountUrl === null ? null : { accountUrl: url('STORAGE_ACCOUNT_URL', accountUrl) };
}

function url(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new SettingsError(`${name} is ${shown(text)}: write a URL that begins with https://.`);
}

/** A wrong value as a message may show it: what looks like a connection string holds a key. */
function shown(text: string): string {
  return /key\s*=|sig\s*=/i.test(text) ? 'a connection string' : `"${text}"`;
}
