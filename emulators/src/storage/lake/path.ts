// Data Lake requests that make, rename, describe or delete a path.
import { createdAccess } from '../access-control.ts';
import { assertWritable, conditionsFrom } from '../conditions.ts';
import { isContainerName } from '../disk/path-names.ts';
import type { Entry } from '../disk/store.ts';
import { assertLease } from '../lease.ts';
import { existing, type Operation, pathOf, settableHeaders, versionHeaders, writable } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { fault, invalidHeader, invalidQuery, StorageError } from '../storage-error.ts';
import { targetOf } from '../storage-request.ts';
import { readPropertyList } from './filesystem.ts';

/** Path - Create: a file or directory, over a file that may be there. */
export function createPath(operation: Operation): Reply {
  const { request, store } = operation;
  const kind = request.query.get('resource');
  if (kind !== 'file' && kind !== 'directory') throw invalidQuery('resource', kind, 'file or directory is needed');
  const at = pathOf(operation);
  const there = writable(operation);
  if (there && there.kind !== kind) throw fault('kindMismatch');
  const written = {
    headers: settableHeaders(operation, 'x-ms-'),
    metadata: readPropertyList(request.header('x-ms-properties')),
    access: createdAccess(kind, {
      permissions: request.header('x-ms-permissions'),
      umask: request.header('x-ms-umask'),
      owner: request.header('x-ms-owner'),
      group: request.header('x-ms-group'),
      acl: request.header('x-ms-acl'),
    }),
    expiresMs: kind === 'file' ? expiryOf(operation, store.nowMs()) : undefined,
  };
  let entry = kind === 'file' ? store.place(at, store.stageNothing(), written) : store.createDirectory(at, written);
  const leaseId = request.header('x-ms-proposed-lease-id');
  if (leaseId !== undefined && kind === 'file') entry = leaseNew(operation, entry, leaseId);
  return { status: 201, headers: { ...versionHeaders(entry), 'content-length': '0', 'x-ms-request-server-encrypted': 'true' } };
}

function leaseNew(operation: Operation, entry: Entry, id: string): Entry {
  const durationS = Number(operation.request.header('x-ms-lease-duration') ?? -1);
  const endsMs = durationS === -1 ? null : operation.store.nowMs() + durationS * 1000;
  return operation.store.update(entry, { lease: { id, durationS, endsMs, breaking: false, broken: false } }, false);
}

/** Path - Rename: a file or a directory with all below it, in one step. */
export function renamePath(operation: Operation): Reply {
  const { request, store } = operation;
  const to = pathOf(operation);
  const source = renameSource(operation);
  assertWritable(conditionsFrom(request.header, 'x-ms-source-'), source, 'source');
  assertLease(source.lease, request.header('x-ms-source-lease-id'), store.nowMs(), 'Blob');
  const destination = writable(operation);
  if (source.container === to[0] && source.path === to[1]) return { status: 201, headers: versionHeaders(source) };
  assertDestination(operation, source, destination, to);
  const metadata = request.header('x-ms-properties');
  const headers = { ...source.headers, ...settableHeaders(operation, 'x-ms-') };
  const written = metadata === undefined ? { headers } : { headers, metadata: readPropertyList(metadata) };
  const entry = store.rename(source, to, { ...written, lease: undefined });
  return { status: 201, headers: { ...versionHeaders(entry), 'content-length': '0' } };
}

function assertDestination(
  operation: Operation,
  source: Entry,
  destination: Entry | undefined,
  to: readonly [string, string],
): void {
  const { store } = operation;
  if (`${to[0]}/${to[1]}/`.startsWith(`${source.container}/${source.path}/`)) {
    throw new StorageError(409, 'InvalidRenameSourcePath', 'A directory cannot be renamed to a path below itself.');
  }
  const parent = to[1].slice(0, Math.max(0, to[1].lastIndexOf('/')));
  if (parent !== '' && store.find(to[0], parent)?.kind !== 'directory') {
    throw new StorageError(
      404,
      'RenameDestinationParentPathNotFound',
      'The parent directory of the destination path does not exist.',
    );
  }
  if (!destination) return;
  if (destination.kind !== source.kind) {
    throw new StorageError(
      409,
      'InvalidSourceOrDestinationResourceType',
      'The source and destination resource type must be identical.',
    );
  }
  if (destination.kind === 'directory' && !store.folder.isEmpty(destination.container, destination.path)) {
    throw new StorageError(409, 'DestinationPathIsNotEmpty', 'The destination directory is not empty.', {
      code: 'DirectoryNotEmpty',
      message: 'The destination of a rename is a directory that is not empty.',
    });
  }
}

