// List Blobs, flat or by hierarchy. Directories made by name are listed as an account with a hierarchical namespace lists them;
// those that merely hold blobs are not.
import type { Found } from '../disk/folder.ts';
import type { Entry } from '../disk/store.ts';
import { httpDate, leaseHeadersOf, type Operation } from '../operation.ts';
import { shownMetadata } from '../read-content.ts';
import { type Reply, xmlReply } from '../reply.ts';
import { invalidQuery, unsupported } from '../storage-error.ts';
import { element, escapeXml, nameElement, optional } from '../xml.ts';
import { metadataElement, pageSize } from './account.ts';

// Snapshots, versions, deleted blobs, tags and holds cannot be made here, so leaving them out of a listing is right.
const includable = [
  'metadata',
  'copy',
  'snapshots',
  'versions',
  'deleted',
  'deletedwithversions',
  'tags',
  'immutabilitypolicy',
  'legalhold',
  'permissions',
];

interface Page {
  blobs: Entry[];
  prefixes: string[];
  next: string;
}

/** List Blobs. */
export function listBlobs(operation: Operation): Reply {
  const { request, target } = operation;
  const query = (name: string) => request.query.get(name);
  const include = (query('include') ?? '').split(',').filter((part) => part !== '');
  const strange = include.find((part) => !includable.includes(part));
  if (strange !== undefined) throw unsupported(`include=${strange} in a listing of blobs`);
  if (query('endbefore')) throw unsupported('endBefore in a listing of blobs');
  const container = operation.store.container(target.container ?? '');
  const page = readPage(operation, query('delimiter') || undefined);
  const blobs = page.blobs.map((entry) => blobElement(operation, entry, include));
  const prefixes = page.prefixes.map((prefix) => element('BlobPrefix', nameElement(prefix)));
  return xmlReply(
    {},
    `<EnumerationResults ServiceEndpoint="${escapeXml(operation.url)}/" ContainerName="${escapeXml(container.name)}">`,
    ...['prefix', 'marker', 'maxresults', 'delimiter'].map((name) => optional(tags[name] ?? name, query(name))),
    element('Blobs', blobs.join('') + prefixes.join('')),
    element('NextMarker', page.next, true),
    '</EnumerationResults>',
  );
}

const tags: Record<string, string> = { prefix: 'Prefix', marker: 'Marker', maxresults: 'MaxResults', delimiter: 'Delimiter' };

function readPage(operation: Operation, delimiter: string | undefined): Page {
  const { request, store, target } = operation;
  const container = target.container ?? '';
  const prefix = request.query.get('prefix') ?? '';
  const limit = pageSize(request.query.get('maxresults'));
  const only = request.query.get('showonly');
  const page: Page = { blobs: [], prefixes: [], next: '' };
  const { after, from } = startOf(request.query.get('marker'), request.query.get('startfrom'));
  const behind = from === undefined ? after : '';
  let last = after;
  for (const found of store.folder.walk(container, { prefix, after, from, deep: delimiter !== '/' })) {
    const group = groupOf(found, prefix, delimiter);
    if (group !== undefined && (group === page.prefixes.at(-1) || behind.startsWith(group))) continue;
    const entry = group === undefined ? shown(operation, found) : undefined;
    if ((group === undefined && !entry) || (only && (group !== undefined ? 'directories' : 'files') !== only)) continue;
    if (page.blobs.length + page.prefixes.length === limit) {
      page.next = writeMarker(last);
      break;
    }
    if (group !== undefined) page.prefixes.push(group);
    else if (entry) page.blobs.push(entry);
    last = group !== undefined && delimiter !== '/' ? group : found.key;
  }
  return page;
}

/** The prefix that a delimiter cuts out of a name; undefined for what is listed as a blob. */
function groupOf(found: Found, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  if (delimiter === '/') return found.kind === 'directory' ? found.key : undefined;
  const cut = found.path.indexOf(delimiter, prefix.length);
  return cut < 0 ? undefined : found.path.slice(0, cut + delimiter.length);
}

function shown(operation: Operation, found: Found): Entry | undefined {
  const entry = operation.store.find(operation.target.container ?? '', found.path);
  return entry && (entry.kind === 'file' || entry.named) ? entry : undefined;
}

function blobElement(operation: Operation, entry: Entry, include: string[]): string {
  const lease = leaseHeadersOf(operation, entry);
  const { headers, copy } = entry;
  const properties =
    element('Creation-Time', httpDate(entry.createdMs)) +
    element('Last-Modified', httpDate(entry.modifiedMs)) +
    element('Etag', entry.etag) +
    optional('ResourceType', entry.kind) +
    element('Content-Length', String(entry.size)) +
    element('Content-Type', headers['content-type'] ?? 'application/octet-stream', true) +
    optional('Content-Encoding', headers['content-encoding']) +
    optional('Content-Language', headers['content-language']) +
    optional('Content-MD5', headers['content-md5']) +
    optional('Cache-Control', headers['cache-control']) +
    optional('Content-Disposition', headers['content-disposition']) +
    element('BlobType', entry.blobType) +
    element('AccessTier', entry.tier ?? 'Hot') +
    (entry.tier ? '' : '<AccessTierInferred>true</AccessTierInferred>') +
    optional('LeaseStatus', lease['x-ms-lease-status']) +
    optional('LeaseState', lease['x-ms-lease-state']) +
    optional('LeaseDuration', lease['x-ms-lease-duration']) +
    (copy && include.includes('copy')
      ? `${element('CopyId', copy.id)}${element('CopyStatus', 'success')}${element('CopySource', copy.source, true)}`
      : '') +
    (entry.sealed ? '<Sealed>true</Sealed>' : '') +
    (entry.expiresMs === undefined ? '' : element('Expiry-Time', httpDate(entry.expiresMs))) +
    '<ServerEncrypted>true</ServerEncrypted>';
  const metadata = include.includes('metadata') ? metadataElement(shownMetadata(entry)) : '';
  return element('Blob', `${nameElement(entry.path)}${element('Properties', properties)}${metadata}`);
}

/** Where a page begins: behind the page before, or at a name that the client chose. */
export function startOf(
  marker: string | undefined,
  from: string | undefined,
  prefix = '',
): { after: string; from: string | undefined } {
  if (marker || !from) return { after: readMarker(marker), from: undefined };
  return { after: prefix + from, from: prefix + from };
}

/** A marker is the last key of the page before, so a page goes on wherever others wrote or deleted meanwhile. */
export function writeMarker(key: string): string {
  return Buffer.from(`1!${key}`).toString('base64url');
}

export function readMarker(marker: string | undefined): string {
  if (marker === undefined || marker === '') return '';
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith('1!')) throw invalidQuery('marker', marker, 'the marker of an earlier page of this emulator is needed');
  return text.slice(2);
}
