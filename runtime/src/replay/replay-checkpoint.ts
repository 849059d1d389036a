/** How far the dead letters have been replayed, kept in the lake. Knows nothing of letters. */
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { readFileIfThere } from '../lake/read-file.ts';
import { writeWholeFile } from '../lake/write-whole-file.ts';
import { deadLetterFolder } from '../names.ts';

/** The last sequence number that was dealt with, by partition of the dead-letter hub. */
export type ReplayCheckpoint = Record<string, number>;

const path = `${deadLetterFolder}/replay-checkpoint.json`;

/** Throws where the file is there and not understood: starting over unasked would send letters twice. */
export async function readReplayCheckpoint(raw: DataLakeFileSystemClient): Promise<ReplayCheckpoint> {
  const bytes = await readFileIfThere(raw, path);
  if (bytes === null) return {};
  const value = (JSON.parse(bytes.toString('utf8')) as { partitions?: unknown }).partitions;
  if (typeof value !== 'object' || value === null) throw new Error(`${path} in the lake is not a replay checkpoint.`);
  return value as ReplayCheckpoint;
}

export async function writeReplayCheckpoint(raw: DataLakeFileSystemClient, checkpoint: ReplayCheckpoint): Promise<void> {
  await writeWholeFile(raw, path, Buffer.from(JSON.stringify({ partitions: checkpoint })));
}
