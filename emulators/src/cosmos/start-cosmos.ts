/**
 * Starts a Cosmos DB emulator: the REST surface of the NoSQL API on loopback, kept in one SQLite file.
 * It would serve any program; it must not know the pipeline.
 */
import { createSecretKey, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AuthorizationRules, checkAuthorization } from './authorization.ts';
import { Catalogue, type Container } from './catalogue.ts';
import { CommitQueue } from './commit-queue.ts';
import { CosmosError } from './cosmos-error.ts';
import { DocumentRoutes } from './document-routes.ts';
import type { CosmosRequest, CosmosResponse } from './http-messages.ts';
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
const bodyBytesMax = 32 * 1024 * 1024;

/** Resolves once requests are served. Rejects where the port is taken or the folder cannot be written. */
export async function startCosmos(options: CosmosOptions): Promise<CosmosEmulator> {
  const { dataDir, port = 0, host = '127.0.0.1', key = cosmosEmulatorKey, now = Date.now } = options;
  mkdirSync(dataDir, { recursive: true });
  const db = openDatabase(dataDir);
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
  const budget = options.emulateThroughput ? new ThroughputBudget(now) : undefined;
  const onError = options.onError ?? ((error: Error) => console.error('Cosmos DB emulator:', error));
  const service = new Service(router, rules, budget, onError);
  const listener = (request: IncomingMessage, reply: ServerResponse): void => service.serve(request, reply);
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  // Longer than clients keep idle connections, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  try {
    await listen(server, port, host);
  } catch (error) {
    db.close();
    throw error;
  }
  const purging = setInterval(() => {
    commits
      .write(() => {
        for (const container of catalogue.allContainers()) operations.purge(container);
      })
      .catch(onError);
  }, purgeIntervalMs);
  purging.unref();
  const bound = (server.address() as AddressInfo).port;
  const endpoint = `${options.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}/`;
  return {
    port: bound,
    endpoint,
    connectionString: `AccountEndpoint=${endpoint};AccountKey=${key};`,
    close: async () => {
      clearInterval(purging);
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

/** Between sockets and the router: bodies, authorization, budgets, headers, errors. */
class Service {
  readonly #router: Router;
  readonly #rules: AuthorizationRules;
  readonly #budget: ThroughputBudget | undefined;
  readonly #onError: (error: Error) => void;

  constructor(router: Router, rules: AuthorizationRules, budget: ThroughputBudget | undefined, onError: (error: Error) => void) {
    this.#router = router;
    this.#onError = onError;
    this.#rules = rules;
    this.#budget = budget;
  }

  serve(message: IncomingMessage, reply: ServerResponse): void {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyBytesMax) chunks.push(chunk);
    });
    message.on('error', () => reply.destroy());
    message.on('end', async () => {
      const activityId = randomUUID();
      try {
        if (size > bodyBytesMax) throw new CosmosError(413, 'Request size is too large.');
        const request = requestOf(message, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
        send(reply, activityId, await this.#answer(request, endpointOf(message)));
      } catch (error) {
        const known = error instanceof CosmosError ? error : new CosmosError(500, `The emulator failed: ${String(error)}`);
        if (known.status >= 500) this.#onError(error instanceof Error ? error : known);
        send(reply, activityId, errorResponse(known, activityId));
      }
    });
  }

  async #answer(request: CosmosRequest, endpoint: string): Promise<CosmosResponse> {
    checkAuthorization(request, this.#rules);
    const payer = this.#router.payer(request);
    if (payer === undefined) return this.#router.route(request, endpoint);
    this.#budget?.admit(payer);
    const answer = await this.#charged(payer, async () => this.#router.route(request, endpoint));
    answer.headers['x-ms-session-token'] = `0:-1#${payer.lsn}`;
    answer.headers.lsn = String(payer.lsn);
    answer.headers['x-ms-alt-content-path'] =
      `dbs/${encodeURIComponent(payer.database.id)}/colls/${encodeURIComponent(payer.id)}`;
    answer.headers['x-ms-content-path'] = payer.rid;
    return answer;
  }

  /** Requests that fail are paid for, too. */
  async #charged(payer: Container, work: () => Promise<CosmosResponse>): Promise<CosmosResponse> {
    try {
      const answer = await work();
      this.#budget?.charge(payer, answer.charge);
      return answer;
    } catch (error) {
      if (error instanceof CosmosError) this.#budget?.charge(payer, error.charge);
      throw error;
    }
  }
}

function requestOf(message: IncomingMessage, body: Buffer): CosmosRequest {
  const path = (message.url ?? '/').split('?', 1)[0] as string;
  let segments: string[];
  try {
    segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw new CosmosError(400, `The path cannot be URL-decoded: ${path}`);
  }
  return { method: message.method ?? 'GET', segments, headers: message.headers, body };
}

/** As the client addressed the account, so that it finds its regions where it found the account. */
function endpointOf(message: IncomingMessage): string {
  const scheme = 'encrypted' in message.socket ? 'https' : 'http';
  return `${scheme}://${message.headers.host ?? 'localhost'}/`;
}

function errorResponse(error: CosmosError, activityId: string): CosmosResponse {
  const body = JSON.stringify({ code: error.code, message: `${error.message}\r\nActivityId: ${activityId}` });
  const headers = { ...error.headers, ...(error.substatus === 0 ? {} : { 'x-ms-substatus': String(error.substatus) }) };
  return { status: error.status, body, headers, charge: error.charge };
}

function send(reply: ServerResponse, activityId: string, { status, body, headers, charge }: CosmosResponse): void {
  const all: Record<string, string | number> = {
    ...headers,
    'content-type': 'application/json',
    'x-ms-activity-id': activityId,
    'x-ms-request-charge': String(charge),
    'x-ms-serviceversion': 'version=2.14.0.0',
    'x-ms-schemaversion': '1.18',
    'x-ms-gatewayversion': 'version=2.14.0',
  };
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body);
  reply.writeHead(status, all);
  reply.end(body);
}
