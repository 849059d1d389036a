/**
 * Requests on a container's documents: single operations, batches, queries, feeds and the change feed, between headers and operations.
 * It must not know sockets or authorization.
 */
import { batchText, type OperationOutcome, parseBatch, runBulk, runTransactionalBatch } from './batch.ts';
import type { Container } from './catalogue.ts';
import { changePage } from './change-feed.ts';
import type { CommitQueue } from './commit-queue.ts';
import { badRequest, CosmosError, notSupported } from './cosmos-error.ts';
import { type CosmosRequest, type CosmosResponse, header, isSet, jsonBody, objectBody, response } from './http-messages.ts';
import type { Conditions, ItemOperations, ItemResult } from './item-operations.ts';
import type { Condition } from './item-store.ts';
import { isObject, type Json } from './json.ts';
import { keyRangeCondition } from './key-range.ts';
import { parsePatch } from './patch.ts';
import type { QueryFeed } from './query-feed.ts';
import { changeFeedCharge, queryCharge } from './request-charge.ts';

const pageRowsDefault = 1000;

export class DocumentRoutes {
  readonly #operations: ItemOperations;
  readonly #queries: QueryFeed;
  readonly #commits: CommitQueue;

  constructor(operations: ItemOperations, queries: QueryFeed, commits: CommitQueue) {
    this.#operations = operations;
    this.#queries = queries;
    this.#commits = commits;
  }

  /** `/dbs/d/colls/c/docs` */
  feed(request: CosmosRequest, container: Container): CosmosResponse | Promise<CosmosResponse> {
    if (request.method === 'GET')
      return header(request, 'a-im') === undefined
        ? this.#query(request, container, undefined)
        : this.#changes(request, container);
    if (request.method !== 'POST') throw new CosmosError(405, `The method ${request.method} is not allowed on documents.`);
    if (isSet(request, 'x-ms-cosmos-is-query-plan-request')) return response(200, queryPlan, 1);
    if (isSet(request, 'x-ms-cosmos-is-batch-request')) return this.#batch(request, container);
    const isQuery =
      isSet(request, 'x-ms-documentdb-isquery') || (header(request, 'content-type') ?? '').startsWith('application/query+json');
    if (isQuery) return this.#query(request, container, objectBody(request));
    return this.#create(request, container);
  }

  /** `/dbs/d/colls/c/docs/id` */
  item(request: CosmosRequest, container: Container, id: string): CosmosResponse | Promise<CosmosResponse> {
    const pk = partitionKeyOf(request, container);
    const conditions = conditionsOf(request);
    switch (request.method) {
      case 'GET':
        return itemResponse(this.#operations.read(container, pk, id, conditions));
      case 'PUT': {
        const document = jsonBody(request);
        return this.#write(container, request, () => this.#operations.replace(container, pk, id, document, conditions));
      }
      case 'PATCH': {
        const patch = parsePatch(jsonBody(request));
        return this.#write(container, request, () => this.#operations.patch(container, pk, id, patch, conditions));
      }
      case 'DELETE':
        return this.#write(container, request, () => this.#operations.delete(container, pk, id, conditions));
      default:
        throw new CosmosError(405, `The method ${request.method} is not allowed on a document.`);
    }
  }

  /** `/dbs/d/colls/c/operations/partitionkeydelete` */
  async deletePartition(request: CosmosRequest, container: Container): Promise<CosmosResponse> {
    const pk = partitionKeyOf(request, container);
    await this.#commits.write(() => container.items.deletePartition(pk));
    return response(200, undefined, 1);
  }

  #create(request: CosmosRequest, container: Container): Promise<CosmosResponse> {
    const document = jsonBody(request);
    const pk = partitionKeyOf(request, container);
    const conditions = conditionsOf(request);
    const upsert = isSet(request, 'x-ms-documentdb-is-upsert');
    return this.#write(container, request, () =>
      upsert ? this.#operations.upsert(container, pk, document, conditions) : this.#operations.create(container, pk, document),
    );
  }

  async #write(container: Container, request: CosmosRequest, work: () => ItemResult): Promise<CosmosResponse> {
    const result = await this.#commits.write(() => {
      this.#operations.begin(container);
      return work();
    });
    return itemResponse(result, header(request, 'prefer') === 'return=minimal');
  }

  async #batch(request: CosmosRequest, container: Container): Promise<CosmosResponse> {
    const batch = parseBatch(jsonBody(request));
    const atomic = isSet(request, 'x-ms-cosmos-batch-atomic');
    const pk = atomic ? partitionKeyOf(request, container) : undefined;
    const continueOnError = header(request, 'x-ms-cosmos-batch-continue-on-error')?.toLowerCase() !== 'false';
    const outcomes = await this.#commits.write((): OperationOutcome[] => {
      this.#operations.begin(container);
      if (pk === undefined) return runBulk(this.#operations, container, batch, continueOnError);
      return runTransactionalBatch(this.#operations, container, pk, batch, (work) => this.#commits.atomically(work));
    });
    const charge = outcomes.reduce((total, outcome) => total + outcome.charge, 0);
    const status = outcomes.some((outcome) => outcome.status >= 400) ? 207 : 200;
    return response(status, batchText(outcomes, header(request, 'prefer') !== 'return=minimal'), Math.round(charge * 100) / 100);
  }

  #query(request: CosmosRequest, container: Container, body: { [key: string]: Json } | undefined): CosmosResponse {
    const text = body === undefined ? 'SELECT * FROM c' : body.query;
    if (typeof text !== 'string') throw badRequest("The body of a query must have the property 'query'.");
    const page = this.#queries.page(container, {
      text,
      parameters: parametersOf(body?.parameters),
      scope: scopeOf(request, container),
      rowsMax: rowsMaxOf(request),
      continuation: header(request, 'x-ms-continuation'),
    });
    const headers: Record<string, string> = { 'x-ms-item-count': String(page.rows.length) };
    if (page.continuation !== undefined) headers['x-ms-continuation'] = page.continuation;
    if (isSet(request, 'x-ms-documentdb-populatequerymetrics')) {
      headers['x-ms-documentdb-query-metrics'] =
        `retrievedDocumentCount=${page.lookedAt};retrievedDocumentSize=${page.bytes};outputDocumentCount=${page.rows.length};outputDocumentSize=${page.bytes}`;
    }
    return response(200, feedText(container, page.rows), queryCharge(page.lookedAt, page.bytes), headers);
  }

  #changes(request: CosmosRequest, container: Container): CosmosResponse {
    const mode = header(request, 'a-im') ?? '';
    if (mode.toLowerCase() !== 'incremental feed')
      throw notSupported(`The change feed mode '${mode}' (all versions and deletes)`);
    const { rows, etag, bytes } = changePage(container, {
      scope: scopeOf(request, container),
      rowsMax: rowsMaxOf(request),
      ifNoneMatch: header(request, 'if-none-match'),
      ifModifiedSince: header(request, 'if-modified-since'),
      nowSeconds: this.#operations.nowSeconds(),
    });
    const headers = { etag, 'x-ms-item-count': String(rows.length) };
    if (rows.length === 0) return response(304, undefined, 1, headers);
    return response(200, feedText(container, rows), changeFeedCharge(bytes), headers);
  }
}

