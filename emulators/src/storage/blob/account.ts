// Blob requests on the account itself.

import { delegationKey } from '../authorization/sas.ts';
import type { Operation } from '../operation.ts';
import { httpDate, leaseHeadersOf, receiveText } from '../operation.ts';
import { type Reply, xmlReply } from '../reply.ts';
import { invalidQuery, StorageError } from '../storage-error.ts';
import { element, escapeXml, optional, readLeaves } from '../xml.ts';

const PAGE_ITEMS_MAX = 5000;

/** How many items a page may have: what was asked, up to the service's limit. */
export function pageSize(text: string | undefined, name = 'maxresults'): number {
  if (text === undefined) return PAGE_ITEMS_MAX;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1) throw invalidQuery(name, text, 'a whole number of at least 1 is needed');
  return Math.min(size, PAGE_ITEMS_MAX);
}

/** List Containers. */
export function listContainers(operation: Operation): Reply {
  const { request, store } = operation;
  const prefix = request.query.get('prefix') ?? '';
  const marker = request.query.get('marker') ?? '';
  const withMetadata = (request.query.get('include') ?? '').split(',').includes('metadata');
  const limit = pageSize(request.query.get('maxresults'));
  const names = store.containers().filter((name) => name.startsWith(prefix) && name >= marker);
  const items = names.slice(0, limit).map((name) => {
    const container = store.container(name);
    const lease = leaseHeadersOf(operation, container);
    const properties =
      element('Last-Modified', httpDate(container.modifiedMs)) +
      element('Etag', escapeXml(`"${container.etag}"`)) +
      optional('LeaseStatus', lease['x-ms-lease-status']) +
      optional('LeaseState', lease['x-ms-lease-state']) +
      optional('LeaseDuration', lease['x-ms-lease-duration']) +
      '<HasImmutabilityPolicy>false</HasImmutabilityPolicy><HasLegalHold>false</HasLegalHold>';
    const metadata = withMetadata ? metadataElement(container.metadata) : '';
    return element('Container', element('Name', name, true) + element('Properties', properties) + metadata);
  });
  return xmlReply(
    {},
    `<EnumerationResults ServiceEndpoint="${escapeXml(operation.url)}/">`,
    optional('Prefix', request.query.get('prefix')) +
      optional('Marker', request.query.get('marker')) +
      optional('MaxResults', request.query.get('maxresults')),
    element('Containers', items.join('')),
    element('NextMarker', names[limit] ?? '', true),
    '</EnumerationResults>',
  );
}

export function metadataElement(metadata: Record<string, string>): string {
  const pairs = Object.entries(metadata).map(([name, value]) => element(name, value, true));
  return element('Metadata', pairs.join(''));
}

/** Get Account Information. */
export function accountInformation(): Reply {
  return {
    status: 200,
    headers: { 'x-ms-sku-name': 'Standard_LRS', 'x-ms-account-kind': 'StorageV2', 'x-ms-is-hns-enabled': 'true' },
  };
}

/** Get Blob Service Properties: those of an account on which nothing is switched on. */
export function serviceProperties(): Reply {
  const off = '<Enabled>false</Enabled>';
  const retention = element('RetentionPolicy', off);
  const metrics = element('Version', '1.0') + off + retention;
  const logging = `${element('Version', '1.0')}<Delete>false</Delete><Read>false</Read><Write>false</Write>${retention}`;
  return xmlReply(
    {},
    element(
      'StorageServiceProperties',
      element('Logging', logging) +
        element('HourMetrics', metrics) +
        element('MinuteMetrics', metrics) +
        '<Cors/>' +
        element('DeleteRetentionPolicy', off) +
        element('StaticWebsite', off),
    ),
  );
}

/** Get User Delegation Key: only for a bearer token, as in the service. */
export async function userDelegationKey(operation: Operation, accountKey: string): Promise<Reply> {
  const { grant, store } = operation;
  if (grant.by !== 'token') {
    throw new StorageError(
      403,
      'AuthenticationFailed',
      'Server failed to authenticate the request. A user delegation key is given for a bearer token only.',
    );
  }
  const asked = new Map(readLeaves(await receiveText(operation), 'KeyInfo').map((leaf) => [leaf.name, leaf.text]));
  const start = asked.get('Start') || `${new Date(store.nowMs()).toISOString().slice(0, 19)}Z`;
  const expiry = asked.get('Expiry');
  if (!expiry) throw new StorageError(400, 'MissingRequiredXmlNode', 'The node Expiry is missing.');
  const version = operation.request.header('x-ms-version') ?? '2020-12-06';
  const parts = { oid: grant.oid, tid: grant.tid, start, expiry, version };
  const fields = {
    SignedOid: grant.oid,
    SignedTid: grant.tid,
    SignedStart: start,
    SignedExpiry: expiry,
    SignedService: 'b',
    SignedVersion: version,
  };
  const content = Object.entries(fields).map(([name, value]) => element(name, value, true));
  return xmlReply({}, element('UserDelegationKey', content.join('') + element('Value', delegationKey(accountKey, parts), true)));
}
