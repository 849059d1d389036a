/**
 * The app's settings, read by the names that Azure Functions gives them: a connection is a connection string, or an
 * address beside which the identity of the app stands in for a key. Holds no client.
 */
import { connectionSettings } from '../names.ts';
import { type BackoffPolicy, defaultBackoff } from '../retry/backoff.ts';

export type Connection =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  /** Keyless: the client id is that of a user-assigned identity, absent for the default credential. */
  | { readonly kind: 'identity'; readonly address: string; readonly clientId?: string };

export interface Settings {
  readonly eventHubs: Connection;
  readonly cosmos: Connection;
  readonly dataLake: Connection;
  readonly backoff: BackoffPolicy;
  /** Requests to Cosmos DB under way at once, per invocation. */
  readonly cosmosConcurrency: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one line that names the setting which is missing or wrong. */
export function settingsFrom(environment: Environment): Settings {
  return {
    eventHubs: connectionFrom(environment, connectionSettings.eventHubs, 'fullyQualifiedNamespace'),
    cosmos: connectionFrom(environment, connectionSettings.cosmos, 'accountEndpoint'),
    dataLake: connectionFrom(environment, connectionSettings.dataLake, 'dfsServiceUri'),
    backoff: {
      firstDelayMs: wholeNumber(environment, 'RETRY_FIRST_DELAY_MS', defaultBackoff.firstDelayMs),
      maxDelayMs: wholeNumber(environment, 'RETRY_MAX_DELAY_MS', defaultBackoff.maxDelayMs),
      budgetMs: wholeNumber(environment, 'RETRY_BUDGET_MS', defaultBackoff.budgetMs),
    },
    cosmosConcurrency: wholeNumber(environment, 'COSMOS_CONCURRENCY', 8),
  };
}

function connectionFrom(environment: Environment, prefix: string, addressName: string): Connection {
  const connectionString = environment[prefix];
  if (connectionString) return { kind: 'connection-string', connectionString };
  const address = environment[`${prefix}__${addressName}`];
  if (!address) throw new Error(`Setting ${prefix} (a connection string) or ${prefix}__${addressName} (an address) is missing.`);
  const clientId = environment[`${prefix}__clientId`];
  return clientId ? { kind: 'identity', address, clientId } : { kind: 'identity', address };
}

function wholeNumber(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`Setting ${name} is "${text}"; it must be a whole number above 0.`);
  return Number(text);
}
