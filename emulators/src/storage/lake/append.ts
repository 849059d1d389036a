// Append and flush: bytes sent to a position stay unseen until a flush makes the file as long as it says.

import type { Piece } from '../disk/ledger.ts';
import type { Entry } from '../disk/store.ts';
import { applyLease } from '../lease.ts';
import { existing, type Operation, pathOf, type Received, settableHeaders, versionHeaders, withBody } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { fault, invalidQuery, StorageError } from '../storage-error.ts';

/** Path - Update with action append. */
export function append(operation: Operation): Promise<Reply> {
  const position = positionOf(operation);
  return withBody(operation, (body) => keepAppend(operation, position, body), false);
}

function keepAppend(operation: Operation, position: number, body: Received): Reply {
  const entry = appendable(operation);
  const piece: Piece = { kind: 'append', key: pieceKey(position), position, size: body.size, file: body.file };
  const headers = { 'content-md5': body.md5, 'x-ms-request-server-encrypted': 'true' };
  if (body.size > 0) operation.store.keepPiece(pathOf(operation), piece);
  else operation.store.dropStaged(body.file);
  if (operation.request.query.get('flush')?.toLowerCase() !== 'true') {
    applyLeaseAction(operation, entry);
    return { status: 202, headers: { ...headers, 'x-ms-lease-renewed': leaseRenewed(operation) } };
  }
  const flushed = flushTo(operation, entry, position + body.size);
  return { status: 202, headers: { ...versionHeaders(flushed), ...headers, 'x-ms-lease-renewed': leaseRenewed(operation) } };
}

/** Path - Update with action flush: O(bytes appended since the last flush). */
export function flush(operation: Operation): Reply {
  const position = positionOf(operation);
  const entry = appendable(operation);
  const flushed = flushTo(operation, entry, position);
  return {
    status: 200,
    headers: { ...versionHeaders(flushed), 'content-length': '0', 'x-ms-lease-renewed': leaseRenewed(operation) },
  };
}

function flushTo(operation: Operation, entry: Entry, position: number): Entry {
  const { request, store } = operation;
  const pieces = store.ledger.pieces(entry.container, entry.path, 'append');
  const used = contiguous(pieces, entry.size, position);
  const retains = request.query.get('retainuncommitteddata')?.toLowerCase() === 'true';
  const dropped = retains ? pieces.filter((piece) => piece.position < position) : pieces;
  // The hash that described the shorter file describes it no longer.
  const { 'content-md5': _, ...kept } = entry.headers;
  const headers = { ...(used.length > 0 ? kept : entry.headers), ...settableHeaders(operation, 'x-ms-') };
  const flushed = store.extend(entry, used, dropped, { headers, blocks: undefined });
  return applyLeaseAction(operation, flushed);
}

/** The pieces that lead from one length of the file to another without a gap or an overlap. */
function contiguous(pieces: Piece[], from: number, to: number): Piece[] {
  const used: Piece[] = [];
  let end = from;
  for (const piece of pieces) {
    if (piece.position !== end || end === to) continue;
    used.push(piece);
    end += piece.size;
  }
  if (end === to) return used;
  const text =
    'The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.';
  throw new StorageError(
    400,
    'InvalidFlushPosition',
    `${text} (The file has ${from} bytes, data is there up to ${end}, asked was ${to}.)`,
  );
}

function appendable(operation: Operation): Entry {
  const acquires = operation.request.header('x-ms-lease-action')?.startsWith('acquire');
  const entry = acquires ? acquireFirst(operation) : existing(operation);
  if (entry.kind === 'directory') throw fault('kindMismatch');
  if (entry.blobType !== 'BlockBlob')
    throw new StorageError(
      409,
      'InvalidFlushOperation',
      'The resource was created or modified by the Blob Service API and cannot be written to by the Data Lake Storage Service API.',
    );
  return entry;
}

function acquireFirst(operation: Operation): Entry {
  const [container, path] = pathOf(operation);
  const { request, store } = operation;
  const entry = store.get(container, path);
  const proposedId = request.header('x-ms-proposed-lease-id');
  const durationS = Number(request.header('x-ms-lease-duration') ?? -1);
  const { lease } = applyLease(entry.lease, { action: 'acquire', proposedId, durationS }, store.nowMs());
  return store.update(entry, { lease }, false);
}

/** The lease actions that may ride on an append or flush, after it is done. */
function applyLeaseAction(operation: Operation, entry: Entry): Entry {
  const { request, store } = operation;
  const action = request.header('x-ms-lease-action');
  const id = request.header('x-ms-lease-id');
  if (action === 'auto-renew')
    return store.update(entry, { lease: applyLease(entry.lease, { action: 'renew', id }, store.nowMs()).lease }, false);
  if (action === 'release' || action === 'acquire-release') return store.update(entry, { lease: undefined }, false);
  return entry;
}

function leaseRenewed(operation: Operation): string | undefined {
  return operation.request.header('x-ms-lease-action') === 'auto-renew' ? 'true' : undefined;
}

function positionOf(operation: Operation): number {
  const text = operation.request.query.get('position');
  const position = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(position) || position < 0) {
    throw invalidQuery('position', text, 'a whole number of bytes is needed');
  }
  return position;
}

/** Keys sort like their positions, and an append sent again replaces the first. */
function pieceKey(position: number): string {
  return String(position).padStart(16, '0');
}
