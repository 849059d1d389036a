/**
 * From a request's path to what it names: the account, databases, containers, partition key ranges, offers, documents.
 * It must not know sockets.
 */
import {
  type Catalogue,
  type Container,
  containerResource,
  type Database,
  databaseResource,
  type Throughput,
} from './catalogue.ts';
import { badRequest, CosmosError, notFound, notSupported } from './cosmos-error.ts';
import type { DocumentRoutes } from './document-routes.ts';
import { type CosmosRequest, type CosmosResponse, header, isSet, objectBody, response } from './http-messages.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { etagOf, offerRid, partitionKeyRangeRid } from './resource-id.ts';
import { compileQuery } from './sql/compile-query.ts';
import { parseQuery } from './sql/parse-query.ts';
import { ratePerSecond } from './throughput-budget.ts';

export class Router {
  readonly #catalogue: Catalogue;
  readonly #documents: DocumentRoutes;
  readonly #now: () => number;

  constructor(catalogue: Catalogue, documents: DocumentRoutes, now: () => number) {
    this.#catalogue = catalogue;
    this.#documents = documents;
    this.#now = now;
  }

  /** The container whose documents a request works on, which pays for it; undefined for any other request. */
  payer({ segments }: CosmosRequest): Container | undefined {
    const [dbs, database, colls, container, what] = segments;
    if (dbs !== 'dbs' || colls !== 'colls' || (what !== 'docs' && what !== 'operations')) return undefined;
    return this.#catalogue.container(database as string, container as string);
  }

  route(request: CosmosRequest, endpoint: string): CosmosResponse | Promise<CosmosResponse> {
    const [root, id, ...rest] = request.segments;
    switch (root) {
      case undefined:
        return response(200, accountResource(endpoint), 0);
      case 'dbs':
        if (id === undefined) return this.#databases(request);
        return rest.length === 0 ? this.#database(request, id) : this.#inDatabase(request, id, rest);
      case 'offers':
        return id === undefined ? this.#offers(request) : this.#offer(request, id);
      default:
        throw notSupported(`The resource '/${request.segments.join('/')}'`);
    }
  }

  #databases(request: CosmosRequest): CosmosResponse {
    const all = [...this.#catalogue.databases.values()];
    if (request.method === 'GET' || isQuery(request)) return listResponse(request, 'Databases', '', all.map(databaseResource));
    allow(request, 'POST');
    const database = this.#catalogue.createDatabase(objectBody(request).id, throughputOf(request), this.#now());
    return resourceResponse(201, databaseResource(database));
  }

