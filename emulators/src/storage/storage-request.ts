// A request as both doors read it: its parts decoded once, and where it points. It may come from a socket or from a batch's body.
// Must not know what any operation means.
import { StorageError } from './storage-error.ts';

/** One request. Names of headers and query parameters are in lower case; paths and values decoded, but for `rawPath`. */
export interface StorageRequest {
  method: string;
  /** The path as sent, which is what a client signs. */
  rawPath: string;
  queryPairs: [name: string, value: string][];
  query: Map<string, string>;
  /** Headers in lower case, one each. */
  headerPairs: [name: string, value: string][];
  /** Metadata headers with the case that the client wrote. */
  metadata: Record<string, string>;
  /** A header's value; some SDKs send empty ones for what they have no value for, and these count as absent. */
  header(name: string): string | undefined;
  body: AsyncIterable<Uint8Array>;
  /** Whether it came over TLS. */
  secure: boolean;
  id: string;
}

/** Where a request points: the account (neither), a container, or a path in one. */
export interface Target {
  container?: string | undefined;
  path?: string | undefined;
}

/** Reads a request line and headers (`rawHeaders` alternates names and values). */
export function readRequest(
  from: { method: string; url: string; rawHeaders: readonly string[]; secure: boolean; id: string },
  body: AsyncIterable<Uint8Array>,
): StorageRequest {
  const mark = from.url.indexOf('?');
  const rawPath = mark < 0 ? from.url : from.url.slice(0, mark);
  const queryPairs = mark < 0 ? [] : readQuery(from.url.slice(mark + 1));
  const headers = new Map<string, string>();
  const metadata: Record<string, string> = {};
  for (let i = 0; i + 1 < from.rawHeaders.length; i += 2) {
    const [name, value] = [from.rawHeaders[i] ?? '', from.rawHeaders[i + 1] ?? ''];
    const lower = name.toLowerCase();
    const earlier = headers.get(lower);
    headers.set(lower, earlier === undefined ? value : `${earlier},${value}`);
    if (lower.startsWith('x-ms-meta-')) metadata[name.slice('x-ms-meta-'.length)] = value;
  }
  return {
    ...from,
    rawPath,
    queryPairs,
    query: new Map(queryPairs),
    headerPairs: [...headers],
    metadata,
    header: (name) => headers.get(name) || undefined,
    body,
  };
}

function readQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      return [decode(name).toLowerCase(), equals < 0 ? '' : decode(pair.slice(equals + 1))];
    });
}

/** Undoes percent-encoding; a malformed one is the client's error. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StorageError(400, 'InvalidUri', `The percent-encoding of "${text}" in the request URI is invalid.`);
  }
}

/**
 * Where a raw path points. The account is the first segment, or the first label of the host. A rename by the JavaScript SDK leaves the
 * account out of a path-style address, so there the account may be missing.
 */
export function targetOf(
  rawPath: string,
  account: string,
  options: { host?: string | undefined; accountMayLack?: boolean },
): Target {
  const segments = rawPath.replace(/^\/+/, '').split('/');
  if (segments[0] === account) segments.shift();
  else if (!options.accountMayLack && !options.host?.startsWith(`${account}.`)) {
    const text = `The account "${segments[0] ?? ''}" is not served here: this emulator holds "${account}".`;
    throw new StorageError(404, 'ResourceNotFound', text);
  }
  const [container = '', ...rest] = segments;
  const path = decode(rest.join('/')).replace(/^\/+|\/+$/g, '');
  return { container: container === '' ? undefined : decode(container), path: path === '' ? undefined : path };
}
