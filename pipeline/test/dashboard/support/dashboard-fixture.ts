// A Cosmos emulator with the aggregations container, and a dashboard over it, for one test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CosmosEmulator, cosmosEmulatorKey, startCosmos } from '@asaql/emulators';
import type { HealthSnapshot } from '@asaql/webview/protocol';
import { type Container, CosmosClient } from '@azure/cosmos';
import { type DashboardServer, startDashboard } from '../../../src/dashboard/start-dashboard.ts';
import { type FeedClient, openFeed } from './feed-client.ts';

const databaseId = 'netflix-streaming';
const containerId = 'aggregations';
/** Made anew each time: the SDK writes into what it is given. */
export const containerDefinition = () => ({ id: containerId, partitionKey: '/aggregation_type' });

export const healthy: HealthSnapshot = {
  eventsInPerSecond: 1_002,
  eventsOutPerSecond: 184,
  lagEvents: 312,
  watermarkDelayMs: 10_900,
  deadLetters: 0,
  parts: ['emulators', 'functions', 'job', 'generator'].map((name) => ({ name, state: 'running', detail: null })),
};

export interface DashboardFixture {
  readonly url: string;
  readonly container: Container;
  readonly client: CosmosClient;
  readonly errors: unknown[];
  /** Opens the page's feed; it is closed with the fixture. */
  openFeed(range: string): Promise<FeedClient>;
  /** Stops the emulator, as an outage would; `startAgain` brings it back at the same port with the same data. */
  stopCosmos(): Promise<void>;
  startCosmosAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  now: () => number;
  staticDir?: string;
  hasContainer?: boolean;
  health?: () => HealthSnapshot;
}

export async function startFixture(options: FixtureOptions): Promise<DashboardFixture> {
  const dataDir = await mkdtemp(join(tmpdir(), 'asaql-dashboard-'));
  const databases = [{ id: databaseId, containers: options.hasContainer === false ? [] : [containerDefinition()] }];
  const start = (port: number) => startCosmos({ dataDir, port, databases });
  let emulator: CosmosEmulator | null = await start(0);
  const { endpoint, port } = emulator;
  const client = new CosmosClient({ endpoint, key: cosmosEmulatorKey, connectionPolicy: { enableEndpointDiscovery: false } });
  const errors: unknown[] = [];
  const dashboard: DashboardServer = await startDashboard({
    port: 0,
    cosmos: { endpoint, key: cosmosEmulatorKey },
    databaseId,
    containerId,
    health: options.health ?? (() => healthy),
    now: options.now,
    intervalMs: 50,
    onError: (error) => errors.push(error),
    ...(options.staticDir === undefined ? {} : { staticDir: options.staticDir }),
  });
  const feeds: FeedClient[] = [];
  return {
    openFeed: async (range) => {
      const feed = await openFeed(dashboard.url, range);
      feeds.push(feed);
      return feed;
    },
    url: dashboard.url,
    client,
    container: client.database(databaseId).container(containerId),
    errors,
    stopCosmos: async () => {
      await emulator?.close();
      emulator = null;
    },
    startCosmosAgain: async () => {
      emulator = await start(port);
    },
    close: async () => {
      for (const feed of feeds) await feed.close();
      await dashboard.close();
      client.dispose();
      await emulator?.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
