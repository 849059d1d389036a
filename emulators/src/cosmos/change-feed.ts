/**
 * The change feed in its latest-version mode: each document once, at its last change, in order of log sequence numbers.
 * A token is the last number seen, in quotes as an etag. It must not know HTTP.
 */
import type { Container } from './catalogue.ts';
import { badRequest } from './cosmos-error.ts';
import type { Condition } from './item-store.ts';

export type ChangeRequest = {
  scope: Condition | undefined;
  rowsMax: number;
  /** An etag given out before, `*` for "from now", or undefined for the beginning. */
  ifNoneMatch: string | undefined;
  /** An HTTP date, to begin at the changes since then; a token goes before it. */
  ifModifiedSince: string | undefined;
  nowSeconds: number;
};

/** `etag` is the token to go on with; no rows means that there is nothing new (304). */
export type ChangePage = { rows: string[]; etag: string; bytes: number };

const pageBytesMax = 4 * 1024 * 1024;

export function changePage(container: Container, request: ChangeRequest): ChangePage {
  const rows: string[] = [];
  let bytes = 0;
  // Read before the changes, so that none can slip in between.
  const last = container.lsn;
  const after = startOf(container, request);
  const found = container.items.changes(request.nowSeconds, after, request.rowsMax, request.scope);
  for (const { lsn, body } of found) {
    const row = `${body.slice(0, -1)},"_lsn":${lsn}}`;
    rows.push(row);
    bytes += row.length;
    if (bytes >= pageBytesMax) return { rows, etag: `"${lsn}"`, bytes };
  }
  // A page that is not full has seen everything there is, also what lies outside its scope.
  const seen = found.length < request.rowsMax ? Math.max(last, after) : (found.at(-1)?.lsn ?? after);
  return { rows, etag: `"${seen}"`, bytes };
}

function startOf(container: Container, { ifNoneMatch, ifModifiedSince }: ChangeRequest): number {
  if (ifNoneMatch === '*') return container.lsn;
  if (ifNoneMatch !== undefined) {
    const match = /^"?(\d+)"?$/.exec(ifNoneMatch);
    if (match === null) throw badRequest(`The change feed's continuation '${ifNoneMatch}' is not one of this emulator.`);
    return Number(match[1]);
  }
  if (ifModifiedSince === undefined) return 0;
  const ms = Date.parse(ifModifiedSince);
  if (Number.isNaN(ms)) throw badRequest(`The If-Modified-Since header is no date: ${ifModifiedSince}`);
  return container.items.lsnBefore(Math.floor(ms / 1000));
}