  #database(request: CosmosRequest, id: string): CosmosResponse {
    const database = this.#catalogue.database(id);
    if (request.method === 'GET') return resourceResponse(200, databaseResource(database));
    allow(request, 'DELETE');
    this.#catalogue.deleteDatabase(database);
    return response(204, undefined, 1);
  }

  #inDatabase(request: CosmosRequest, databaseId: string, rest: string[]): CosmosResponse | Promise<CosmosResponse> {
    const [kind, id, ...inner] = rest;
    if (kind !== 'colls') throw notSupported(`The resource type '${kind}' (of a database)`);
    const database = this.#catalogue.database(databaseId);
    if (id === undefined) return this.#containers(request, database);
    const container = this.#catalogue.container(databaseId, id);
    return inner.length === 0 ? this.#container(request, container) : this.#inContainer(request, container, inner);
  }

  #containers(request: CosmosRequest, database: Database): CosmosResponse {
    const all = [...database.containers.values()];
    if (request.method === 'GET' || isQuery(request))
      return listResponse(request, 'DocumentCollections', database.rid, all.map(containerResource));
    allow(request, 'POST');
    const container = this.#catalogue.createContainer(database, objectBody(request), throughputOf(request), this.#now());
    return resourceResponse(201, containerResource(container));
  }

  #container(request: CosmosRequest, container: Container): CosmosResponse {
    if (request.method === 'GET') {
      const answer = resourceResponse(200, containerResource(container));
      if (isSet(request, 'x-ms-documentdb-populatequotainfo')) {
        const documents = container.items.count(Math.floor(this.#now() / 1000));
        answer.headers['x-ms-resource-usage'] = `functions=0;storedProcedures=0;triggers=0;documentsCount=${documents}`;
      }
      return answer;
    }
    if (request.method === 'PUT') {
      this.#catalogue.replaceContainer(container, objectBody(request), this.#now());
      return resourceResponse(200, containerResource(container));
    }
    allow(request, 'DELETE');
    this.#catalogue.deleteContainer(container);
    return response(204, undefined, 1);
  }

  #inContainer(request: CosmosRequest, container: Container, [kind, id]: string[]): CosmosResponse | Promise<CosmosResponse> {
    if (kind === 'docs')
      return id === undefined ? this.#documents.feed(request, container) : this.#documents.item(request, container, id);
    if (kind === 'pkranges' && id === undefined) return partitionKeyRanges(request, container);
    if (kind === 'operations' && id === 'partitionkeydelete') {
      allow(request, 'POST');
      return this.#documents.deletePartition(request, container);
    }
    throw notSupported(`The resource type '${kind}' (of a container)`);
  }

  #offers(request: CosmosRequest): CosmosResponse {
    if (request.method !== 'GET' && !isQuery(request))
      throw new CosmosError(405, `The method ${request.method} is not allowed on offers.`);
    const owners: (Database | Container)[] = [...this.#catalogue.databases.values(), ...this.#catalogue.allContainers()];
    const offers = owners.filter((owner) => owner.throughput !== undefined).map(offerResource);
    return listResponse(request, 'Offers', '', offers);
  }

  #offer(request: CosmosRequest, id: string): CosmosResponse {
    const owners: (Database | Container)[] = [...this.#catalogue.databases.values(), ...this.#catalogue.allContainers()];
    const owner = owners.find((candidate) => candidate.throughput !== undefined && offerResource(candidate).id === id);
    if (owner === undefined) throw notFound(`Offer '${id}'`);
    if (request.method === 'GET') return resourceResponse(200, offerResource(owner));
    allow(request, 'PUT');
    const { content } = objectBody(request);
    if (!isObject(content)) throw badRequest('An offer must have the property content.');
    this.#catalogue.setThroughput(owner, throughputFromOffer(content));
    return resourceResponse(200, offerResource(owner));
  }
}

function allow(request: CosmosRequest, method: string): void {
  if (request.method !== method)
    throw new CosmosError(405, `The method ${request.method} is not allowed on '/${request.segments.join('/')}'.`);
}

function isQuery(request: CosmosRequest): boolean {
  return request.method === 'POST' && isSet(request, 'x-ms-documentdb-isquery');
}

function resourceResponse(status: number, resource: JsonObject): CosmosResponse {
  return response(status, resource, status === 201 ? 5 : 1, { etag: resource._etag as string });
}

/** A feed of resources that are few, so it is one page; filtered by the query where there is one. */
function listResponse(request: CosmosRequest, name: string, rid: string, resources: JsonObject[]): CosmosResponse {
  let rows: Json[] = resources;
  if (isQuery(request)) {
    const { query, parameters } = objectBody(request);
    if (typeof query !== 'string') throw badRequest("The body of a query must have the property 'query'.");
    const values = new Map(
      (Array.isArray(parameters) ? parameters : []).filter(isObject).map((each) => [String(each.name), each.value ?? null]),
    );
    rows = compileQuery(parseQuery(query), values).run(resources);
  }
  return response(200, { _rid: rid, [name]: rows, _count: rows.length }, 1, { 'x-ms-item-count': String(rows.length) });
}

