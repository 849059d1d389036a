/**
 * Starts a Cosmos DB emulator: the REST surface of the NoSQL API on loopback, kept in one SQLite file.
 * It would serve any program; it must not know the pipeline.
 */
import { createSecretKey } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuthorizationRules } from './authorization.ts';
import { Catalogue } from './catalogue.ts';
import { CommitQueue } from './commit-queue.ts';
import { DocumentRoutes } from './document-routes.ts';
import { HttpService } from './http-service.ts';
import { ItemOperations } from './item-operations.ts';
import { QueryFeed } from './query-feed.ts';
import { Router } from './router.ts';
import { ThroughputBudget } from './throughput-budget.ts';

/** The key that the official emulator is known by. */
export const cosmosEmulatorKey = 'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==';

export type CosmosContainerOptions = { id: string; partitionKey: string; defaultTtl?: number; throughput?: number };

export type CosmosOptions = {
  /** A folder for the one file that everything is kept in; made when missing. */
  dataDir: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** A loopback address; 127.0.0.1 by default. */
  host?: string;
  /** The account's master key, base64. */
  key?: string;
  /** PEM texts; the emulator then speaks https only. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Takes AAD tokens, too. */
  acceptTokens?: boolean;
  /** What must stand ready; what exists already is left as it is. */
  databases?: { id: string; containers: CosmosContainerOptions[] }[];
  /** Answers 429 when a container's RU/s are used up. */
  emulateThroughput?: boolean;
  /** Milliseconds since 1970, for documents' times and expiry. */
  now?: () => number;
  /** The time that requests' dates are checked against; the real one by default, as clients have no other. */
  clientNow?: () => number;
  /** Told what goes wrong in the emulator itself (a full disk, a fault of its own); clients get 500 or 503 then. */
  onError?: (error: Error) => void;
};

export type CosmosEmulator = { port: number; endpoint: string; connectionString: string; close(): Promise<void> };

const purgeIntervalMs = 5_000;

/** Resolves once requests are served. Rejects where the port or the folder is taken, or the folder cannot be written. */
export async function startCosmos(options: CosmosOptions): Promise<CosmosEmulator> {
  mkdirSync(options.dataDir, { recursive: true });
  const db = openDatabase(options.dataDir);
  try {
    return await serve(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function serve(db: DatabaseSync, options: CosmosOptions): Promise<CosmosEmulator> {
  const { port = 0, host = '127.0.0.1', key = cosmosEmulatorKey, now = Date.now } = options;
  const onError = options.onError ?? ((error: Error) => console.error('Cosmos DB emulator:', error));
  const catalogue = new Catalogue(db);
  provide(catalogue, options.databases ?? [], now);
  const commits = new CommitQueue(db, () => catalogue.saveSequence());
  const operations = new ItemOperations(catalogue, now);
  const router = new Router(catalogue, new DocumentRoutes(operations, new QueryFeed(now), commits), now);
  const rules: AuthorizationRules = {
    key: createSecretKey(Buffer.from(key, 'base64')),
    acceptTokens: options.acceptTokens ?? false,
    nowMs: options.clientNow ?? Date.now,
  };
  const service = new HttpService(router, rules, options.emulateThroughput ? new ThroughputBudget(now) : undefined, onError);
  const server = options.tls === undefined ? createServer(service.listener) : createTlsServer(options.tls, service.listener);
  // Longer than clients keep idle connections, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  await listen(server, port, host);
  const purge = (): void => {
    for (const container of catalogue.allContainers()) operations.purge(container);
  };
  const purging = setInterval(() => commits.write(purge).catch(onError), purgeIntervalMs);
  purging.unref();
  const bound = (server.address() as AddressInfo).port;
  const endpoint = `${options.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}/`;
  return {
    port: bound,
    endpoint,
    connectionString: `AccountEndpoint=${endpoint};AccountKey=${key};`,
    close: async () => {
      clearInterval(purging);
      // Writes that have come in are stored and answered before their connections are closed.
      commits.flush();
      await nextTurn();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      commits.flush();
      db.close();
    },
  };
}

/** The file is this process's alone: a second emulator over the folder would give out the same sequence numbers. */
function openDatabase(dataDir: string): DatabaseSync {
  const db = new DatabaseSync(join(dataDir, 'cosmos.sqlite'), { timeout: 1000 });
  try {
    // In WAL mode a commit is in the file's log, so it survives the end of this process; only a power cut could take the last ones.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === 5)
      throw new Error(`The folder ${dataDir} is in use by another Cosmos DB emulator.`);
    throw error;
  }
}

function provide(catalogue: Catalogue, databases: NonNullable<CosmosOptions['databases']>, now: () => number): void {
  for (const { id, containers } of databases) {
    const database = catalogue.databases.get(id) ?? catalogue.createDatabase(id, undefined, now());
    for (const { id: containerId, partitionKey, defaultTtl, throughput } of containers) {
      if (database.containers.has(containerId)) continue;
      const body = {
        id: containerId,
        partitionKey: { paths: [partitionKey], kind: 'Hash', version: 2 },
        ...(defaultTtl === undefined ? {} : { defaultTtl }),
      };
      catalogue.createContainer(database, body, throughput === undefined ? undefined : { manual: throughput }, now());
    }
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
