// Whole blobs: written in one piece, described, leased, deleted.
import { randomUUID } from 'node:crypto';
import type { ContentHeaders } from '../disk/ledger.ts';
import type { Entry } from '../disk/store.ts';
import {
  existing,
  type Operation,
  type Received,
  receiveBody,
  settableHeaders,
  versionHeaders,
  withBody,
  writable,
} from '../operation.ts';
import { shownMetadata } from '../read-content.ts';
import type { Reply } from '../reply.ts';
import { fault, invalidHeader, StorageError, unsupported } from '../storage-error.ts';
import { readSource } from './copy-source.ts';

/** Put Blob: a block blob with its content, or an empty append blob. */
export function putBlob(operation: Operation): Promise<Reply> {
  const type = operation.request.header('x-ms-blob-type');
  if (type !== 'BlockBlob' && type !== 'AppendBlob') {
    if (type === 'PageBlob') throw unsupported('page blobs');
    throw invalidHeader('x-ms-blob-type', type, 'BlockBlob or AppendBlob is needed');
  }
  return withBody(operation, (body) => {
    const there = writable(operation);
    if (operation.request.metadata.hdi_isfolder === 'true' && body.size === 0) return putDirectory(operation, body, there);
    if (there?.kind === 'directory') throw fault('kindMismatch');
    if (type === 'AppendBlob' && body.size > 0)
      throw invalidHeader('content-length', String(body.size), 'an append blob begins empty');
    const md5: ContentHeaders = type === 'BlockBlob' && body.md5 !== undefined ? { 'content-md5': body.md5 } : {};
    const headers = { ...md5, ...bodyType(operation), ...settableHeaders(operation, 'x-ms-blob-') };
    const at = [operation.target.container ?? '', operation.target.path ?? ''] as const;
    const tier = tierOf(operation);
    const entry = operation.store.place(at, body.file, { blobType: type, headers, metadata: operation.request.metadata, tier });
    return {
      status: 201,
      headers: { ...versionHeaders(entry), 'content-md5': body.md5, 'x-ms-request-server-encrypted': 'true' },
    };
  });
}

/** An empty blob with the mark of a directory is one, where the namespace is hierarchical. */
function putDirectory(operation: Operation, body: Received, there: Entry | undefined): Reply {
  const at = [operation.target.container ?? '', operation.target.path ?? ''] as const;
  if (there?.kind === 'file') throw fault('kindMismatch');
  const entry = operation.store.createDirectory(at, { metadata: withoutFolderMark(operation) });
  operation.store.dropStaged(body.file);
  return { status: 201, headers: { ...versionHeaders(entry), 'x-ms-request-server-encrypted': 'true' } };
}

/** A plain Content-Type counts where no x-ms-blob-content-type is given. */
function bodyType(operation: Operation): ContentHeaders {
  const type = operation.request.header('content-type');
  return type && type !== 'application/octet-stream' ? { 'content-type': type } : {};
}

/** Set Blob Metadata. */
export function setMetadata(operation: Operation): Reply {
  const entry = existing(operation);
  return { status: 200, headers: versionHeaders(operation.store.update(entry, { metadata: withoutFolderMark(operation) })) };
}

function withoutFolderMark(operation: Operation): Record<string, string> {
  const { hdi_isfolder: _, ...metadata } = operation.request.metadata;
  return metadata;
}

/** Set Blob Properties: those not given are cleared, as in the service. */
export function setProperties(operation: Operation): Reply {
  const entry = existing(operation);
  return {
    status: 200,
    headers: versionHeaders(operation.store.update(entry, { headers: settableHeaders(operation, 'x-ms-blob-') })),
  };
}

/** Set Blob Tier: kept and shown, without effect. */
export function setTier(operation: Operation): Reply {
  const tier = tierOf(operation);
  if (tier === undefined) throw invalidHeader('x-ms-access-tier', undefined, 'Hot, Cool or Cold is needed');
  operation.store.update(existing(operation), { tier }, false);
  return { status: 200 };
}