/** The source of a rename: `/filesystem/path`, with or without the account before it. */
function renameSource(operation: Operation): Entry {
  const { store, account } = operation;
  const header = operation.request.header('x-ms-rename-source') ?? '';
  const raw = header.replace(/\?.*$/, '');
  let { container, path } = targetOf(raw.startsWith('/') ? raw : `/${raw}`, account, { accountMayLack: true });
  // A filesystem may bear the account's own name.
  if (container === undefined || path === undefined || (!store.findContainer(container) && store.findContainer(account))) {
    ({ container, path } = targetOf(`/${account}/${raw.replace(/^\/+/, '')}`, account, {}));
  }
  if (container === undefined || path === undefined || !isContainerName(container)) {
    throw new StorageError(
      400,
      'InvalidRenameSourcePath',
      `The x-ms-rename-source "${header}" names no path: /filesystem/path is needed.`,
    );
  }
  const source = store.find(container, path);
  if (!source) throw new StorageError(404, 'SourcePathNotFound', 'The source path for a rename operation does not exist.');
  return source;
}

/** Path - Delete. A directory with content needs `recursive=true`. */
export function deletePath(operation: Operation): Reply {
  const entry = existing(operation);
  const recursive = operation.request.query.get('recursive')?.toLowerCase() === 'true';
  if (entry.kind === 'directory' && !recursive && !operation.store.folder.isEmpty(entry.container, entry.path))
    throw fault('notEmpty');
  operation.store.remove(entry);
  return { status: 200, headers: { 'content-length': '0' } };
}

/** Path - Update with action setProperties: the metadata given, in place of what was. */
export function setPathProperties(operation: Operation): Reply {
  const entry = existing(operation);
  const metadata = readPropertyList(operation.request.header('x-ms-properties'));
  const headers = { ...entry.headers, ...settableHeaders(operation, 'x-ms-') };
  return { status: 200, headers: versionHeaders(operation.store.update(entry, { metadata, headers })) };
}

/** Path - Set Expiry. */
export function setExpiry(operation: Operation): Reply {
  const entry = existing(operation);
  if (entry.kind === 'directory') throw fault('kindMismatch');
  const option = operation.request.header('x-ms-expiry-option');
  if (option === undefined)
    throw invalidHeader('x-ms-expiry-option', option, 'NeverExpire, RelativeToNow, RelativeToCreation or Absolute');
  const updated = operation.store.update(entry, { expiresMs: expiryOf(operation, entry.createdMs) });
  return { status: 200, headers: versionHeaders(updated) };
}

function expiryOf(operation: Operation, createdMs: number): number | undefined {
  const option = operation.request.header('x-ms-expiry-option')?.toLowerCase();
  const value = operation.request.header('x-ms-expiry-time');
  if (option === undefined || option === 'neverexpire') return undefined;
  const timeMs = option === 'absolute' ? Date.parse(value ?? '') : Number(value ?? Number.NaN);
  if (Number.isNaN(timeMs))
    throw invalidHeader('x-ms-expiry-time', value, 'a date, or milliseconds where the expiry is relative');
  switch (option) {
    case 'absolute':
      return timeMs;
    case 'relativetonow':
      return operation.store.nowMs() + timeMs;
    case 'relativetocreation':
      return createdMs + timeMs;
    default:
      throw invalidHeader('x-ms-expiry-option', option, 'NeverExpire, RelativeToNow, RelativeToCreation or Absolute');
  }
}
