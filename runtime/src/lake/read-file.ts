/** Reads files of the lake: whole, or the end of one. Knows no format. */
import { buffer } from 'node:stream/consumers';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';

/** Null where there is no such file. */
export async function readFileIfThere(filesystem: DataLakeFileSystemClient, path: string): Promise<Buffer | null> {
  try {
    return await readRange(filesystem, path, 0);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** The bytes from the offset on: `count` of them, or all to the end. An empty file cannot be read by range: ask for its length first. */
export async function readRange(
  filesystem: DataLakeFileSystemClient,
  path: string,
  offset: number,
  count?: number,
): Promise<Buffer> {
  const response = await filesystem.getFileClient(path).read(offset, count);
  const stream = response.readableStreamBody;
  if (stream === undefined) throw new Error(`The lake gave no body for ${path}.`);
  return buffer(stream);
}

export function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { statusCode?: unknown }).statusCode === 404;
}
