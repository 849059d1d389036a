/**
 * The job's checkpoint on disk: positions in the hub and the engine's state, in one file that is replaced as a whole.
 * Knows nothing of what the state means.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Sequence number of the last event taken of each partition; a partition that is missing starts at its beginning. */
export type Positions = Readonly<Record<string, number>>;

export interface Checkpoint {
  /** What the state belongs to: the hash of the query and its policies. */
  readonly queryHash: string;
  readonly positions: Positions;
  /** The engine's state; null after a run whose inputs ended. */
  readonly state: Uint8Array | null;
}

interface Header {
  readonly format: 1;
  readonly queryHash: string;
  readonly positions: Positions;
  readonly stateBytes: number | null;
}

/** A checkpoint file that cannot be used, with what to do about it. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Null where there is none. Throws a CheckpointError on a damaged file or another format. */
export function readCheckpoint(path: string): Checkpoint | null {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const end = content.indexOf(10);
  let header: Header;
  try {
    header = JSON.parse(content.toString('utf8', 0, end)) as Header;
  } catch {
    throw new CheckpointError(`${path} is damaged: delete it and the job reads on from where this count of events began.`);
  }
  if (header.format !== 1)
    throw new CheckpointError(
      `${path} has format ${header.format}, this version reads 1: delete it and the job reads on from where this count of events began.`,
    );
  const state = header.stateBytes === null ? null : new Uint8Array(content.subarray(end + 1));
  if (state !== null && state.length !== header.stateBytes)
    throw new CheckpointError(`${path} is cut short: delete it and the job reads on from where this count of events began.`);
  return { queryHash: header.queryHash, positions: header.positions, state };
}

/** Replaces the checkpoint at once: a crash leaves the old one or the new one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const header: Header = {
    format: 1,
    queryHash: checkpoint.queryHash,
    positions: checkpoint.positions,
    stateBytes: checkpoint.state === null ? null : checkpoint.state.length,
  };
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w');
  try {
    writeAll(file, Buffer.from(`${JSON.stringify(header)}\n`));
    if (checkpoint.state !== null) writeAll(file, checkpoint.state);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
