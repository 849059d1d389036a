// Block blobs in parts: blocks put, committed as a list, and listed.
import { closeSync } from 'node:fs';
import type { At } from '../disk/journal.ts';
import { copyInto } from '../disk/journal.ts';
import type { EntryRecord, Piece } from '../disk/ledger.ts';
import type { Entry } from '../disk/store.ts';
import {
  httpDate,
  type Operation,
  pathOf,
  receiveText,
  settableHeaders,
  versionHeaders,
  withBody,
  writable,
} from '../operation.ts';
import { type Reply, xmlReply } from '../reply.ts';
import { fault, invalidQuery, StorageError } from '../storage-error.ts';
import { element, readLeaves } from '../xml.ts';
import { readSource } from './copy-source.ts';
import { tierOf } from './put-blob.ts';

type Block = { id: string; size: number };
/** One block of a new list: bytes of the blob as it is, or a piece. */
type Chosen = Block & ({ from: 'blob'; start: number } | { from: 'piece'; piece: Piece });

/** Put Block. */
export function putBlock(operation: Operation): Promise<Reply> {
  const id = blockId(operation);
  return withBody(operation, (body) => {
    keepBlock(operation, id, body);
    return { status: 201, headers: { 'content-md5': body.md5, 'x-ms-request-server-encrypted': 'true' } };
  });
}

/** Put Block From URL, from a blob of this account. */
export function putBlockFromUrl(operation: Operation): Reply {
  const id = blockId(operation);
  keepBlock(operation, id, readSource(operation));
  return { status: 201, headers: { 'x-ms-request-server-encrypted': 'true' } };
}

function keepBlock(operation: Operation, id: string, body: { file: string; size: number }): void {
  const at = pathOf(operation);
  const there = operation.store.find(...at);
  if (there) assertBlocks(there);
  operation.store.keepPiece(at, { kind: 'block', key: id, position: 0, size: body.size, file: body.file });
}

function blockId(operation: Operation): string {
  const id = operation.request.query.get('blockid');
  const bytes = Buffer.from(id ?? '', 'base64');
  if (
    id === undefined ||
    bytes.length === 0 ||
    bytes.length > 64 ||
    bytes.toString('base64').replace(/=+$/, '') !== id.replace(/=+$/, '')
  ) {
    throw invalidQuery('blockid', id, 'base64 of 1 to 64 bytes is needed');
  }
  return id;
}

function assertBlocks(entry: Entry): void {
  if (entry.kind === 'directory') throw fault('kindMismatch');
  if (entry.blobType !== 'BlockBlob')
    throw new StorageError(409, 'InvalidBlobType', 'The blob type is invalid for this operation.');
}

/** Put Block List. What only adds blocks at the end costs no more than these blocks. */
export async function putBlockList(operation: Operation): Promise<Reply> {
  const list = readLeaves(await receiveText(operation), 'BlockList');
  const { request, store } = operation;
  const at = pathOf(operation);
  const there = writable(operation);
  if (there) assertBlocks(there);
  const pieces = store.ledger.pieces(...at, 'block');
  const chosen = list.map(({ name, text }) => choose(name, text, committedOf(there), pieces));
  const written = {
    headers: settableHeaders(operation, 'x-ms-blob-'),
    metadata: request.metadata,
    tier: tierOf(operation),
    blocks: chosen.map(({ id, size }) => ({ id, size })),
  };
  const entry = keptWhole(there, chosen)
    ? store.extend(there, addedPieces(there, chosen), pieces, written)
    : rewritten(operation, at, there, chosen, written);
  return { status: 201, headers: { ...versionHeaders(entry), 'x-ms-request-server-encrypted': 'true' } };
}

function choose(list: string, id: string, committed: (Block & { start: number })[], pieces: Piece[]): Chosen {
  const piece = list === 'Committed' ? undefined : pieces.find((one) => one.key === id);
  if (piece) return { id, size: piece.size, from: 'piece', piece };
  const block = list === 'Uncommitted' ? undefined : committed.find((one) => one.id === id);
  if (block && ['Committed', 'Latest'].includes(list)) return { ...block, from: 'blob' };
  throw new StorageError(
    400,
    'InvalidBlockList',
    `The specified block list is invalid: it names the block "${id}" as ${list}, and there is none.`,
  );
}

function committedOf(entry: Entry | undefined): (Block & { start: number })[] {
  let start = 0;
  return (entry?.blocks ?? []).map((block) => {
    const placed = { ...block, start };
    start += block.size;
    return placed;
  });
}

/** Whether a new list begins with all that the blob holds, so that the rest is only added. */
function keptWhole(there: Entry | undefined, chosen: Chosen[]): there is Entry {
  const kept = there?.blocks?.length ?? 0;
  if (!there || kept === 0) return false;
  const held = committedOf(there);
  const same = held.every((block, i) => chosen[i]?.from === 'blob' && chosen[i].start === block.start);
  return (
    same &&
    held.reduce((sum, block) => sum + block.size, 0) === there.size &&
    chosen.slice(kept).every((one) => one.from === 'piece')
  );
}

function addedPieces(there: Entry, chosen: Chosen[]): Piece[] {
  return chosen.slice(there.blocks?.length ?? 0).flatMap((one) => (one.from === 'piece' ? [one.piece] : []));
}

function rewritten(
  operation: Operation,
  at: At,
  there: Entry | undefined,
  chosen: Chosen[],
  written: Partial<EntryRecord>,
): Entry {
  const { store } = operation;
  const { file, fd } = store.stage();
  try {
    let position = 0;
    for (const one of chosen) {
      if (one.from === 'piece') position += copyInto(fd, position, store.staged(one.piece.file));
      else if (there) position += copyInto(fd, position, store.folder.locate(...at), one.start, one.size);
    }
  } catch (error) {
    store.dropStaged(file);
    throw error;
  } finally {
    closeSync(fd);
  }
  return store.place(at, file, written);
}

/** Get Block List. */
export function getBlockList(operation: Operation): Reply {
  const at = pathOf(operation);
  const type = (operation.request.query.get('blocklisttype') ?? 'committed').toLowerCase();
  const there = operation.store.find(...at);
  const pieces = operation.store.ledger.pieces(...at, 'block');
  if (!there && pieces.length === 0) throw fault('entryNotFound');
  if (there) assertBlocks(there);
  const blocks = (list: Block[]) =>
    list.map(({ id, size }) => element('Block', element('Name', id, true) + element('Size', String(size)))).join('');
  const committed = type === 'uncommitted' ? '' : element('CommittedBlocks', blocks(there?.blocks ?? []));
  const uncommitted =
    type === 'committed' ? '' : element('UncommittedBlocks', blocks(pieces.map(({ key, size }) => ({ id: key, size }))));
  const version = there ? versionHeaders(there) : { 'last-modified': httpDate(operation.store.nowMs()) };
  return xmlReply(
    { ...version, 'x-ms-blob-content-length': String(there?.size ?? 0) },
    element('BlockList', committed + uncommitted),
  );
}
