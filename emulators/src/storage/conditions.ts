// Conditional headers (If-Match and its kin) against what is there. Pure.
// Source: learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
import { fault, invalidHeader, StorageError } from './storage-error.ts';

/** What a condition is compared with. `etag` carries no quotes. */
export interface Versioned {
  etag: string;
  modifiedMs: number;
}

/** The four conditions, as sent; undefined where a header is absent. */
export interface Conditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifModifiedSince?: string | undefined;
  ifUnmodifiedSince?: string | undefined;
}

/** The conditions of a request; `prefix` is `x-ms-source-` for those on the source of a copy or rename. */
export function conditionsFrom(header: (name: string) => string | undefined, prefix = ''): Conditions {
  return {
    ifMatch: header(`${prefix}if-match`),
    ifNoneMatch: header(`${prefix}if-none-match`),
    ifModifiedSince: header(`${prefix}if-modified-since`),
    ifUnmodifiedSince: header(`${prefix}if-unmodified-since`),
  };
}

/** Refuses a write whose conditions do not hold for what is there (undefined: nothing is there). */
export function assertWritable(
  conditions: Conditions,
  there: Versioned | undefined,
  failure: 'entry' | 'source' = 'entry',
): void {
  if (!there) {
    if (conditions.ifMatch !== undefined) throw fault(failure === 'source' ? 'sourceConditionNotMet' : 'conditionNotMet');
    return;
  }
  // A create that must not overwrite has a refusal of its own in both services.
  if (conditions.ifNoneMatch === '*' && failure === 'entry') throw fault('entryExists');
  if (failedCondition(conditions, there)) throw fault(failure === 'source' ? 'sourceConditionNotMet' : 'conditionNotMet');
}

/** Refuses a read whose conditions do not hold: 304 for the two that ask for news, 412 for the others. */
export function assertReadable(conditions: Conditions, there: Versioned): void {
  const failed = failedCondition(conditions, there);
  if (failed === 'ifNoneMatch' || failed === 'ifModifiedSince') {
    throw new StorageError(
      304,
      'ConditionNotMet',
      'The condition specified using HTTP conditional header(s) is not met.',
      undefined,
      {
        etag: `"${there.etag}"`,
        'last-modified': new Date(there.modifiedMs).toUTCString(),
      },
    );
  }
  if (failed) throw fault('conditionNotMet');
}

function failedCondition(conditions: Conditions, there: Versioned): keyof Conditions | undefined {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined && !matches(ifMatch, there.etag)) return 'ifMatch';
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, there.etag)) return 'ifNoneMatch';
  const modifiedS = Math.floor(there.modifiedMs / 1000);
  if (ifModifiedSince !== undefined && modifiedS <= secondsOf('If-Modified-Since', ifModifiedSince)) return 'ifModifiedSince';
  if (ifUnmodifiedSince !== undefined && modifiedS > secondsOf('If-Unmodified-Since', ifUnmodifiedSince))
    return 'ifUnmodifiedSince';
  return undefined;
}

function matches(header: string, etag: string): boolean {
  // Listings give etags without quotes, and clients send them back so.
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '').replaceAll('"', '') === etag);
}

function secondsOf(name: string, value: string): number {
  const timeMs = Date.parse(value);
  if (Number.isNaN(timeMs)) throw invalidHeader(name, value, 'an HTTP date is needed');
  return Math.floor(timeMs / 1000);
}
