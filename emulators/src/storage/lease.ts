// The lease of a blob or container: acquire, renew, change, release, break, and whether a write may pass.
// Pure: the time comes in. Source: learn.microsoft.com/rest/api/storageservices/lease-blob (table "Outcomes of use attempts").
import { StorageError } from './storage-error.ts';

/** A lease as kept. `durationS` is -1 for ever; `endsMs` is when it expires, or when its break is over. */
export interface Lease {
  id: string;
  durationS: number;
  endsMs: number | null;
  breaking: boolean;
  broken: boolean;
}

/** What the service calls the state of a lease. */
export type LeaseState = 'available' | 'leased' | 'expired' | 'breaking' | 'broken';

/** What is leased: the two have different codes for the same refusal. */
export type Leased = 'Blob' | 'Container';

export interface LeaseRequest {
  action: string;
  id?: string | undefined;
  proposedId?: string | undefined;
  durationS?: number | undefined;
  breakPeriodS?: number | undefined;
}

export function leaseState(lease: Lease | undefined, nowMs: number): LeaseState {
  if (!lease) return 'available';
  const over = lease.endsMs !== null && lease.endsMs <= nowMs;
  if (lease.broken || (lease.breaking && over)) return 'broken';
  if (lease.breaking) return 'breaking';
  return over ? 'expired' : 'leased';
}

/** The three headers that tell a lease. */
export function leaseHeaders(lease: Lease | undefined, nowMs: number): Record<string, string> {
  const state = leaseState(lease, nowMs);
  const locked = state === 'leased' || state === 'breaking';
  const headers: Record<string, string> = { 'x-ms-lease-state': state, 'x-ms-lease-status': locked ? 'locked' : 'unlocked' };
  if (lease && state === 'leased') headers['x-ms-lease-duration'] = lease.durationS === -1 ? 'infinite' : 'fixed';
  return headers;
}

/** Refuses a write under someone else's lease, and any request that names a lease which is not the one in force. */
export function assertLease(
  lease: Lease | undefined,
  given: string | undefined,
  nowMs: number,
  what: Leased,
  write = true,
): void {
  const state = leaseState(lease, nowMs);
  const active = state === 'leased' || state === 'breaking';
  if (given === undefined) {
    if (active && write) {
      throw new StorageError(
        412,
        'LeaseIdMissing',
        'There is currently a lease on the resource and no lease ID was specified in the request.',
      );
    }
    return;
  }
  if (!active) {
    const text = `There is currently no lease on the ${what.toLowerCase()}.`;
    throw new StorageError(412, `LeaseNotPresentWith${what}Operation`, text);
  }
  if (!same(lease?.id, given)) {
    const text = `The lease ID specified did not match the lease ID for the ${what.toLowerCase()}.`;
    throw new StorageError(412, `LeaseIdMismatchWith${what}Operation`, text);
  }
}

/** The lease after an action, the status of the answer and its lease headers. */
export function applyLease(
  lease: Lease | undefined,
  request: LeaseRequest,
  nowMs: number,
): { lease: Lease | undefined; status: number; headers: Record<string, string> } {
  switch (request.action) {
    case 'acquire':
      return acquire(lease, request, nowMs);
    case 'renew':
      return renew(lease, request, nowMs);
    case 'change':
      return change(lease, request, nowMs);
    case 'release':
      if (!lease || !same(lease.id, request.id)) throw leaseMismatch();
      return { lease: undefined, status: 200, headers: {} };
    case 'break':
      return breakLease(lease, request, nowMs);
    default:
      throw new StorageError(400, 'InvalidHeaderValue', `The lease action "${request.action}" is not known.`);
  }
}

function acquire(lease: Lease | undefined, request: LeaseRequest, nowMs: number): ReturnType<typeof applyLease> {
  const durationS = request.durationS ?? -1;
  if (durationS !== -1 && !(durationS >= 15 && durationS <= 60)) {
    throw new StorageError(
      400,
      'InvalidHeaderValue',
      `A lease lasts 15 to 60 seconds, or for ever (-1); asked for ${durationS}.`,
    );
  }
  const state = leaseState(lease, nowMs);
  const id = request.proposedId ?? crypto.randomUUID();
  if (state === 'breaking' || (state === 'leased' && !same(lease?.id, request.proposedId))) {
    throw new StorageError(409, 'LeaseAlreadyPresent', 'There is already a lease present.');
  }
  return leasedFor(id, durationS, nowMs, 201);
}

function renew(lease: Lease | undefined, request: LeaseRequest, nowMs: number): ReturnType<typeof applyLease> {
  if (!lease || !same(lease.id, request.id)) throw leaseMismatch();
  if (lease.breaking || lease.broken) {
    throw new StorageError(
      409,
      'LeaseIsBrokenAndCannotBeRenewed',
      'The lease ID matched, but the lease has been broken explicitly and cannot be renewed.',
    );
  }
  return leasedFor(lease.id, lease.durationS, nowMs, 200);
}

function change(lease: Lease | undefined, request: LeaseRequest, nowMs: number): ReturnType<typeof applyLease> {
  const state = leaseState(lease, nowMs);
  if (!lease || state === 'expired' || state === 'broken') {
    throw new StorageError(409, 'LeaseNotPresentWithLeaseOperation', 'There is currently no lease on the resource.');
  }
  if (state === 'breaking') {
    throw new StorageError(409, 'LeaseIsBreakingAndCannotBeChanged', 'The lease is in a breaking state and cannot be changed.');
  }
  if (!same(lease.id, request.id) && !same(lease.id, request.proposedId)) throw leaseMismatch();
  if (!request.proposedId) throw new StorageError(400, 'MissingRequiredHeader', 'The header x-ms-proposed-lease-id is missing.');
  return { lease: { ...lease, id: request.proposedId }, status: 200, headers: { 'x-ms-lease-id': request.proposedId } };
}

function breakLease(lease: Lease | undefined, request: LeaseRequest, nowMs: number): ReturnType<typeof applyLease> {
  const state = leaseState(lease, nowMs);
  if (!lease) throw new StorageError(409, 'LeaseNotPresentWithLeaseOperation', 'There is currently no lease on the resource.');
  const leftMs = lease.endsMs === null ? null : Math.max(0, lease.endsMs - nowMs);
  let waitMs = 0;
  if (state === 'leased' || state === 'breaking') {
    const askedMs = request.breakPeriodS === undefined ? (leftMs ?? 0) : request.breakPeriodS * 1000;
    waitMs = leftMs === null ? askedMs : Math.min(askedMs, leftMs);
  }
  const next: Lease = { ...lease, breaking: true, broken: waitMs === 0, endsMs: nowMs + waitMs };
  return { lease: next, status: 202, headers: { 'x-ms-lease-time': String(Math.ceil(waitMs / 1000)) } };
}

function leasedFor(id: string, durationS: number, nowMs: number, status: number): ReturnType<typeof applyLease> {
  const endsMs = durationS === -1 ? null : nowMs + durationS * 1000;
  return { lease: { id, durationS, endsMs, breaking: false, broken: false }, status, headers: { 'x-ms-lease-id': id } };
}

function leaseMismatch(): StorageError {
  return new StorageError(
    409,
    'LeaseIdMismatchWithLeaseOperation',
    'The lease ID specified did not match the lease ID for the resource.',
  );
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}
