// A Cosmos DB emulator over a folder of its own with the SDK's client on it; both are gone when the test file is over.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Container, type ContainerRequest, CosmosClient } from '@azure/cosmos';
import { type CosmosEmulator, type CosmosOptions, cosmosEmulatorKey, startCosmos } from '../../src/cosmos/start-cosmos.ts';

export type CosmosUnderTest = CosmosEmulator & { dataDir: string; client: CosmosClient; clock: { nowMs: number } };

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cosmos-emulator-'));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A client that reports 429 at once instead of waiting. */
export function clientOf(endpoint: string, key = cosmosEmulatorKey): CosmosClient {
  const retryOptions = { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 };
  return new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false, retryOptions } });
}

/** Its documents' time stands still at 2026-01-15T12:00:00Z until a test moves `clock.nowMs`. */
export async function startForFile(options: Partial<CosmosOptions> = {}): Promise<CosmosUnderTest> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const clock = { nowMs: Date.UTC(2026, 0, 15, 12) };
  const emulator = await startCosmos({ now: () => clock.nowMs, ...options, dataDir });
  after(() => emulator.close());
  const client = clientOf(emulator.endpoint, options.key);
  after(() => client.dispose());
  return { ...emulator, dataDir, client, clock };
}

let containers = 0;

/** A new container in the database `test`. */
export async function newContainer({ client }: CosmosUnderTest, request: Partial<ContainerRequest> = {}): Promise<Container> {
  const { database } = await client.databases.createIfNotExists({ id: 'test' });
  const { container } = await database.containers.create({ id: `container-${++containers}`, partitionKey: '/pk', ...request });
  return container;
}

/** The error that an SDK call must end in. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ code: number; substatus?: number; message: string; headers: Record<string, string> }> {
  try {
    await call;
  } catch (error) {
    const { code, substatus, message, body, headers } = error as {
      code: number;
      substatus?: number;
      message: string;
      body?: { message?: string };
      headers: Record<string, string>;
    };
    return { code, message: body?.message ?? message, headers, ...(substatus === undefined ? {} : { substatus }) };
  }
  throw new Error('The call was expected to fail, and did not.');
}

/** A signed request that no SDK would send. `link` is what is signed: `dbs/d/colls/c`. */
export async function rawRequest(
  { endpoint }: CosmosUnderTest,
  method: string,
  path: string,
  [type, link]: [type: string, link: string],
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<{ status: number; headers: Headers; body: { message?: string; [key: string]: unknown } }> {
  const date = new Date().toUTCString();
  const payload = `${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac('sha256', Buffer.from(cosmosEmulatorKey, 'base64')).update(payload).digest('base64');
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    headers: { ...headers, 'x-ms-date': date, authorization },
    body: body as string,
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as { message?: string } };
}

/** A request on a container's documents that no SDK would send. */
export function rawDocuments(
  cosmos: CosmosUnderTest,
  container: Container,
  headers: Record<string, string>,
  body: string | Buffer,
) {
  const link = `dbs/${container.database.id}/colls/${container.id}`;
  return rawRequest(cosmos, 'POST', `${link}/docs`, ['docs', link], headers, body);
}
