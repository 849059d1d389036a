/**
 * Pages of a query over a container: which documents are read, what a page holds, and how the next one goes on.
 * Queries whose rows come from one document each go on behind the last document; others are computed once and kept as a cursor.
 * It must not know HTTP.
 */
import type { Container } from './catalogue.ts';
import { badRequest } from './cosmos-error.ts';
import type { Condition } from './item-store.ts';
import { isObject, type Json } from './json.ts';
import { type CompiledQuery, compareKeys, compileQuery } from './sql/compile-query.ts';
import { documentColumns, valueOfText, wholeDocuments } from './sql/document-columns.ts';
import type { Query } from './sql/nodes.ts';
import { parseQuery } from './sql/parse-query.ts';
import { documentPath, itemFilter, plainAlias } from './sql/sqlite-filter.ts';
import type { Value } from './sql/values.ts';

export type QueryRequest = {
  text: string;
  parameters: ReadonlyMap<string, Json>;
  /** What the request is scoped to: a partition key, or a range of them. */
  scope: Condition | undefined;
  rowsMax: number;
  continuation: string | undefined;
};

export type Page = { rows: string[]; continuation: string | undefined; lookedAt: number; bytes: number };

/** A place in a streaming query: the document before it, rows already taken from the next one, and rows counted for OFFSET and LIMIT. */
type Place = { after: number; within: number; seen: number };

/** What is left of a computed result: rows, or documents in order that are still to be read. */
type Cursor = { key: string; place: number; next: (place: number) => { row: string | undefined; done: boolean }; end: number };

const pageBytesMax = 4 * 1024 * 1024;
const cursorsMax = 32;

