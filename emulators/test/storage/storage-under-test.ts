// A storage emulator over a folder of its own, for one test file; both are gone when the tests are over.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { StorageSharedKeyCredential as BlobKey, BlobServiceClient } from '@azure/storage-blob';
import { DataLakeServiceClient, StorageSharedKeyCredential } from '@azure/storage-file-datalake';
import {
  developmentAccount,
  developmentKey,
  type StorageEmulator,
  type StorageOptions,
  startStorage,
} from '../../src/storage/start-storage.ts';

export interface StorageUnderTest extends StorageEmulator {
  dataDir: string;
  lake: DataLakeServiceClient;
  blobs: BlobServiceClient;
}

// A failing test shall fail at once, not after the SDK's patience of minutes.
export const noRetries = { retryOptions: { maxTries: 1 } };

/** A new folder, deleted when the file's tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'storage-emulator-'));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Starts an emulator with the clients of both services on it. */
export async function startUnderTest(options: Partial<StorageOptions> = {}): Promise<StorageUnderTest> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const emulator = await startStorage({ port: 0, ...options, dataDir });
  const key = options.key ?? developmentKey;
  const lake = new DataLakeServiceClient(emulator.url, new StorageSharedKeyCredential(developmentAccount, key), noRetries);
  const blobs = new BlobServiceClient(emulator.url, new BlobKey(developmentAccount, key), noRetries);
  return { ...emulator, dataDir, lake, blobs };
}

/** Starts one that is closed when the file's tests are over. */
export async function startForFile(options: Partial<StorageOptions> = {}): Promise<StorageUnderTest> {
  const storage = await startUnderTest(options);
  after(() => storage.close());
  return storage;
}

/** The code and status of the error that an SDK call must end in. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { statusCode, code, message, details } = error as {
      statusCode: number;
      code?: string;
      message: string;
      details?: { errorCode?: string };
    };
    return { status: statusCode, code: code ?? details?.errorCode ?? '', message };
  }
  throw new Error('The call was expected to fail, and did not.');
}

/** A whole download as text. */
export async function textOf(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** All that an SDK's listing yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Sends a request with a path just as given, signed with the account key (SharedKeyLite): what no SDK at hand would send. */
export function signedRequest(
  storage: StorageEmulator,
  method: string,
  path: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const date = new Date().toUTCString();
  const sent: Record<string, string> = {
    ...headers,
    'x-ms-date': date,
    'x-ms-version': '2021-12-02',
    'content-length': String(Buffer.byteLength(body)),
  };
  const canonical = Object.keys(sent)
    .filter((name) => name.startsWith('x-ms-'))
    .sort()
    .map((name) => `${name}:${sent[name]}\n`)
    .join('');
  const url = new URL(`http://127.0.0.1${path}`);
  const comp = url.searchParams.get('comp');
  const resource = `/${developmentAccount}${path.replace(/\?.*/, '')}${comp === null ? '' : `?comp=${comp}`}`;
  const text = `${method}\n\n\n\n${canonical}${resource}`;
  const signature = createHmac('sha256', Buffer.from(developmentKey, 'base64')).update(text).digest('base64');
  const options = {
    method,
    host: '127.0.0.1',
    port: storage.port,
    path,
    headers: { ...sent, authorization: `SharedKeyLite ${developmentAccount}:${signature}` },
  };
  return new Promise((done, fail) => {
    const outgoing = request(options, async (response) => {
      done({ status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) });
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}
