/**
 * Which parts of the documents a query needs, so that only these are taken out of the stored text: a few properties are read
 * several times faster than whole documents. It must not know how rows are read.
 */
import type { SQLOutputValue } from 'node:sqlite';
import { isSqliteName, sqlitePath } from '../item-store.ts';
import { type Json, type JsonObject, setMember } from '../json.ts';
import { partsOf, type Query, type Scalar } from './nodes.ts';
import { plainAlias } from './sqlite-filter.ts';
import type { Value } from './values.ts';

/** Expressions in SQLite's SQL, and the document that their values make: whole, or with no more than what the query needs. */
export type DocumentColumns = { columns: string[]; documentOf: (values: readonly SQLOutputValue[]) => Json };

export const wholeDocuments: DocumentColumns = { columns: ['body'], documentOf: ([body]) => JSON.parse(body as string) as Json };

/** Beyond this many properties a whole document is read as fast. */
const pathsMax = 6;

export function documentColumns(query: Query): DocumentColumns {
  const alias = plainAlias(query);
  const paths = new Map<string, string[]>();
  if (alias === undefined || !collectFromQuery(query, alias, paths)) return wholeDocuments;
  const needed = [...paths.values()].filter((path) => !hasShorter(path, paths));
  if (needed.length > pathsMax) return wholeDocuments;
  return {
    columns: needed.map((path) => `body -> '${sqlitePath(path)}'`),
    documentOf: (values) => {
      const document: JsonObject = {};
      for (const [index, path] of needed.entries()) {
        const value = valueOfText(values[index]);
        if (value !== undefined) place(document, path, value);
      }
      return document;
    },
  };
}

/** The value of a `->` column: null where the document has no such property. */
export function valueOfText(text: SQLOutputValue | undefined): Value {
  return typeof text === 'string' ? (JSON.parse(text) as Json) : undefined;
}

function place(document: JsonObject, path: readonly string[], value: Json): void {
  let parent = document;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(parent, name)) setMember(parent, name, {});
    parent = parent[name] as JsonObject;
  }
  setMember(parent, path.at(-1) as string, value);
}

function hasShorter(path: readonly string[], paths: ReadonlyMap<string, string[]>): boolean {
  return path.some((_, index) => index > 0 && paths.has(JSON.stringify(path.slice(0, index))));
}

/** Gathers the paths below the alias; false where the document is needed as a whole. */
function collectFromQuery(query: Query, alias: string, paths: Map<string, string[]>): boolean {
  const { select, where, groupBy, orderBy, from } = query;
  if (select.kind === 'star' && from[0]?.alias === alias) return false;
  const selected =
    select.kind === 'star' ? [] : select.kind === 'value' ? [select.value] : select.items.map(({ value }) => value);
  const scalars = [...selected, ...groupBy, ...orderBy.map(({ value }) => value), ...(where === undefined ? [] : [where])];
  const sources = from.every((source) => {
    if (source.kind === 'query') return collectFromQuery(source.query, alias, paths);
    // The source that gives the alias its documents names the container, not a document.
    return (source.alias === alias && source.path.kind === 'alias') || collect(source.path, alias, paths);
  });
  return sources && scalars.every((scalar) => collect(scalar, alias, paths));
}

function collect(node: Scalar, alias: string, paths: Map<string, string[]>): boolean {
  if (node.kind === 'alias') return node.name !== alias;
  if (node.kind === 'subquery') return collectFromQuery(node.query, alias, paths);
  if (node.kind !== 'member') return partsOf(node).every((part) => collect(part, alias, paths));
  const path = namesOf(node, alias);
  if (path === undefined) return collect(node.of, alias, paths) && collect(node.key, alias, paths);
  if (!path.every(isSqliteName)) return false;
  paths.set(JSON.stringify(path), path);
  return true;
}

/** The property names from the alias to a member, where there are only such. */
function namesOf(node: Scalar, alias: string): string[] | undefined {
  if (node.kind === 'alias') return node.name === alias ? [] : undefined;
  if (node.kind !== 'member' || node.key.kind !== 'literal' || typeof node.key.value !== 'string') return undefined;
  const outer = namesOf(node.of, alias);
  return outer === undefined ? undefined : [...outer, node.key.value];
}