/** The one range that all of a container lies in. */
function partitionKeyRanges(request: CosmosRequest, container: Container): CosmosResponse {
  allow(request, 'GET');
  const etag = etagOf(container.number, 0, container.ts);
  const headers = { etag, 'x-ms-item-count': '1' };
  if (header(request, 'if-none-match') === etag) return response(304, undefined, 1, { ...headers, 'x-ms-item-count': '0' });
  const rid = partitionKeyRangeRid(container.database.number, container.number);
  const range: JsonObject = {
    _rid: rid,
    id: '0',
    _etag: etag,
    minInclusive: '',
    maxExclusive: 'FF',
    ridPrefix: 0,
    _self: `dbs/${container.database.rid}/colls/${container.rid}/pkranges/${rid}/`,
    throughputFraction: 1,
    status: 'online',
    parents: [],
    _ts: container.ts,
  };
  return response(200, { _rid: container.rid, PartitionKeyRanges: [range], _count: 1 }, 1, headers);
}

function throughputOf(request: CosmosRequest): Throughput | undefined {
  const autoscale = header(request, 'x-ms-cosmos-offer-autopilot-settings');
  if (autoscale !== undefined) {
    const max = (JSON.parse(autoscale) as { maxThroughput?: unknown }).maxThroughput;
    return { autoscaleMax: checkedRate(max) };
  }
  const manual = header(request, 'x-ms-offer-throughput');
  return manual === undefined ? undefined : { manual: checkedRate(Number(manual)) };
}

function throughputFromOffer(content: JsonObject): Throughput {
  const autoscale = content.offerAutopilotSettings;
  if (isObject(autoscale)) return { autoscaleMax: checkedRate(autoscale.maxThroughput) };
  return { manual: checkedRate(content.offerThroughput) };
}

function checkedRate(rate: unknown): number {
  if (typeof rate !== 'number' || !Number.isInteger(rate) || rate <= 0)
    throw badRequest(`The throughput must be a positive number of RU/s, not ${JSON.stringify(rate)}.`);
  return rate;
}

function offerResource(owner: Database | Container): JsonObject {
  const rid = offerRid(owner.number * 2 + (owner.kind === 'container' ? 1 : 0));
  const database = owner.kind === 'container' ? owner.database : owner;
  const autoscaleMax = owner.throughput?.autoscaleMax;
  const content: JsonObject = { offerThroughput: ratePerSecond(owner.throughput), offerIsRUPerMinuteThroughputEnabled: false };
  if (autoscaleMax !== undefined) {
    content.offerThroughput = Math.ceil(autoscaleMax / 10);
    content.offerAutopilotSettings = { maxThroughput: autoscaleMax };
  }
  return {
    id: rid,
    _rid: rid,
    _self: `offers/${rid}/`,
    _etag: etagOf(owner.number, 0, owner.ts),
    _ts: owner.ts,
    offerVersion: 'V2',
    offerType: 'Invalid',
    resource: owner.kind === 'container' ? `dbs/${database.rid}/colls/${owner.rid}/` : `dbs/${database.rid}/`,
    offerResourceId: owner.rid,
    content,
  };
}

function accountResource(endpoint: string): JsonObject {
  const location = { name: 'Local', databaseAccountEndpoint: endpoint };
  return {
    _self: '',
    id: 'localhost',
    _rid: 'localhost',
    media: '//media/',
    addresses: '//addresses/',
    _dbs: '//dbs/',
    writableLocations: [location],
    readableLocations: [location],
    enableMultipleWriteLocations: false,
    continuousBackupEnabled: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    // .NET wants an object here; these limits are the service's.
    queryEngineConfiguration: JSON.stringify({
      maxSqlQueryInputLength: 262144,
      maxJoinsPerSqlQuery: 5,
      maxLogicalAndPerSqlQuery: 500,
      maxLogicalOrPerSqlQuery: 500,
      maxUdfRefPerSqlQuery: 10,
      maxInExpressionItemsCount: 16000,
      queryMaxInMemorySortDocumentCount: 500,
      maxQueryRequestTimeoutFraction: 0.9,
      sqlAllowNonFiniteNumbers: false,
      sqlAllowAggregateFunctions: true,
      sqlAllowSubQuery: true,
      sqlAllowScalarSubQuery: true,
      allowNewKeywords: true,
      sqlAllowLike: true,
      sqlAllowGroupByClause: true,
      sqlAllowTop: true,
      maxSpatialQueryCells: 12,
      spatialMaxGeometryPointCount: 256,
    }),
  };
}
