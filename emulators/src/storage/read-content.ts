// Reading: properties and content of a file or directory, whole or in part; the same through both doors.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { permissionsOf } from './access-control.ts';
import { assertReadable, conditionsFrom } from './conditions.ts';
import { Crc64 } from './crc64.ts';
import type { Entry } from './disk/store.ts';
import { assertLease } from './lease.ts';
import { httpDate, leaseHeadersOf, metadataHeaders, type Operation, pathOf, versionHeaders } from './operation.ts';
import { type FileSlice, type Reply, readWhole } from './reply.ts';
import { fault, invalidHeader } from './storage-error.ts';
import { structuredForm } from './structured-body.ts';

const CHECKED_RANGE_BYTES_MAX = 4 << 20;

/** GET of a path: content, with the part that a range header asks for. */
export function readContent(operation: Operation): Reply {
  const entry = readable(operation);
  const headers = { ...propertyHeaders(operation, entry), ...overrides(operation) };
  const { request, store } = operation;
  const asked = request.header('x-ms-range') ?? request.header('range');
  const range = asked === undefined ? undefined : parseRange(asked, entry.size);
  if (range === 'unsatisfiable') throw fault('invalidRange', { 'content-range': `bytes */${entry.size}` });
  if (entry.kind === 'directory') return { status: 200, headers };
  const [start, size] = range ?? [0, entry.size];
  const fd = openSync(store.folder.locate(entry.container, entry.path), 'r');
  const slice = { fd, start, size };
  if (fstatSync(fd).size < start + size) {
    closeSync(fd);
    throw new Error(`The file ${entry.path} became shorter while it was opened.`);
  }
  const reply: Reply = range ? partOf(operation, entry, headers, slice) : { status: 200, headers, slice };
  if (request.header('x-ms-structured-body') !== structuredForm || !reply.slice) return reply;
  const structured = { 'x-ms-structured-body': structuredForm, 'x-ms-structured-content-length': String(size) };
  return { ...reply, headers: { ...reply.headers, ...structured }, structured: true };
}

function partOf(operation: Operation, entry: Entry, whole: Reply['headers'], slice: FileSlice): Reply {
  const { request } = operation;
  const headers = {
    ...whole,
    'content-md5': undefined,
    'x-ms-blob-content-md5': whole?.['content-md5'],
    'content-range': `bytes ${slice.start}-${slice.start + slice.size - 1}/${entry.size}`,
  };
  const md5 = request.header('x-ms-range-get-content-md5') === 'true';
  const crc64 = request.header('x-ms-range-get-content-crc64') === 'true';
  if (!md5 && !crc64) return { status: 206, headers, slice };
  if (slice.size > CHECKED_RANGE_BYTES_MAX) {
    closeSync(slice.fd);
    throw invalidHeader(
      'x-ms-range',
      request.header('x-ms-range'),
      `a part with a checksum may have ${CHECKED_RANGE_BYTES_MAX} bytes at most`,
    );
  }
  const body = readWhole(slice);
  const crc = new Crc64();
  if (crc64) crc.update(body);
  const sums = {
    'content-md5': md5 ? createHash('md5').update(body).digest('base64') : undefined,
    'x-ms-content-crc64': crc64 ? crc.digest().toString('base64') : undefined,
  };
  return { status: 206, headers: { ...headers, ...sums }, body };
}

/** HEAD of a path. */
export function readProperties(operation: Operation): Reply {
  const entry = readable(operation);
  return { status: 200, headers: { ...propertyHeaders(operation, entry), 'content-length': String(entry.size) } };
}

function readable(operation: Operation): Entry {
  const [container, path] = pathOf(operation);
  const entry = operation.store.get(container, path);
  assertReadable(conditionsFrom(operation.request.header), entry);
  assertLease(entry.lease, operation.request.header('x-ms-lease-id'), operation.store.nowMs(), 'Blob', false);
  return entry;
}

/** All that the headers of an answer tell about an entry. */
export function propertyHeaders(operation: Operation, entry: Entry): Record<string, string | undefined> {
  return {
    'content-type': 'application/octet-stream',
    ...entry.headers,
    ...versionHeaders(entry),
    ...metadataHeaders(shownMetadata(entry)),
    ...leaseHeadersOf(operation, entry),
    'accept-ranges': 'bytes',
    'x-ms-creation-time': httpDate(entry.createdMs),
    'x-ms-blob-type': entry.blobType,
    'x-ms-server-encrypted': 'true',
    'x-ms-access-tier': entry.tier ?? 'Hot',
    'x-ms-access-tier-inferred': entry.tier ? undefined : 'true',
    'x-ms-resource-type': entry.kind,
    'x-ms-owner': entry.access.owner,
    'x-ms-group': entry.access.group,
    'x-ms-permissions': permissionsOf(entry.access),
    'x-ms-acl': entry.access.acl.join(','),
    'x-ms-expiry-time': entry.expiresMs === undefined ? undefined : httpDate(entry.expiresMs),
    'x-ms-blob-committed-block-count': entry.blobType === 'AppendBlob' ? String(entry.appended ?? 0) : undefined,
    'x-ms-blob-sealed': entry.sealed ? 'true' : undefined,
    ...copyHeaders(entry),
  };
}

/** The metadata as Blob shows it: a directory carries the mark of one. */
export function shownMetadata(entry: Entry): Record<string, string> {
  return entry.kind === 'directory' ? { ...entry.metadata, hdi_isfolder: 'true' } : entry.metadata;
}

function copyHeaders(entry: Entry): Record<string, string> {
  if (!entry.copy) return {};
  return {
    'x-ms-copy-id': entry.copy.id,
    'x-ms-copy-source': entry.copy.source,
    'x-ms-copy-status': 'success',
    'x-ms-copy-progress': `${entry.size}/${entry.size}`,
    'x-ms-copy-completion-time': httpDate(entry.copy.completedMs),
  };
}

function overrides(operation: Operation): Record<string, string> {
  const from = {
    rscc: 'cache-control',
    rscd: 'content-disposition',
    rsce: 'content-encoding',
    rscl: 'content-language',
    rsct: 'content-type',
  };
  const set: Record<string, string> = {};
  for (const [parameter, name] of Object.entries(from)) {
    const value = operation.request.query.get(parameter);
    if (value !== undefined) set[name] = value;
  }
  return set;
}

/** Start and size of `bytes=a-b`; a form that HTTP lets a server ignore gives undefined. */
function parseRange(header: string, length: number): [start: number, size: number] | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const size = Math.min(Number(match[2]), length);
    return size === 0 ? 'unsatisfiable' : [length - size, size];
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? length - 1 : Math.min(Number(match[2]), length - 1);
  return start >= length ? 'unsatisfiable' : end < start ? undefined : [start, end - start + 1];
}
