// What every operation of both doors gets, and the checks and headers that many of them share.
import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { Grant } from './authorization/authorize.ts';
import { assertWritable, conditionsFrom } from './conditions.ts';
import { Crc64 } from './crc64.ts';
import { writeFully } from './disk/journal.ts';
import { type ContentHeaders, contentHeaders } from './disk/ledger.ts';
import { assertPath } from './disk/path-names.ts';
import type { Container, Entry, Store } from './disk/store.ts';
import { assertLease, leaseHeaders } from './lease.ts';
import { fault, invalidHeader, StorageError, unsupported } from './storage-error.ts';
import type { StorageRequest, Target } from './storage-request.ts';
import { decodeStructured, structuredForm } from './structured-body.ts';

/** One request under way. */
export interface Operation {
  request: StorageRequest;
  target: Target;
  store: Store;
  account: string;
  /** The account's address, without a slash at the end. */
  url: string;
  grant: Grant;
  /** Authorizes a read of another resource of this account, for the source of a copy. */
  authorizeSource(url: URL): Target;
}

const unsupportedHeaders = [
  'x-ms-if-tags',
  'x-ms-source-if-tags',
  'x-ms-tags',
  'x-ms-encryption-key',
  'x-ms-encryption-scope',
  'x-ms-encryption-context',
  'x-ms-legal-hold',
  'x-ms-immutability-policy-until-date',
  'x-ms-source-content-md5',
  'x-ms-source-content-crc64',
  'x-ms-copy-source-authorization',
];

/** Refuses what a request may ask by a header and is not kept: to pass over it would be a wrong result. */
export function assertKnownHeaders(request: StorageRequest): void {
  const strange = unsupportedHeaders.find((name) => request.header(name) !== undefined);
  if (strange !== undefined) throw unsupported(`the header ${strange}`);
}

/** The container and path that a request points at. */
export function pathOf(operation: Operation): [container: string, path: string] {
  const { container, path } = operation.target;
  if (container === undefined || path === undefined) throw unsupported('this request without a path');
  operation.store.container(container);
  assertPath(path);
  return [container, path];
}

/** What is at a path and may be written by this request: its lease and conditions hold. */
export function writable(operation: Operation): Entry | undefined {
  const [container, path] = pathOf(operation);
  const there = operation.store.find(container, path);
  assertWritable(conditionsFrom(operation.request.header), there);
  assertEntryLease(operation, there);
  if (there && operation.grant.by === 'sas' && isCreateOnly(operation.grant.letters)) {
    throw new StorageError(403, 'UnauthorizedBlobOverwrite', 'This request is not authorized to perform blob overwrites.');
  }
  return there;
}

/** The same, for operations on what must be there. */
export function existing(operation: Operation): Entry {
  const [container, path] = pathOf(operation);
  const there = operation.store.get(container, path);
  assertWritable(conditionsFrom(operation.request.header), there);
  assertEntryLease(operation, there);
  return there;
}

function assertEntryLease(operation: Operation, there: Entry | undefined): void {
  // A lease named for nothing is as wrong as one named for an unleased blob; a create without any passes.
  assertLease(there?.lease, operation.request.header('x-ms-lease-id'), operation.store.nowMs(), 'Blob');
}

function isCreateOnly(letters: string): boolean {
  return letters.includes('c') && !/[wadm]/.test(letters);
}

/** A received body, among the staged files; `md5` only where it was asked for. */
export interface Received {
  file: string;
  size: number;
  md5: string | undefined;
}

/** Streams the body into a staged file, checked against the length and checksums that the client gave. */
export async function receiveBody(operation: Operation, hashed = true): Promise<Received> {
  const { request, store } = operation;
  const wanted = { md5: request.header('content-md5'), crc64: request.header('x-ms-content-crc64') };
  const md5 = hashed || wanted.md5 !== undefined ? createHash('md5') : undefined;
  const crc64 = wanted.crc64 === undefined ? undefined : new Crc64();
  const { body, announced } = plainBody(request);
  const { file, fd } = store.stage();
  let size = 0;
  try {
    for await (const chunk of body) {
      md5?.update(chunk);
      crc64?.update(chunk);
      writeFully(fd, chunk, size);
      size += chunk.length;
    }
    if (announced !== undefined && Number(announced) !== size) throw fault('bodyIncomplete');
    const digest = md5?.digest('base64');
    if (wanted.md5 !== undefined && wanted.md5 !== digest) throw fault('md5Mismatch');
    if (crc64 && wanted.crc64 !== crc64.digest().toString('base64')) throw fault('crc64Mismatch');
    return { file, size, md5: digest };
  } catch (error) {
    store.dropStaged(file);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** The content of a body and its announced length, out of a structured one if it is that. */
function plainBody(request: StorageRequest): { body: AsyncIterable<Uint8Array>; announced: string | undefined } {
  const form = request.header('x-ms-structured-body');
  if (form === undefined) return { body: request.body, announced: request.header('content-length') };
  if (form !== structuredForm) throw invalidHeader('x-ms-structured-body', form, `${structuredForm} is known`);
  return { body: decodeStructured(request.body), announced: request.header('x-ms-structured-content-length') };
}

/** Reads a small text body, such as a block list. */
export async function receiveText(operation: Operation, bytesMax = 16 << 20): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of operation.request.body) {
    size += chunk.length;
    if (size > bytesMax) throw invalidHeader('content-length', String(size), `this body may have ${bytesMax} bytes at most`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Does something with a received body; drops the staged file if that is refused. */
export async function withBody<T>(operation: Operation, work: (received: Received) => T, hashed = true): Promise<T> {
  const received = await receiveBody(operation, hashed);
  try {
    return work(received);
  } catch (error) {
    operation.store.dropStaged(received.file);
    throw error;
  }
}

/** The content headers that a request sets, `x-ms-blob-content-type` and the like (or `x-ms-content-type`). */
export function settableHeaders(operation: Operation, prefix: 'x-ms-blob-' | 'x-ms-'): ContentHeaders {
  const set: ContentHeaders = {};
  for (const name of contentHeaders) {
    const value = operation.request.header(prefix + name);
    if (value !== undefined && value !== '') set[name] = value;
  }
  return set;
}

/** The etag and time of an entry or container, as headers. */
export function versionHeaders(versioned: Entry | Container): Record<string, string> {
  return { etag: `"${versioned.etag}"`, 'last-modified': httpDate(versioned.modifiedMs) };
}

export function metadataHeaders(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));
}

export function leaseHeadersOf(operation: Operation, leased: Entry | Container): Record<string, string> {
  return leaseHeaders(leased.lease, operation.store.nowMs());
}

export function httpDate(timeMs: number): string {
  return new Date(timeMs).toUTCString();
}
