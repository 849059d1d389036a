// Tokens: shared access signatures, verified as the service does, and (where they are allowed) bearer tokens.
// Knows nothing of connections; the clock is passed in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { pathOfAddress } from './entity-address.ts';

export type AccessRight = 'Send' | 'Listen' | 'Manage';

export interface AccessKey {
  readonly name: string;
  readonly key: string;
  /** `Manage` includes the other two. */
  readonly rights: readonly AccessRight[];
}

/** What a token grants: on this path and below it, until then. */
export interface Grant {
  readonly path: string;
  readonly rights: ReadonlySet<AccessRight>;
  readonly expiresMs: number;
}

/** Why a token is refused, in the service's words. */
export interface Refusal {
  readonly refused: string;
}

const TOKEN_TYPES: ReadonlySet<string> = new Set(['servicebus.windows.net:sastoken', 'jwt']);

export class TokenVerifier {
  readonly #keys: readonly AccessKey[];
  readonly #acceptsBearer: boolean;
  readonly #now: () => number;

  constructor(keys: readonly AccessKey[], acceptsBearer: boolean, now: () => number) {
    this.#keys = keys;
    this.#acceptsBearer = acceptsBearer;
    this.#now = now;
  }

  /** Verifies a token that was put for an audience. A signature may come under the type `jwt` too: some SDKs send it so. */
  verify(token: string, type: string, audience: string): Grant | Refusal {
    if (!TOKEN_TYPES.has(type)) return { refused: `InvalidType: The token type '${type}' is not supported.` };
    if (token.startsWith('SharedAccessSignature ')) return this.#verifySignature(token, audience);
    if (type === 'jwt' && this.#acceptsBearer) return this.#verifyBearer(token, audience);
    return { refused: 'MalformedToken: The token is no shared access signature, and bearer tokens are not switched on.' };
  }

  #verifySignature(token: string, audience: string): Grant | Refusal {
    const fields = new Map<string, string>();
    for (const pair of token.slice('SharedAccessSignature '.length).split('&')) {
      const equals = pair.indexOf('=');
      if (equals > 0) fields.set(pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1));
    }
    const [resource, signature, expiry, keyName] = ['sr', 'sig', 'se', 'skn'].map((name) => fields.get(name));
    if (!resource || !signature || !expiry || !keyName)
      return { refused: "MalformedToken: The token lacks one of 'sr', 'sig', 'se', 'skn'." };
    const name = decoded(keyName);
    const key = this.#keys.find((candidate) => candidate.name === name);
    const expected = createHmac('sha256', key?.key ?? '')
      .update(`${resource}\n${expiry}`)
      .digest();
    const given = Buffer.from(decoded(signature), 'base64');
    if (!key || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { refused: 'InvalidSignature: The token has an invalid signature.' };
    }
    const expiresMs = Number(expiry) * 1000;
    if (!(expiresMs > this.#now())) return { refused: `ExpiredToken: The token is expired. Expiration time: '${expiry}'.` };
    const path = pathOfAddress(decoded(resource)).toLowerCase();
    if (!covers(path, pathOfAddress(audience).toLowerCase())) {
      return { refused: 'InvalidAudience: The authorization header contains a token scoped to the incorrect audience.' };
    }
    const rights = new Set(key.rights.includes('Manage') ? (['Send', 'Listen', 'Manage'] as const) : key.rights);
    return { path, rights, expiresMs };
  }

  /** No signature is verified, for there is nobody who issued it; an expiry, where the token has one, is. */
  #verifyBearer(token: string, audience: string): Grant | Refusal {
    if (token.trim() === '') return { refused: 'MalformedToken: The token is empty.' };
    const expiresMs = bearerExpiryMs(token);
    if (expiresMs <= this.#now()) return { refused: 'ExpiredToken: The token is expired.' };
    return { path: pathOfAddress(audience).toLowerCase(), rights: new Set(['Send', 'Listen', 'Manage']), expiresMs };
  }
}

/** Whether a path is the one granted, or below it; the empty path is the namespace. */
export function covers(granted: string, path: string): boolean {
  return granted === '' || path === granted || path.startsWith(`${granted}/`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bearerExpiryMs(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const expiry = typeof claims === 'object' && claims !== null && 'exp' in claims ? Number(claims.exp) : Number.NaN;
    return Number.isFinite(expiry) ? expiry * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
