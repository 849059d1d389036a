// Who asks, and may they: the account key, a shared access signature, or (over TLS, when switched on) a bearer token. Nobody else.
import { StorageError } from '../storage-error.ts';
import type { StorageRequest, Target } from '../storage-request.ts';
import { assertSas, type Need, type SasContext } from './sas.ts';
import { isSharedKeyLiteSignature, isSharedKeySignature } from './shared-key.ts';

export interface Authority extends SasContext {
  acceptTokens: boolean;
}

/** How a request was let in. */
export type Grant = { by: 'key' } | { by: 'sas'; letters: string } | { by: 'token'; oid: string; tid: string };

/** Refuses what the service would refuse, in its words; otherwise tells how the request was let in. */
export function authorize(request: StorageRequest, target: Target, authority: Authority): Grant {
  const header = request.header('authorization');
  if (header === undefined) {
    if (!request.query.has('sig')) throw anonymous();
    assertSas(request, target, needOf(request, target), authority);
    return { by: 'sas', letters: request.query.get('sp') ?? '' };
  }
  const space = header.indexOf(' ');
  const [scheme, rest] = [header.slice(0, space).toLowerCase(), header.slice(space + 1).trim()];
  if (scheme === 'bearer') return bearer(request, rest, authority);
  if (scheme !== 'sharedkey' && scheme !== 'sharedkeylite') {
    throw new StorageError(
      400,
      'InvalidAuthenticationInfo',
      `The authorization scheme "${header.slice(0, space)}" is not known.`,
    );
  }
  const colon = rest.indexOf(':');
  const [account, signature] = [rest.slice(0, colon), rest.slice(colon + 1)];
  const verify = scheme === 'sharedkey' ? isSharedKeySignature : isSharedKeyLiteSignature;
  if (account !== authority.account || !verify(request, account, authority.key, signature)) throw forged();
  return { by: 'key' };
}

function bearer(request: StorageRequest, token: string, authority: Authority): Grant {
  if (!request.secure) {
    throw new StorageError(
      403,
      'AuthenticationFailed',
      'Server failed to authenticate the request. Bearer tokens are taken over TLS only.',
    );
  }
  if (!authority.acceptTokens || token === '') throw forged();
  const claims = claimsOf(token);
  if (typeof claims.exp === 'number' && claims.exp * 1000 <= authority.nowMs) {
    throw new StorageError(401, 'InvalidAuthenticationInfo', 'Server failed to authenticate the request. The token has expired.');
  }
  const text = (name: string, otherwise: string) => (typeof claims[name] === 'string' ? claims[name] : otherwise);
  const nobody = '00000000-0000-0000-0000-000000000000';
  return { by: 'token', oid: text('oid', nobody), tid: text('tid', nobody) };
}

/** The claims of a token; a token of another kind has none that this emulator could check. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What a shared access signature must allow for a request: any one of the letters. */
function needOf(request: StorageRequest, target: Target): Need {
  if (target.container === undefined) return { resource: 's', letters: request.method === 'GET' ? 'lr' : 'w' };
  const query = (name: string) => request.query.get(name);
  if (target.path === undefined && query('action') === undefined) {
    if (query('comp') === 'list' || (request.method === 'GET' && query('resource') === 'filesystem'))
      return { resource: 'c', letters: 'l' };
    if (request.method === 'DELETE') return { resource: 'c', letters: 'd' };
    if (request.method === 'POST') return { resource: 'o', letters: 'd' };
    return { resource: 'c', letters: request.method === 'PUT' || request.method === 'PATCH' ? 'wc' : 'rl' };
  }
  return { resource: 'o', letters: lettersFor(request) };
}

function lettersFor(request: StorageRequest): string {
  const action = request.query.get('action') ?? '';
  if (/^setaccesscontrol/i.test(action)) return 'po';
  if (/^getaccesscontrol|^getstatus/i.test(action)) return 'repo';
  if (action !== '') return 'wa';
  if (request.method === 'GET' || request.method === 'HEAD') return 'r';
  if (request.method === 'DELETE') return 'd';
  if (request.header('x-ms-rename-source') !== undefined) return 'wm';
  const comp = request.query.get('comp');
  if (comp === undefined || comp === 'block' || comp === 'blocklist') return 'wc';
  return comp === 'appendblock' ? 'aw' : comp === 'lease' ? 'wd' : 'w';
}

function forged(): StorageError {
  return new StorageError(
    403,
    'AuthenticationFailed',
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  );
}

function anonymous(): StorageError {
  const text = 'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.';
  return new StorageError(401, 'NoAuthenticationInformation', text, undefined, {
    'www-authenticate':
      'Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize resource_id=https://storage.azure.com',
  });
}
