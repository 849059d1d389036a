// A storage emulator over a folder of its own, for one test file; both are gone when the tests are over.
import { mkdtempSync, rmSync } from 'node:fs';
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
