/**
 * Who may: the signature by the account's master key, and AAD bearer tokens where they are switched on
 * (https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources). It must not know what a request does.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { CosmosError } from './cosmos-error.ts';
import { type CosmosRequest, header } from './http-messages.ts';

/** `nowMs` is the real time, as clients date their requests by theirs. */
export type AuthorizationRules = { key: KeyObject; acceptTokens: boolean; nowMs: () => number };

const skewMsMax = 15 * 60_000;

/** Throws 401 or 403 unless the request is signed by the key, or carries a token that is accepted. `ownerRid` is the rid of what the path names. */
export function checkAuthorization(request: CosmosRequest, rules: AuthorizationRules): void {
  const text = header(request, 'authorization');
  if (text === undefined)
    throw unauthorized('Required Header authorization is missing. Ensure a valid Authorization token is passed.');
  const fields = new Map(
    decoded(text)
      .split('&')
      .map((field): [string, string] => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const signature = fields.get('sig') ?? '';
  switch (fields.get('type')) {
    case 'master':
      checkSignature(request, rules, signature);
      break;
    case 'aad':
      if (!rules.acceptTokens)
        throw unauthorized('AAD tokens are not accepted here; the emulator was started without them. Use the master key.');
      checkToken(signature, rules.nowMs());
      checkDataPlane(request);
      break;
    case 'resource':
      throw unauthorized('Resource tokens are not supported by this emulator. Use the master key.');
    default:
      throw unauthorized("The authorization header must be of the form 'type=…&ver=…&sig=…', with type master or aad.");
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unauthorized('The authorization header cannot be URL-decoded.');
  }
}

function checkSignature(request: CosmosRequest, { key, nowMs }: AuthorizationRules, signature: string): void {
  const date = header(request, 'x-ms-date') ?? header(request, 'date');
  if (date === undefined) throw unauthorized("Required header 'x-ms-date' is missing.");
  checkDate(date, nowMs());
  const { type, links } = signedResource(request.segments);
  const payloads = links.map((link) => `${request.method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`);
  const given = Buffer.from(signature, 'base64');
  for (const payload of payloads) {
    const expected = createHmac('sha256', key).update(payload).digest();
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  }
  throw unauthorized(
    `The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol. For more info: https://aka.ms/cosmosdb-tsg-unauthorized. Server used the following payload to sign: '${payloads[0]?.replaceAll('\n', '\\n')}'`,
  );
}

/** What of a path is signed: the resource type, and its link by name or, where SDKs address by rid, the rid in lower case. */
function signedResource(segments: readonly string[]): { type: string; links: string[] } {
  const isFeed = segments.length % 2 === 1;
  const type = segments[isFeed ? segments.length - 1 : segments.length - 2] ?? '';
  const owner = isFeed ? segments.slice(0, -1) : segments;
  const links = [owner.join('/'), (owner.at(-1) ?? '').toLowerCase()];
  // `/operations/partitionkeydelete` is signed as a request on the container.
  if (segments.at(-2) === 'operations') return { type: 'colls', links: [segments.slice(0, -2).join('/')] };
  return { type, links };
}

function checkDate(date: string, nowMs: number): void {
  const ms = Date.parse(date);
  if (!(Math.abs(ms - nowMs) <= skewMsMax)) {
    const utc = (at: number): string => new Date(at).toUTCString();
    const [start, end] = Number.isNaN(ms) ? [date, date] : [utc(ms - skewMsMax), utc(ms + skewMsMax)];
    throw new CosmosError(
      403,
      `The authorization token is not valid at the current time. Please create another token and retry (token start time: ${start}, token expiry time: ${end}, current server time: ${utc(nowMs)}).`,
    );
  }
}

/**
 * Tokens are for data, as in the service: databases, containers and throughput are read with them but made and changed through Azure
 * Resource Manager. A program that would create its containers by a token fails here, too, and not only once it is deployed.
 */
function checkDataPlane({ method, segments }: CosmosRequest): void {
  const isData = segments.length > 4 && segments[0] === 'dbs' && segments[2] === 'colls';
  if (isData || (method === 'GET' && segments[0] !== 'offers')) return;
  throw new CosmosError(
    403,
    `Request blocked by Auth: The given request [${method} /${segments.join('/')}] cannot be authorized by AAD token in data plane. Use the master key, or create databases and containers when the emulator starts. Learn more: https://aka.ms/cosmos-native-rbac.`,
    5300,
  );
}

/** A JSON web token within its time; who signed it is not checked, as there is no directory here. */
function checkToken(token: string, nowMs: number): void {
  let claims: { exp?: number; nbf?: number };
  try {
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as typeof claims;
  } catch {
    throw unauthorized('The AAD token is no JSON web token.');
  }
  const seconds = nowMs / 1000;
  if (typeof claims.exp === 'number' && claims.exp < seconds) throw unauthorized('The AAD token has expired.');
  if (typeof claims.nbf === 'number' && claims.nbf > seconds + skewMsMax / 1000)
    throw unauthorized('The AAD token is not valid yet.');
}

function unauthorized(message: string): CosmosError {
  return new CosmosError(401, message);
}
