/**
 * How to reach each service, the same whether it is an emulator or Azure. Knows no SDK.
 * A key may be in here: never print one of these; `describeConnection` says what may be shown.
 */

/** A connection string, or a namespace reached with a token credential. */
export type EventHubsConnection = { readonly connectionString: string } | { readonly fullyQualifiedNamespace: string };
/** An endpoint with its key, or with a token credential. */
export type CosmosConnection = { readonly endpoint: string; readonly key?: string };
/** A connection string, or the account's DFS URL reached with a token credential. */
export type StorageConnection = { readonly connectionString: string } | { readonly accountUrl: string };

export interface Connections {
  readonly eventHubs: EventHubsConnection;
  readonly cosmos: CosmosConnection;
  readonly storage: StorageConnection;
}

/** Name-value pairs of a connection string; values may hold `=`. */
export function connectionStringParts(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  return parts;
}

/** Where a connection leads, without its key. */
export function describeConnection(connection: EventHubsConnection | CosmosConnection | StorageConnection): string {
  if ('fullyQualifiedNamespace' in connection) return connection.fullyQualifiedNamespace;
  if ('accountUrl' in connection) return connection.accountUrl;
  if ('endpoint' in connection) return connection.endpoint;
  const parts = connectionStringParts(connection.connectionString);
  return (
    parts.get('endpoint') ??
    parts.get('dfsendpoint') ??
    parts.get('blobendpoint') ??
    parts.get('accountname') ??
    'connection string'
  );
}
