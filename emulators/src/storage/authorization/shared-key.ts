// The account key's signature over a request (SharedKey and SharedKeyLite). Pure but for the hash.
// Source: learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StorageRequest } from '../storage-request.ts';

const signedHeaders = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
];

/** HMAC-SHA256 of a text under a base64 key, in base64. */
export function hmac(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
}

/** Compares two signatures without telling by time how far they agree. */
export function sameSignature(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether a signature is the account key's over this request, whichever of the known header orders the client signs in. */
export function isSharedKeySignature(request: StorageRequest, account: string, key: string, signature: string): boolean {
  const value = (name: string) => request.header(name) ?? '';
  const standard = signedHeaders.map((name) => (name === 'content-length' && value(name) === '0' ? '' : value(name)));
  const head = [request.method, ...standard].join('\n');
  const resource = `/${account}${request.rawPath}${canonicalQuery(request)}`;
  return headerOrders(request).some((headers) => sameSignature(hmac(key, `${head}\n${headers}${resource}`), signature));
}

/** The same for SharedKeyLite, which signs less. */
export function isSharedKeyLiteSignature(request: StorageRequest, account: string, key: string, signature: string): boolean {
  const value = (name: string) => request.header(name) ?? '';
  const head = [request.method, value('content-md5'), value('content-type'), value('x-ms-date') ? '' : value('date')].join('\n');
  const comp = request.query.get('comp');
  const resource = `/${account}${request.rawPath}${comp === undefined ? '' : `?comp=${comp}`}`;
  return headerOrders(request).some((headers) => sameSignature(hmac(key, `${head}\n${headers}${resource}`), signature));
}

function canonicalQuery(request: StorageRequest): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of request.queryPairs) byName.set(name, [...(byName.get(name) ?? []), value]);
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `\n${name}:${values.sort().join(',')}`)
    .join('');
}

/** The x-ms- headers as one text, in each order that clients are known to sort them. */
function headerOrders(request: StorageRequest): string[] {
  const headers = request.headerPairs.filter(([name]) => name.startsWith('x-ms-'));
  const text = (order: (a: string, b: string) => number) =>
    [...headers]
      .sort(([a], [b]) => order(a, b))
      .map(([name, value]) => `${name}:${value.trim()}\n`)
      .join('');
  return [...new Set([text(wordOrder), text(weightOrder), text((a, b) => (a < b ? -1 : 1))])];
}

/** The service's own order: hyphens count only where all else is equal, then the one whose hyphen comes first is the greater. */
function wordOrder(a: string, b: string): number {
  const plain = weightOrder(a.replaceAll('-', ''), b.replaceAll('-', ''));
  if (plain !== 0) return plain;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a[i] === '-' ? 1 : -1;
}

/** Hyphen, underscore, digits, letters. */
function weightOrder(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = weight(a.charCodeAt(i)) - weight(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function weight(code: number): number {
  if (code === 0x2d) return 0;
  return code >= 0x30 && code <= 0x39 ? 0x100 + code : code >= 0x61 ? 0x200 + code : code;
}
