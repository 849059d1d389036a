/**
 * The model of request charges (RU): simple, monotonic, and near the service's published points
 * (https://learn.microsoft.com/azure/cosmos-db/request-units: reading 1 KB costs 1 RU and 100 KB 10 RU; inserting 1 KB costs about
 * 5.5 RU and 100 KB about 50; replacing costs twice the insert).
 *
 * - read:    1 RU for the first KB, 1/11 RU for each further one; a miss, a 304 or a refusal costs 1 RU
 * - insert:  5 RU for the first KB, 5/11 RU for each further one, and 0.04 RU for each indexed value (5.8 RU for 1 KB of 20 values)
 * - replace, patch and an upsert that replaces: twice the insert; a delete: as the insert
 * - query:   2.3 RU, 0.02 RU for each document looked at (those that the index cannot rule out), 0.03 RU for each KB returned
 * - change feed: 1 RU a page and 0.1 RU for each KB returned
 * - a batch costs the sum of its operations
 */

const kilobyte = 1024;

function rounded(charge: number): number {
  return Math.round(charge * 100) / 100;
}

export function readCharge(bytes: number): number {
  return rounded(1 + Math.max(0, bytes / kilobyte - 1) / 11);
}

export function insertCharge(bytes: number, leaves: number): number {
  return rounded(5 + (5 * Math.max(0, bytes / kilobyte - 1)) / 11 + 0.04 * leaves);
}

export function replaceCharge(bytes: number, leaves: number): number {
  return rounded(2 * insertCharge(bytes, leaves));
}

export function queryCharge(documentsLookedAt: number, bytesReturned: number): number {
  return rounded(2.3 + 0.02 * documentsLookedAt + (0.03 * bytesReturned) / kilobyte);
}

export function changeFeedCharge(bytesReturned: number): number {
  return rounded(1 + (0.1 * bytesReturned) / kilobyte);
}