export class QueryFeed {
  readonly #now: () => number;
  readonly #cursors = new Map<string, Cursor>();
  #cursorCount = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  page(container: Container, request: QueryRequest): Page {
    try {
      return this.#page(container, request);
    } catch (error) {
      // The stack is the only limit to how deep expressions may be nested.
      if (error instanceof RangeError)
        throw badRequest(`The query is nested too deeply, or has too many operators in a row (${error.message}).`);
      throw error;
    }
  }

  #page(container: Container, request: QueryRequest): Page {
    const query = parseQuery(request.text);
    const compiled = compileQuery(query, request.parameters, this.#now());
    if (compiled.streaming) return this.#streamingPage(container, query, compiled, request);
    return this.#cursorPage(container, query, compiled, request);
  }

  #streamingPage(container: Container, query: Query, compiled: CompiledQuery, request: QueryRequest): Page {
    const { where, exact } = this.#where(container, query, request);
    // Whole documents that SQLite alone has selected are passed on as the text they are stored in.
    const verbatim = exact && query.select.kind === 'star' && plainAlias(query) !== undefined;
    const place = placeOf(request.continuation);
    const end = compiled.offset + compiled.limit;
    const page: Page = { rows: [], continuation: undefined, lookedAt: 0, bytes: 0 };
    if (place.seen >= end) return page;
    const { columns, documentOf } = verbatim ? wholeDocuments : documentColumns(query);
    for (const [seq, ...values] of container.items.scan(this.#nowSeconds(), where, columns, place.after)) {
      page.lookedAt += 1;
      const rows = verbatim ? [values[0] as string] : compiled.rowsOf(documentOf(values)).map((row) => JSON.stringify(row));
      for (; place.within < rows.length && place.seen < end; place.within++) {
        if (isFull(page, request.rowsMax)) return { ...page, continuation: JSON.stringify(place) };
        if (place.seen++ >= compiled.offset) add(page, rows[place.within] as string);
      }
      if (place.seen >= end) return page;
      place.after = seq as number;
      place.within = 0;
    }
    return page;
  }

  #cursorPage(container: Container, query: Query, compiled: CompiledQuery, request: QueryRequest): Page {
    const page: Page = { rows: [], continuation: undefined, lookedAt: 0, bytes: 0 };
    const key = `${container.rid} ${request.text} ${JSON.stringify([...request.parameters])} ${JSON.stringify(request.scope)}`;
    const token = cursorTokenOf(request.continuation);
    let cursor = token === undefined ? undefined : this.#cursors.get(token.name);
    if (cursor === undefined || cursor.key !== key)
      cursor = { ...this.#open(container, query, compiled, request, page), key, place: 0 };
    let place = token?.place ?? 0;
    while (place < cursor.end && !isFull(page, request.rowsMax)) {
      const { row, done } = cursor.next(place);
      place += 1;
      if (row !== undefined) add(page, row);
      if (done) return page;
    }
    if (place >= cursor.end) {
      if (token !== undefined) this.#cursors.delete(token.name);
      return page;
    }
    const name = token?.name ?? `c${++this.#cursorCount}`;
    this.#keep(name, cursor);
    return { ...page, continuation: JSON.stringify({ cursor: name, place }) };
  }

  #open(
    container: Container,
    query: Query,
    compiled: CompiledQuery,
    request: QueryRequest,
    page: Page,
  ): Omit<Cursor, 'key' | 'place'> {
    const { where, exact } = this.#where(container, query, request);
    const sorted = this.#sorted(container, query, compiled, where, page);
    if (sorted !== undefined) return sorted;
    const rows =
      exact && isCount(query)
        ? [container.items.count(this.#nowSeconds(), where)]
        : compiled.run(this.#documents(container, query, where, page));
    return { end: rows.length, next: (place) => ({ row: JSON.stringify(rows[place]), done: false }) };
  }

  /** ORDER BY over properties of documents: sorted by these alone; a document is read when its row is asked for. */
  #sorted(
    container: Container,
    query: Query,
    compiled: CompiledQuery,
    where: Condition,
    page: Page,
  ): Omit<Cursor, 'key' | 'place'> | undefined {
    const alias = plainAlias(query);
    if (alias === undefined || query.distinct || query.orderBy.length === 0) return undefined;
    const paths = query.orderBy.map(({ value }) => documentPath(value, alias));
    if (paths.some((path) => path === undefined)) return undefined;
    const directions = query.orderBy.map(({ descending }) => (descending ? -1 : 1));
    const columns = paths.map((path) => `body -> ${path}`);
    const entries: { seq: number; keys: Value[] }[] = [];
    for (const [seq, ...texts] of container.items.scan(this.#nowSeconds(), where, columns)) {
      entries.push({ seq: seq as number, keys: texts.map(valueOfText) });
    }
    // The scan is in order of creation, and sorting keeps it among equals.
    entries.sort((left, right) => compareKeys(left.keys, right.keys, directions));
    page.lookedAt += entries.length;
    const end = compiled.offset + compiled.limit;
    // Rows before each place, as a candidate may turn out to be none.
    const seen = [0];
    const rowAt = (place: number): { row: string | undefined; done: boolean } => {
      const body = container.items.body(entries[place]?.seq as number, this.#nowSeconds());
      const [row] = body === undefined ? [] : compiled.rowsOf(JSON.parse(body) as Json);
      const before = seen[place] as number;
      seen[place + 1] = before + (row === undefined ? 0 : 1);
      return {
        row: row === undefined || before < compiled.offset ? undefined : JSON.stringify(row),
        done: (seen[place + 1] as number) >= end,
      };
    };
    return {
      end: end === 0 ? 0 : entries.length,
      next: (place) => {
        while (seen.length <= place) rowAt(seen.length - 1);
        return rowAt(place);
      },
    };
  }

  *#documents(container: Container, query: Query, where: Condition, page: Page): Iterable<Json> {
    const { columns, documentOf } = documentColumns(query);
    for (const [, ...values] of container.items.scan(this.#nowSeconds(), where, columns)) {
      page.lookedAt += 1;
      yield documentOf(values);
    }
  }

  #where(container: Container, query: Query, { parameters, scope }: QueryRequest): { where: Condition; exact: boolean } {
    const { condition, exact } = itemFilter(query, parameters, container.key, scope !== undefined);
    if (scope === undefined) return { where: condition, exact };
    return { where: { sql: `${scope.sql} AND ${condition.sql}`, values: [...scope.values, ...condition.values] }, exact };
  }

  #keep(name: string, cursor: Cursor): void {
    this.#cursors.delete(name);
    this.#cursors.set(name, cursor);
    const [oldest] = this.#cursors.keys();
    if (this.#cursors.size > cursorsMax && oldest !== undefined) this.#cursors.delete(oldest);
  }

  #nowSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

function isCount({ select, groupBy, from, distinct }: Query): boolean {
  if (distinct || groupBy.length > 0 || from.length !== 1 || select.kind !== 'value') return false;
  const { value } = select;
  return (
    value.kind === 'call' && value.name === 'COUNT' && value.args[0]?.kind === 'literal' && value.args[0].value !== undefined
  );
}

function isFull(page: Page, rowsMax: number): boolean {
  return page.rows.length >= rowsMax || page.bytes >= pageBytesMax;
}

function add(page: Page, row: string): void {
  page.rows.push(row);
  page.bytes += row.length;
}

function placeOf(continuation: string | undefined): Place {
  if (continuation === undefined) return { after: -1, within: 0, seen: 0 };
  const { after, within, seen } = tokenObject(continuation);
  if (typeof after !== 'number' || typeof within !== 'number' || typeof seen !== 'number') throw invalidToken(continuation);
  return { after, within, seen };
}

function cursorTokenOf(continuation: string | undefined): { name: string; place: number } | undefined {
  if (continuation === undefined) return undefined;
  const { cursor, place } = tokenObject(continuation);
  if (typeof cursor !== 'string' || typeof place !== 'number') throw invalidToken(continuation);
  return { name: cursor, place };
}

function tokenObject(continuation: string): { [key: string]: Json } {
  try {
    const token = JSON.parse(continuation) as Json;
    if (isObject(token)) return token;
  } catch {
    // Reported below, as any other text that this server has not given out.
  }
  throw invalidToken(continuation);
}

function invalidToken(continuation: string): Error {
  return badRequest(`The continuation token is not one of this query: ${continuation.slice(0, 100)}`);
}
