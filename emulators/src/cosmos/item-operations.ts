/**
 * What can be done to one document: create, read, upsert, replace, patch, delete; with etag conditions, TTL and request charges.
 * Runs inside a transaction that the caller opened. It must not know HTTP or batches.
 */
import { type Catalogue, type Container, checkResourceId } from './catalogue.ts';
import { badRequest, CosmosError, conflict, notFound, preconditionFailed } from './cosmos-error.ts';
import type { StoredItem } from './item-store.ts';
import { countLeaves, isObject, type Json, type JsonObject } from './json.ts';
import { applyPatch, type PatchRequest } from './patch.ts';
import { insertCharge, readCharge, replaceCharge } from './request-charge.ts';
import { etagOf } from './resource-id.ts';

export type Conditions = { ifMatch?: string | undefined; ifNoneMatch?: string | undefined };

/** `body` is the document's JSON text; `charge` in RU. */
export type ItemResult = { status: number; etag: string | undefined; body: string | undefined; charge: number };

const maxDocumentBytes = 2 * 1024 * 1024;
const levelsMax = 128;
const purgeRowsMax = 500;

export class ItemOperations {
  readonly #catalogue: Catalogue;
  readonly #now: () => number;

  /** `now` gives milliseconds since 1970. */
  constructor(catalogue: Catalogue, now: () => number) {
    this.#catalogue = catalogue;
    this.#now = now;
  }

  nowSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** Before each write: the container may be gone since the request came, and what has expired is cleared away. */
  begin(container: Container): void {
    if (container.database.containers.get(container.id) !== container) throw notFound(`Container '${container.id}'`);
    this.purge(container);
  }

  /** Deletes what has expired; a container with unique keys is cleared fully, since an expired document must not hold its keys. */
  purge(container: Container): void {
    if (container.settings.defaultTtl === undefined) return;
    const unique = container.settings.uniqueKeyPolicy !== undefined;
    container.items.purge(this.nowSeconds(), unique ? -1 : purgeRowsMax);
  }

  read(container: Container, pk: string, id: string, { ifNoneMatch }: Conditions): ItemResult {
    const item = this.#living(container, pk, id);
    if (item === undefined) throw missing();
    const etag = etagOf(container.number, item.lsn, item.ts);
    if (ifNoneMatch !== undefined && (ifNoneMatch === '*' || sameEtag(ifNoneMatch, etag)))
      return { status: 304, etag, body: undefined, charge: 1 };
    return { status: 200, etag, body: item.body, charge: readCharge(item.body.length) };
  }

  create(container: Container, pk: string, document: Json): ItemResult {
    const item = checkedDocument(container, pk, document);
    const existing = container.items.find(pk, item.id);
    if (existing !== undefined) {
      if (!this.#expired(existing)) throw conflict('Entity with the specified id already exists in the system.');
      container.items.delete(existing.seq);
    }
    return this.#insert(container, pk, item);
  }

  upsert(container: Container, pk: string, document: Json, conditions: Conditions): ItemResult {
    const item = checkedDocument(container, pk, document);
    const existing = container.items.find(pk, item.id);
    if (existing !== undefined && !this.#expired(existing)) {
      checkMatch(container, existing, conditions);
      return this.#replace(container, existing, item);
    }
    if (conditions.ifMatch !== undefined && conditions.ifMatch !== '*') throw preconditionFailed(preconditionMessage);
    if (existing !== undefined) container.items.delete(existing.seq);
    return this.#insert(container, pk, item);
  }

  replace(container: Container, pk: string, id: string, document: Json, conditions: Conditions): ItemResult {
    const item = checkedDocument(container, pk, document);
    if (item.id !== id) throw badRequest(`The document's id '${item.id}' differs from the id '${id}' that the request names.`);
    const existing = this.#living(container, pk, id);
    if (existing === undefined) throw missing();
    checkMatch(container, existing, conditions);
    return this.#replace(container, existing, item);
  }

  patch(container: Container, pk: string, id: string, patch: PatchRequest, conditions: Conditions): ItemResult {
    const existing = this.#living(container, pk, id);
    if (existing === undefined) throw missing();
    checkMatch(container, existing, conditions);
    const document = JSON.parse(existing.body) as JsonObject;
    if (patch.accepts !== undefined && !patch.accepts(document)) throw preconditionFailed('The patch condition is not met.');
    const item = applyPatch(document, patch.operations);
    if (item.id !== id) throw badRequest("A patch cannot change the property 'id'.");
    if (container.key.ofItem(item) !== pk) throw badRequest('A patch cannot change the partition key.');
    return this.#replace(container, existing, checkedDocument(container, pk, item));
  }

  delete(container: Container, pk: string, id: string, conditions: Conditions): ItemResult {
    const existing = this.#living(container, pk, id);
    if (existing === undefined) throw missing();
    checkMatch(container, existing, conditions);
    container.items.delete(existing.seq);
    this.#catalogue.nextLsn(container);
    return { status: 204, etag: undefined, body: undefined, charge: insertCharge(existing.body.length, 0) };
  }

  #living(container: Container, pk: string, id: string): StoredItem | undefined {
    const item = container.items.find(pk, id);
    return item === undefined || this.#expired(item) ? undefined : item;
  }

