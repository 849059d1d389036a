/**
 * Partial document update: add, set, replace, remove, incr and move by JSON pointer
 * (https://learn.microsoft.com/azure/cosmos-db/partial-document-update). It must not know the store.
 */
import { badRequest } from './cosmos-error.ts';
import { isObject, type Json, type JsonObject, setMember } from './json.ts';
import { compileQuery } from './sql/compile-query.ts';
import { parseQuery } from './sql/parse-query.ts';

export type PatchOperation = { op: string; path: string; value?: Json; from?: string };
export type PatchRequest = { operations: PatchOperation[]; accepts?: ((document: JsonObject) => boolean) | undefined };

type Parent = JsonObject | Json[];

const operationsMax = 10;
const systemProperties = new Set(['_rid', '_self', '_etag', '_attachments', '_ts']);

/** Reads a patch body: an array of operations, or `{ operations, condition }`. Throws 400 for any other. */
export function parsePatch(body: Json | undefined): PatchRequest {
  const list = Array.isArray(body) ? body : isObject(body) ? body.operations : undefined;
  if (!Array.isArray(list) || list.length === 0) throw badRequest('The patch has no operations.');
  if (list.length > operationsMax) {
    throw badRequest(`The number of patch operations can't exceed ${operationsMax}, and there are ${list.length}.`);
  }
  for (const operation of list) {
    if (!isObject(operation) || typeof operation.op !== 'string' || typeof operation.path !== 'string') {
      throw badRequest("A patch operation must have the properties 'op' and 'path'.");
    }
  }
  const condition = isObject(body) ? body.condition : undefined;
  if (condition === undefined || condition === null) return { operations: list as PatchOperation[] };
  if (typeof condition !== 'string') throw badRequest('The patch condition must be a string.');
  const query = compileQuery(parseQuery(`SELECT * ${condition}`), new Map());
  return { operations: list as PatchOperation[], accepts: (document) => query.rowsOf(document).length > 0 };
}

/** Applies operations in order to a document, which is changed and returned. Throws 400 naming the operation that cannot be. */
export function applyPatch(document: JsonObject, patches: readonly PatchOperation[]): JsonObject {
  for (const operation of patches) applyOperation(document, operation);
  return document;
}

function applyOperation(document: JsonObject, operation: PatchOperation): void {
  const { op, path } = operation;
  const apply = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (apply === undefined)
    throw badRequest(`The patch operation '${op}' is not known: ${Object.keys(operations).join(', ')} are.`);
  apply(find(document, path, op), operation, document);
}

const operations: Record<string, (place: Place, operation: PatchOperation, document: JsonObject) => void> = {
  add: (place, operation) => put(place, operationValue(operation), 'add'),
  set: (place, operation) => put(place, operationValue(operation), 'set'),
  replace(place, operation) {
    if (!exists(place)) throw badRequest(`Patch 'replace': there is nothing at '${operation.path}'.`);
    put(place, operationValue(operation), 'set');
  },
  remove: (place, operation) => remove(place, operation.path, 'remove'),
  incr: increment,
  move(_, { path, from }, document) {
    if (typeof from !== 'string') throw badRequest("Patch 'move' must have the property 'from'.");
    if (path.startsWith(`${from}/`)) throw badRequest(`Patch 'move': '${path}' lies inside '${from}'.`);
    const source = find(document, from, 'move');
    const value = get(source);
    remove(source, from, 'move');
    put(find(document, path, 'move'), value as Json, 'add');
  },
};

type Place = { parent: Parent; name: string };

function find(document: JsonObject, path: string, op: string): Place {
  if (!path.startsWith('/') || path.length < 2)
    throw badRequest(`Patch '${op}': the path '${path}' must begin with '/' and name a property.`);
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (systemProperties.has(names[0] as string))
    throw badRequest(`Patch '${op}': the system property '${path}' cannot be changed.`);
  let parent: Json | undefined = document;
  for (const name of names.slice(0, -1))
    parent = typeof parent === 'object' && parent !== null ? get({ parent, name }) : undefined;
  if (typeof parent !== 'object' || parent === null) throw badRequest(`Patch '${op}': the parent of '${path}' does not exist.`);
  return { parent, name: names.at(-1) as string };
}

function get({ parent, name }: Place): Json | undefined {
  if (Array.isArray(parent)) return /^\d+$/.test(name) ? parent[Number(name)] : undefined;
  return Object.hasOwn(parent, name) ? parent[name] : undefined;
}

function exists(place: Place): boolean {
  return get(place) !== undefined;
}

function operationValue({ op, value }: PatchOperation): Json {
  if (value === undefined) throw badRequest(`Patch '${op}' must have the property 'value'.`);
  return value;
}

/** `add` into an array inserts, `set` there replaces; `-` is its end. */
function put({ parent, name }: Place, value: Json, op: string): void {
  if (!Array.isArray(parent)) {
    setMember(parent, name, value);
    return;
  }
  if (name === '-') {
    parent.push(value);
    return;
  }
  const index = /^\d+$/.test(name) ? Number(name) : Number.NaN;
  if (!(index <= parent.length)) throw badRequest(`Patch '${op}': the index '${name}' is out of the array's bounds.`);
  parent.splice(index, op === 'set' && index < parent.length ? 1 : 0, value);
}

function remove(place: Place, path: string, op: string): void {
  if (!exists(place)) throw badRequest(`Patch '${op}': there is nothing at '${path}'.`);
  if (Array.isArray(place.parent)) place.parent.splice(Number(place.name), 1);
  else delete place.parent[place.name];
}

function increment(place: Place, operation: PatchOperation): void {
  const by = operationValue(operation);
  if (typeof by !== 'number') throw badRequest("Patch 'incr' must have a number as its value.");
  const current = get(place);
  if (current !== undefined && typeof current !== 'number')
    throw badRequest(`Patch 'incr': the value at '${operation.path}' is no number.`);
  put(place, (current ?? 0) + by, 'set');
}