/** The access tier that a request asks for. An archived blob could not be read, which is not emulated. */
export function tierOf(operation: Operation): string | undefined {
  const tier = operation.request.header('x-ms-access-tier');
  if (tier === undefined || ['Hot', 'Cool', 'Cold'].includes(tier)) return tier;
  if (tier === 'Archive') throw unsupported('the access tier Archive');
  throw invalidHeader('x-ms-access-tier', tier, 'Hot, Cool or Cold is needed');
}

/** Delete Blob. */
export function deleteBlob(operation: Operation): Reply {
  const entry = existing(operation);
  if (operation.request.header('x-ms-delete-snapshots') === 'only') return { status: 202 };
  if (entry.kind === 'directory' && !operation.store.folder.isEmpty(entry.container, entry.path)) throw fault('notEmpty');
  operation.store.remove(entry);
  return { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } };
}

/** Append Block. */
export function appendBlock(operation: Operation): Promise<Reply> {
  const position = operation.request.header('x-ms-blob-condition-appendpos');
  const sizeMax = operation.request.header('x-ms-blob-condition-maxsize');
  return withBody(operation, (body) => {
    const entry = appendable(operation);
    if (position !== undefined && Number(position) !== entry.size) {
      throw new StorageError(412, 'AppendPositionConditionNotMet', 'The append position condition specified was not met.');
    }
    if (sizeMax !== undefined && entry.size + body.size > Number(sizeMax)) {
      throw new StorageError(412, 'MaxBlobSizeConditionNotMet', 'The max blob size condition specified was not met.');
    }
    const appended = (entry.appended ?? 0) + 1;
    const updated = operation.store.extend(entry, [{ file: body.file }], [], { appended });
    const headers = { 'x-ms-blob-append-offset': String(entry.size), 'x-ms-blob-committed-block-count': String(appended) };
    return {
      status: 201,
      headers: { ...versionHeaders(updated), ...headers, 'content-md5': body.md5, 'x-ms-request-server-encrypted': 'true' },
    };
  });
}

/** Append Blob Seal. */
export function sealBlob(operation: Operation): Reply {
  const entry = operation.store.update(appendable(operation, true), { sealed: true });
  return { status: 200, headers: { ...versionHeaders(entry), 'x-ms-blob-sealed': 'true' } };
}

function appendable(operation: Operation, sealedToo = false): ReturnType<typeof existing> {
  const entry = existing(operation);
  if (entry.kind !== 'file' || entry.blobType !== 'AppendBlob') {
    throw new StorageError(409, 'InvalidBlobType', 'The blob type is invalid for this operation.');
  }
  if (entry.sealed && !sealedToo)
    throw new StorageError(409, 'BlobIsSealed', 'The specified blob is sealed and its contents cannot be modified.');
  return entry;
}

/** Copy Blob and Put Blob From URL, from a blob of this account; done at once. */
export async function copyBlob(operation: Operation): Promise<Reply> {
  if (operation.request.header('x-ms-blob-type') !== undefined) await dropBody(operation);
  const { source, file } = readSource(operation);
  try {
    const there = writable(operation);
    if (there?.kind === 'directory') throw fault('kindMismatch');
    const id = randomUUID();
    const given = operation.request.metadata;
    const metadata = Object.keys(given).length > 0 ? given : shownMetadata(source);
    const set = settableHeaders(operation, 'x-ms-blob-');
    const headers = { ...source.headers, ...set };
    const copy = { id, source: operation.request.header('x-ms-copy-source') ?? '', completedMs: operation.store.nowMs() };
    const at = [operation.target.container ?? '', operation.target.path ?? ''] as const;
    const { blobType, appended, blocks } = source;
    const entry = operation.store.place(at, file, { blobType, appended, blocks, metadata, headers, copy });
    const status = operation.request.header('x-ms-blob-type') !== undefined ? 201 : 202;
    return { status, headers: { ...versionHeaders(entry), 'x-ms-copy-id': id, 'x-ms-copy-status': 'success' } };
  } catch (error) {
    operation.store.dropStaged(file);
    throw error;
  }
}

async function dropBody(operation: Operation): Promise<void> {
  operation.store.dropStaged((await receiveBody(operation)).file);
}