function itemResponse({ status, etag, body, charge }: ItemResult, minimal = false): CosmosResponse {
  return response(status, minimal ? undefined : body, charge, etag === undefined ? {} : { etag });
}

function feedText(container: Container, rows: readonly string[]): string {
  return `{"_rid":"${container.rid}","Documents":[${rows.join(',')}],"_count":${rows.length}}`;
}

function partitionKeyOf(request: CosmosRequest, container: Container): string {
  const text = header(request, 'x-ms-documentdb-partitionkey');
  if (text === undefined) throw badRequest('PartitionKey value must be supplied for this operation.');
  return container.key.fromWire(text);
}

function conditionsOf(request: CosmosRequest): Conditions {
  return { ifMatch: header(request, 'if-match'), ifNoneMatch: header(request, 'if-none-match') };
}

/** What a query or feed is limited to: a whole partition key, a prefix of one, or a range of their hashes. */
function scopeOf(request: CosmosRequest, container: Container): Condition | undefined {
  const text = header(request, 'x-ms-documentdb-partitionkey');
  if (text !== undefined) {
    const components = container.key.componentsFromWire(text);
    if (components.length >= container.key.segments.length) return { sql: 'pk = ?', values: [container.key.fromWire(text)] };
    const prefix = `[${components.join(',')},`;
    return { sql: 'substr(pk, 1, ?) = ?', values: [[...prefix].length, prefix] };
  }
  const range = header(request, 'x-ms-documentdb-partitionkeyrangeid');
  if (range !== undefined && range !== '0' && !range.endsWith(',0'))
    throw new CosmosError(410, `The partition key range '${range}' does not exist.`, 1002);
  return keyRangeCondition(container, header(request, 'x-ms-start-epk'), header(request, 'x-ms-end-epk'));
}

function rowsMaxOf(request: CosmosRequest): number {
  const text = header(request, 'x-ms-max-item-count');
  const rows = Number(text ?? -1);
  if (!Number.isInteger(rows)) throw badRequest(`The x-ms-max-item-count header is no number: ${text}`);
  return rows <= 0 ? pageRowsDefault : rows;
}

function parametersOf(list: Json | undefined): Map<string, Json> {
  const parameters = new Map<string, Json>();
  if (list === undefined || list === null) return parameters;
  if (!Array.isArray(list)) throw badRequest("The query's parameters must be an array.");
  for (const parameter of list) {
    if (!isObject(parameter) || typeof parameter.name !== 'string') throw badRequest("A query's parameter must have a name.");
    if (parameter.value !== undefined) parameters.set(parameter.name, parameter.value);
  }
  return parameters;
}

/** A plan that leaves the whole query to the server: nothing for the client to merge, one range. */
const queryPlan = JSON.stringify({
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: 'None',
    top: null,
    offset: null,
    limit: null,
    orderBy: [],
    orderByExpressions: [],
    groupByExpressions: [],
    groupByAliases: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: '',
    hasSelectValue: false,
    hasNonStreamingOrderBy: false,
    dCountInfo: null,
  },
  queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
});
