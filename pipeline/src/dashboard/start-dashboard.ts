// Puts the dashboard together: Cosmos DB on one side, browsers on the other.

import { fileURLToPath } from 'node:url';
import type { HealthSnapshot } from '@asaql/webview/protocol';
import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos';
import { AggregationsContainer } from './aggregations-container.ts';
import { DashboardFeed } from './dashboard-feed.ts';
import { startPageServer } from './page-server.ts';

/** How to reach the account: with a key, or with a credential such as a managed identity's. */
export type CosmosAccess =
  | { endpoint: string; key: string }
  | { endpoint: string; credential: NonNullable<CosmosClientOptions['aadCredentials']> };

export interface DashboardOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number;
  cosmos: CosmosAccess;
  databaseId: string;
  containerId: string;
  /** How the pipeline is; asked every `intervalMs`. */
  health: () => HealthSnapshot | Promise<HealthSnapshot>;
  /** The folder of the built page (index.html, dashboard.js, dashboard.css); that of the webview package unless given. */
  staticDir?: string;
  /** Told once per outage, and of what should not happen; one line on standard error unless given. */
  onError?: (error: unknown) => void;
  now?: () => number;
  /** Between two looks at the change feed; 1,000 ms unless given. */
  intervalMs?: number;
  /** The job's out-of-order tolerance; 10,000 ms unless given. */
  outOfOrderMs?: number;
}

export interface DashboardServer {
  /** The page's address. */
  url: string;
  /** Ends the feed and the server; pages are told nothing, they try to come back. */
  close(): Promise<void>;
}

const requestTimeoutMs = 10_000;

function builtPageDir(): string {
  // The package's exports name its sources; what is built from them lies beside.
  return fileURLToPath(new URL('../../dist/dashboard/', import.meta.resolve('@asaql/webview/protocol')));
}

function complain(error: unknown): void {
  console.error(`Dashboard: ${error instanceof Error ? error.message : String(error)}`);
}

function cosmosClient(access: CosmosAccess): CosmosClient {
  const isLocal = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]?/.test(access.endpoint);
  const connectionPolicy = {
    requestTimeout: requestTimeoutMs,
    // A local account has one place; looking for others would only delay the news of an outage.
    enableEndpointDiscovery: !isLocal,
    // The feed tries again itself, each second and visibly.
    retryOptions: { maxRetryAttemptCount: 2, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 5 },
  };
  return 'key' in access
    ? new CosmosClient({ endpoint: access.endpoint, key: access.key, connectionPolicy })
    : new CosmosClient({ endpoint: access.endpoint, aadCredentials: access.credential, connectionPolicy });
}

/** The dashboard's figures without a server, for a host that brings them to its pages itself. */
export interface RunningFeed {
  readonly feed: DashboardFeed;
  close(): Promise<void>;
}

/** Follows the aggregations. Neither Cosmos DB nor the container need be there yet. */
export function startFeed(options: Omit<DashboardOptions, 'port' | 'staticDir'>): RunningFeed {
  const client = cosmosClient(options.cosmos);
  const container = client.database(options.databaseId).container(options.containerId);
  const feed = new DashboardFeed({
    container: new AggregationsContainer(container),
    health: options.health,
    now: options.now ?? (() => Date.now()),
    intervalMs: options.intervalMs ?? 1_000,
    outOfOrderMs: options.outOfOrderMs ?? 10_000,
    onError: options.onError ?? complain,
  });
  return {
    feed,
    close: async () => {
      await feed.close();
      client.dispose();
    },
  };
}

/**
 * Serves the dashboard. Neither Cosmos DB nor the container need be there yet: the page says so until they are.
 * Throws a `PortInUseError` when the port is taken.
 */
export async function startDashboard(options: DashboardOptions): Promise<DashboardServer> {
  const { feed, close: closeFeed } = startFeed(options);
  try {
    const server = await startPageServer({
      port: options.port,
      staticDir: options.staticDir ?? builtPageDir(),
      feed,
      onError: options.onError ?? complain,
    });
    return {
      url: server.url,
      close: async () => {
        await server.close();
        await closeFeed();
      },
    };
  } catch (error) {
    await closeFeed();
    throw error;
  }
}
