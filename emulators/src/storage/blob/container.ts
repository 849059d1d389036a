// Blob requests on a container.
import { assertWritable, conditionsFrom } from '../conditions.ts';
import { isContainerName } from '../disk/path-names.ts';
import type { Container } from '../disk/store.ts';
import { assertLease } from '../lease.ts';
import { leaseHeadersOf, metadataHeaders, type Operation, receiveText, versionHeaders } from '../operation.ts';
import { type Reply, xmlReply } from '../reply.ts';
import { StorageError } from '../storage-error.ts';
import { readLeaves } from '../xml.ts';

/** Create Container. Public access is refused: nothing here is for everyone. */
export function createContainer(operation: Operation): Reply {
  assertPrivate(operation);
  const container = operation.store.createContainer(assertName(operation), operation.request.metadata);
  return { status: 201, headers: versionHeaders(container) };
}

/** The name that a request gives its container, if it is one. */
export function assertName(operation: Operation): string {
  const name = operation.target.container ?? '';
  if (!isContainerName(name)) {
    const text = `"${name}" is no container name: 3 to 63 lower-case letters, digits and single hyphens are needed.`;
    throw new StorageError(400, 'InvalidResourceName', text);
  }
  return name;
}

/** Get Container Properties and Metadata. */
export function containerProperties(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  assertLease(container.lease, operation.request.header('x-ms-lease-id'), operation.store.nowMs(), 'Container', false);
  return {
    status: 200,
    headers: {
      ...versionHeaders(container),
      ...metadataHeaders(container.metadata),
      ...leaseHeadersOf(operation, container),
      'x-ms-has-immutability-policy': 'false',
      'x-ms-has-legal-hold': 'false',
      'x-ms-default-encryption-scope': '$account-encryption-key',
      'x-ms-deny-encryption-scope-override': 'false',
    },
  };
}

/** Set Container Metadata. */
export function setContainerMetadata(operation: Operation): Reply {
  const container = changeable(operation, false);
  const updated = operation.store.updateContainer(container, { metadata: operation.request.metadata });
  return { status: 200, headers: versionHeaders(updated) };
}

/** Delete Container. */
export function deleteContainer(operation: Operation): Reply {
  operation.store.deleteContainer(changeable(operation, true).name);
  return { status: 202 };
}

/** A container whose conditions hold; only a deletion heeds its lease, as in the service. */
function changeable(operation: Operation, deletion: boolean): Container {
  const container = operation.store.container(operation.target.container ?? '');
  assertWritable(conditionsFrom(operation.request.header), container);
  assertLease(container.lease, operation.request.header('x-ms-lease-id'), operation.store.nowMs(), 'Container', deletion);
  return container;
}

/** Get Container ACL: the stored access policies. */
export function containerPolicies(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  return xmlReply(versionHeaders(container), container.policies ?? '<SignedIdentifiers/>');
}

/** Set Container ACL. */
export async function setContainerPolicies(operation: Operation): Promise<Reply> {
  assertPrivate(operation);
  const text = await receiveText(operation);
  const policies = text.trim() === '' ? undefined : text.replace(/^\ufeff?\s*<\?xml[^>]*\?>\s*/, '');
  if (policies !== undefined) readLeaves(policies, 'SignedIdentifiers');
  const container = changeable(operation, false);
  return { status: 200, headers: versionHeaders(operation.store.updateContainer(container, { policies })) };
}

/** One stored access policy of a container. */
export function storedPolicy(
  container: Container | undefined,
  id: string,
): { start?: string; expiry?: string; permission?: string } | undefined {
  for (const [, identifier = ''] of (container?.policies ?? '').matchAll(/<SignedIdentifier>([\s\S]*?)<\/SignedIdentifier>/g)) {
    const fields = new Map(
      readLeaves(`<x>${identifier.replace(/<\/?AccessPolicy>/g, '')}</x>`, 'x').map((leaf) => [leaf.name, leaf.text]),
    );
    if (fields.get('Id') !== id) continue;
    return { start: fields.get('Start') ?? '', expiry: fields.get('Expiry') ?? '', permission: fields.get('Permission') ?? '' };
  }
  return undefined;
}

function assertPrivate(operation: Operation): void {
  if (operation.request.header('x-ms-blob-public-access') !== undefined) {
    throw new StorageError(409, 'PublicAccessNotPermitted', 'Public access is not permitted on this storage account.');
  }
}