  #expired(item: StoredItem): boolean {
    return item.expires !== null && item.expires <= this.nowSeconds();
  }

  #insert(container: Container, pk: string, item: JsonObject & { id: string }): ItemResult {
    const lsn = this.#catalogue.nextLsn(container);
    const leaves = checkedLeaves(item);
    const stored = this.#stored(container, { seq: lsn, lsn }, item);
    uniquely(() => container.items.insert(pk, item.id, stored));
    return result(201, container, stored, insertCharge(stored.body.length, leaves));
  }

  #replace(container: Container, existing: StoredItem, item: JsonObject): ItemResult {
    const lsn = this.#catalogue.nextLsn(container);
    const leaves = checkedLeaves(item);
    const stored = this.#stored(container, { seq: existing.seq, lsn }, item);
    uniquely(() => container.items.update(stored));
    return result(200, container, stored, replaceCharge(stored.body.length, leaves));
  }

  #stored(container: Container, { seq, lsn }: { seq: number; lsn: number }, item: JsonObject): StoredItem {
    const ts = this.nowSeconds();
    const rid = container.documentRid(seq);
    item._rid = rid;
    item._self = `dbs/${container.database.rid}/colls/${container.rid}/docs/${rid}/`;
    item._etag = etagOf(container.number, lsn, ts);
    item._attachments = 'attachments/';
    item._ts = ts;
    delete item._lsn;
    const body = JSON.stringify(item);
    if (body.length > maxDocumentBytes) throw tooLarge();
    return { seq, lsn, ts, expires: expiryOf(container, item.ttl, ts), body };
  }
}

function result(status: number, container: Container, stored: StoredItem, charge: number): ItemResult {
  return { status, etag: etagOf(container.number, stored.lsn, stored.ts), body: stored.body, charge };
}

/** A missing document; also what a document that has expired is. */
function missing(): CosmosError {
  return notFound('Entity with the specified id');
}

function checkedLeaves(item: JsonObject): number {
  const leaves = countLeaves(item, levelsMax);
  if (leaves === Number.POSITIVE_INFINITY) throw badRequest(`The document is nested more than ${levelsMax} levels deep.`);
  return leaves;
}

function tooLarge(): CosmosError {
  return new CosmosError(413, 'Request size is too large: a document may have 2 MB at most.');
}

const preconditionMessage = 'One of the specified pre-condition is not met.';

function checkMatch(container: Container, existing: StoredItem, { ifMatch, ifNoneMatch }: Conditions): void {
  const etag = etagOf(container.number, existing.lsn, existing.ts);
  if (ifMatch !== undefined && ifMatch !== '*' && !sameEtag(ifMatch, etag)) throw preconditionFailed(preconditionMessage);
  if (ifNoneMatch !== undefined && (ifNoneMatch === '*' || sameEtag(ifNoneMatch, etag)))
    throw preconditionFailed(preconditionMessage);
}

function sameEtag(given: string, etag: string): boolean {
  return given === etag || `"${given}"` === etag;
}

function checkedDocument(container: Container, pk: string, document: Json): JsonObject & { id: string } {
  if (!isObject(document)) throw badRequest('The document is no JSON object.');
  checkResourceId(document.id);
  const own = container.key.ofItem(document);
  if (own !== pk) {
    throw badRequest(
      `PartitionKey extracted from document doesn't match the one specified in the header. Document: ${own}, header: ${pk}. Learn more: https://aka.ms/CosmosDB/sql/errors/wrong-pk-value`,
      1001,
    );
  }
  const { ttl } = document;
  if (ttl !== undefined && ttl !== null && !(Number.isInteger(ttl) && ((ttl as number) > 0 || ttl === -1))) {
    throw badRequest(`The input ttl '${JSON.stringify(ttl)}' is invalid. Ensure to provide a positive number of seconds or -1.`);
  }
  return document as JsonObject & { id: string };
}

/** When a document expires, in seconds; null for never. A document's own `ttl` counts only where the container has a default. */
function expiryOf(container: Container, ttl: Json | undefined, ts: number): number | null {
  const { defaultTtl } = container.settings;
  if (defaultTtl === undefined) return null;
  const seconds = typeof ttl === 'number' ? ttl : defaultTtl;
  return seconds > 0 ? ts + seconds : null;
}

function uniquely(write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 2067) throw conflict('Unique index constraint violation.');
    throw error;
  }
}
