// The lease operations of blobs, paths and containers: the same headers, the same answers.
import { assertReadable, conditionsFrom } from './conditions.ts';
import type { Container, Entry } from './disk/store.ts';
import { applyLease, type Lease } from './lease.ts';
import { type Operation, pathOf, versionHeaders } from './operation.ts';
import type { Reply } from './reply.ts';
import { fault, invalidHeader } from './storage-error.ts';

/** Acquires, renews, changes, releases or breaks the lease of a path. */
export function leaseEntry(operation: Operation): Reply {
  const [container, path] = pathOf(operation);
  const entry = operation.store.get(container, path);
  assertHolds(operation, entry);
  return answer(operation, entry, (lease) => operation.store.update(entry, { lease }, false));
}

/** The same for a container. */
export function leaseContainer(operation: Operation): Reply {
  const container = operation.store.container(operation.target.container ?? '');
  assertHolds(operation, container);
  return answer(operation, container, (lease) => operation.store.updateContainer(container, { lease }, false));
}

function assertHolds(operation: Operation, leased: Entry | Container): void {
  try {
    assertReadable(conditionsFrom(operation.request.header), leased);
  } catch {
    throw fault('conditionNotMet');
  }
}

function answer(operation: Operation, leased: Entry | Container, keep: (lease: Lease | undefined) => Entry | Container): Reply {
  const { request, store } = operation;
  const action = request.header('x-ms-lease-action');
  if (action === undefined) throw invalidHeader('x-ms-lease-action', undefined, 'acquire, renew, change, release or break');
  const asked = {
    action: action.toLowerCase(),
    id: request.header('x-ms-lease-id'),
    proposedId: request.header('x-ms-proposed-lease-id'),
    durationS: numberOf(request.header('x-ms-lease-duration')),
    breakPeriodS: numberOf(request.header('x-ms-lease-break-period')),
  };
  const result = applyLease(leased.lease, asked, store.nowMs());
  const kept = keep(result.lease);
  return { status: result.status, headers: { ...versionHeaders(kept), ...result.headers } };
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value))
    throw invalidHeader('x-ms-lease-duration or x-ms-lease-break-period', text, 'whole seconds are needed');
  return value;
}
