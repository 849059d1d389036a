// Data Lake requests on the account and on filesystems.
import { permissionsOf } from '../access-control.ts';
import { pageSize } from '../blob/account.ts';
import { assertName } from '../blob/container.ts';
import { readMarker, startOf, writeMarker } from '../blob/list-blobs.ts';
import { assertWritable, conditionsFrom } from '../conditions.ts';
import type { Entry } from '../disk/store.ts';
import { assertLease } from '../lease.ts';
import { httpDate, type Operation, versionHeaders } from '../operation.ts';
import { jsonReply, type Reply } from '../reply.ts';
import { fault, invalidHeader } from '../storage-error.ts';

/** Reads `name=base64,…`, the Data Lake's way to send metadata. */
export function readPropertyList(text: string | undefined): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    if (pair.trim() === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 1) throw invalidHeader('x-ms-properties', text, 'name=base64 pairs are needed');
    properties[pair.slice(0, equals).trim()] = Buffer.from(pair.slice(equals + 1), 'base64').toString('utf8');
  }
  return properties;
}

export function writePropertyList(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** Filesystem - List. */
export function listFilesystems(operation: Operation): Reply {
  const { request, store } = operation;
  const after = readMarker(request.query.get('continuation'));
  const prefix = request.query.get('prefix') ?? '';
  const names = store.containers().filter((name) => name.startsWith(prefix) && name > after);
  const limit = pageSize(request.query.get('maxresults'), 'maxResults');
  const filesystems = names.slice(0, limit).map((name) => {
    const container = store.container(name);
    return { name, etag: container.etag, lastModified: httpDate(container.modifiedMs) };
  });
  const last = names.length > limit ? filesystems.at(-1)?.name : undefined;
  return jsonReply({ 'x-ms-continuation': last && writeMarker(last) }, { filesystems });
}

/** Filesystem - Create. */
export function createFilesystem(operation: Operation): Reply {
  const metadata = readPropertyList(operation.request.header('x-ms-properties'));
  const container = operation.store.createContainer(assertName(operation), metadata);
  return { status: 201, headers: { ...versionHeaders(container), 'x-ms-namespace-enabled': 'true' } };
}

/** Filesystem - Get Properties. */
export function filesystemProperties(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  const properties = writePropertyList(container.metadata);
  return {
    status: 200,
    headers: { ...versionHeaders(container), 'x-ms-properties': properties, 'x-ms-namespace-enabled': 'true' },
  };
}

/** Filesystem - Set Properties. */
export function setFilesystemProperties(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  assertWritable(conditionsFrom(operation.request.header), container);
  const metadata = readPropertyList(operation.request.header('x-ms-properties'));
  return { status: 200, headers: versionHeaders(operation.store.updateContainer(container, { metadata })) };
}

/** Filesystem - Delete. */
export function deleteFilesystem(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  assertWritable(conditionsFrom(operation.request.header), container);
  assertLease(container.lease, operation.request.header('x-ms-lease-id'), operation.store.nowMs(), 'Container');
  operation.store.deleteContainer(container.name);
  return { status: 202 };
}

/** Path - List: all below a directory or its children only, page by page. */
export function listPaths(operation: Operation): Reply {
  const { request, store, target } = operation;
  const container = store.container(target.container ?? '').name;
  const directory = (request.query.get('directory') ?? '').replace(/^\/+|\/+$/g, '');
  if (directory !== '' && store.get(container, directory).kind !== 'directory') throw fault('kindMismatch');
  const limit = pageSize(request.query.get('maxresults'), 'maxResults');
  const deep = request.query.get('recursive')?.toLowerCase() === 'true';
  const prefix = directory === '' ? '' : `${directory}/`;
  const paths: unknown[] = [];
  const { after, from } = startOf(request.query.get('continuation'), request.query.get('beginfrom'), prefix);
  let last = after;
  let next: string | undefined;
  for (const found of store.folder.walk(container, { prefix, after, from, deep })) {
    const entry = store.find(container, found.path);
    if (!entry) continue;
    if (paths.length === limit) {
      next = writeMarker(last);
      break;
    }
    paths.push(pathItem(entry));
    last = found.key;
  }
  return jsonReply({ 'x-ms-continuation': next, 'x-ms-namespace-enabled': 'true' }, { paths });
}

function pathItem(entry: Entry): Record<string, string | undefined> {
  return {
    contentLength: String(entry.size),
    creationTime: fileTime(entry.createdMs),
    etag: entry.etag,
    expiryTime: entry.expiresMs === undefined ? undefined : fileTime(entry.expiresMs),
    group: entry.access.group,
    isDirectory: entry.kind === 'directory' ? 'true' : undefined,
    lastModified: httpDate(entry.modifiedMs),
    name: entry.path,
    owner: entry.access.owner,
    permissions: permissionsOf(entry.access),
  };
}

/** 100-nanosecond ticks since 1601, as the service writes times in listings. */
function fileTime(timeMs: number): string {
  return String((BigInt(Math.trunc(timeMs)) + 11_644_473_600_000n) * 10_000n);
}
