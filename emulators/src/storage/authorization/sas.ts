// Shared access signatures: read from the query, verified under the account key (or a key derived from it), with their limits.
// Source: learn.microsoft.com/rest/api/storageservices/create-service-sas, create-account-sas and create-user-delegation-sas.
import { StorageError } from '../storage-error.ts';
import type { StorageRequest, Target } from '../storage-request.ts';
import { hmac, sameSignature } from './shared-key.ts';

/** What a request must be allowed to do: any one of the letters, on this kind of resource. */
export interface Need {
  letters: string;
  resource: 's' | 'c' | 'o';
}

export interface SasContext {
  account: string;
  key: string;
  nowMs: number;
  /** The stored access policy of a container by its id; undefined when there is none. */
  policy(container: string, id: string): { start?: string; expiry?: string; permission?: string } | undefined;
}

/** Refuses a request whose signature is forged, expired or not for this. */
export function assertSas(request: StorageRequest, target: Target, need: Need, context: SasContext): void {
  const sas = (name: string) => request.query.get(name) ?? '';
  const expected = sas('ss') ? accountSignature(sas, context) : serviceSignature(sas, target, context);
  if (!sameSignature(expected, sas('sig'))) throw refused('Signature did not match.');
  const policy = sas('si') ? context.policy(target.container ?? '', sas('si')) : undefined;
  if (sas('si') && !policy) throw refused(`The stored access policy "${sas('si')}" does not exist.`);
  assertTimes(sas('st') || policy?.start, sas('se') || policy?.expiry, context.nowMs);
  if (sas('spr') === 'https' && !request.secure) {
    throw new StorageError(
      403,
      'AuthorizationProtocolMismatch',
      'This request is not authorized to perform this operation using this protocol.',
    );
  }
  if (sas('sip') && !includesLoopback(sas('sip'))) {
    throw new StorageError(
      403,
      'AuthorizationSourceIPMismatch',
      'This request is not authorized to perform this operation using this source IP.',
    );
  }
  const allowed = sas('sp') || policy?.permission || '';
  const rightKind = sas('ss')
    ? sas('ss').includes('b') && sas('srt').includes(need.resource)
    : need.resource === 'o' || 'lrw'.includes(need.letters[0] ?? '');
  if (!rightKind) {
    throw new StorageError(
      403,
      'AuthorizationResourceTypeMismatch',
      'This request is not authorized to perform this operation using this resource type.',
    );
  }
  if (![...need.letters].some((letter) => allowed.includes(letter))) {
    throw new StorageError(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    );
  }
}

/** The key that signs user delegation signatures: derived, so none has to be kept. */
export function delegationKey(
  key: string,
  parts: { oid: string; tid: string; start: string; expiry: string; version: string },
): string {
  return hmac(key, ['user-delegation', parts.oid, parts.tid, parts.start, parts.expiry, parts.version].join('\n'));
}

type Query = (name: string) => string;

function accountSignature(sas: Query, { account, key }: SasContext): string {
  const fields = [account, sas('sp'), sas('ss'), sas('srt'), sas('st'), sas('se'), sas('sip'), sas('spr'), sas('sv')];
  if (sas('sv') >= '2020-12-06') fields.push(sas('ses'));
  return hmac(key, `${fields.join('\n')}\n`);
}

function serviceSignature(sas: Query, target: Target, { account, key }: SasContext): string {
  const version = sas('sv');
  const fields = [sas('sp'), sas('st'), sas('se'), `/blob/${account}/${resourceOf(sas, target)}`];
  if (sas('skoid')) fields.push(...delegationFields(sas));
  else fields.push(sas('si'));
  fields.push(sas('sip'), sas('spr'), version);
  if (version >= '2018-11-09') fields.push(sas('sr'), sas('snapshot') || sas('versionid'));
  if (version >= '2020-12-06') fields.push(sas('ses'));
  if (sas('skoid') && version >= '2026-04-06') fields.push('', '');
  fields.push(sas('rscc'), sas('rscd'), sas('rsce'), sas('rscl'), sas('rsct'));
  return hmac(sas('skoid') ? derivedKey(sas, key) : key, fields.join('\n'));
}

function delegationFields(sas: Query): string[] {
  const version = sas('sv');
  const fields = [sas('skoid'), sas('sktid'), sas('skt'), sas('ske'), sas('sks'), sas('skv')];
  if (version >= '2020-02-10') fields.push(sas('saoid'), sas('suoid'), sas('scid'));
  if (version >= '2025-07-05') fields.push(sas('skdutid'), sas('sduoid'));
  return fields;
}

function derivedKey(sas: Query, key: string): string {
  return delegationKey(key, { oid: sas('skoid'), tid: sas('sktid'), start: sas('skt'), expiry: sas('ske'), version: sas('skv') });
}

function resourceOf(sas: Query, target: Target): string {
  const { container = '', path = '' } = target;
  if (sas('sr') === 'c') return container;
  if (sas('sr') !== 'd') return `${container}/${path}`;
  return [container, ...path.split('/').slice(0, Number(sas('sdd')))].join('/');
}

function assertTimes(start: string | undefined, expiry: string | undefined, nowMs: number): void {
  const [from, to] = [start ? Date.parse(start) : Number.NEGATIVE_INFINITY, Date.parse(expiry ?? '')];
  if (Number.isNaN(to)) throw refused('The signature has no expiry (se).');
  if (nowMs < from || nowMs >= to) {
    throw refused(
      `Signature not valid in the specified time frame: Start [${start ?? ''}] - Expiry [${expiry}] - Current [${new Date(nowMs).toUTCString()}].`,
    );
  }
}

function includesLoopback(range: string): boolean {
  const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [from = '', to = from] = range.split('-');
  const loopback = number('127.0.0.1');
  return number(from) <= loopback && loopback <= number(to);
}

function refused(detail: string): StorageError {
  return new StorageError(403, 'AuthenticationFailed', `Server failed to authenticate the request. ${detail}`);
}
