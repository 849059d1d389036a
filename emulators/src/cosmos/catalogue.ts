/**
 * Databases and containers: their settings and throughput, kept in SQLite and mirrored in memory.
 * It must not know HTTP or documents' contents.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { badRequest, conflict, notFound } from './cosmos-error.ts';
import { ItemStore } from './item-store.ts';
import { isObject, type JsonObject } from './json.ts';
import { PartitionKey, type PartitionKeyDefinition, segmentsOfPath } from './partition-key.ts';
import { containerRid, databaseRid, documentRids, etagOf } from './resource-id.ts';

/** Provisioned throughput in RU/s; `autoscaleMax` set means the rate scales up to it. */
export type Throughput = { manual?: number; autoscaleMax?: number };

export type Database = {
  kind: 'database';
  number: number;
  id: string;
  rid: string;
  ts: number;
  throughput: Throughput | undefined;
  containers: Map<string, Container>;
};

export type ContainerSettings = {
  partitionKey: PartitionKeyDefinition;
  defaultTtl?: number;
  uniqueKeyPolicy?: { uniqueKeys: { paths: string[] }[] };
  indexingPolicy: JsonObject;
  conflictResolutionPolicy: JsonObject;
  [other: string]: unknown;
};

export type Container = {
  kind: 'container';
  number: number;
  id: string;
  rid: string;
  database: Database;
  settings: ContainerSettings;
  key: PartitionKey;
  ts: number;
  version: number;
  throughput: Throughput | undefined;
  /** The last log sequence number given out. */
  lsn: number;
  items: ItemStore;
  documentRid: (documentNumber: number) => string;
};

const defaultThroughput = 400;

export class Catalogue {
  readonly #db: DatabaseSync;
  readonly databases = new Map<string, Database>();
  readonly #saveLsn: StatementSync;
  readonly #dirty = new Set<Container>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS database (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL, throughput TEXT);
      CREATE TABLE IF NOT EXISTS container (
        number INTEGER PRIMARY KEY AUTOINCREMENT, database INTEGER NOT NULL, id TEXT NOT NULL, ts INTEGER NOT NULL, version INTEGER NOT NULL,
        settings TEXT NOT NULL, throughput TEXT, lsn INTEGER NOT NULL, UNIQUE (database, id)
      );
    `);
    this.#saveLsn = db.prepare('UPDATE container SET lsn = ? WHERE number = ?');
    this.#load();
  }

  database(id: string): Database {
    const database = this.databases.get(id) ?? [...this.databases.values()].find(({ rid }) => rid === id);
    if (database === undefined) throw notFound(`Database '${id}'`);
    return database;
  }

  container(databaseId: string, id: string): Container {
    const { containers } = this.database(databaseId);
    const container = containers.get(id) ?? [...containers.values()].find(({ rid }) => rid === id);
    if (container === undefined) throw notFound(`Container '${id}' of database '${databaseId}'`);
    return container;
  }

  *allContainers(): Iterable<Container> {
    for (const database of this.databases.values()) yield* database.containers.values();
  }

  createDatabase(id: unknown, throughput: Throughput | undefined, nowMs: number): Database {
    checkResourceId(id);
    if (this.databases.has(id)) throw conflict('Resource with specified id, name, or unique index already exists.');
    const ts = Math.floor(nowMs / 1000);
    const run = this.#db.prepare('INSERT INTO database (id, ts, throughput) VALUES (?, ?, ?)').run(id, ts, textOf(throughput));
    return this.#addDatabase(Number(run.lastInsertRowid), id, ts, throughput);
  }

  createContainer(database: Database, body: JsonObject, throughput: Throughput | undefined, nowMs: number): Container {
    checkResourceId(body.id);
    if (database.containers.has(body.id)) throw conflict('Resource with specified id, name, or unique index already exists.');
    const settings = settingsFrom(body);
    // Without throughput of its own a container shares its database's, or has the service's least.
    const own = throughput ?? (database.throughput === undefined ? { manual: defaultThroughput } : undefined);
    const ts = Math.floor(nowMs / 1000);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const run = this.#db
        .prepare('INSERT INTO container (database, id, ts, version, settings, throughput, lsn) VALUES (?, ?, ?, 1, ?, ?, 0)')
        .run(database.number, body.id, ts, JSON.stringify(settings), textOf(own));
      const row = { number: Number(run.lastInsertRowid), id: body.id, ts, version: 1, settings, throughput: own, lsn: 0 };
      const container = this.#addContainer(database, row);
      container.items.createUniqueKeys((settings.uniqueKeyPolicy?.uniqueKeys ?? []).map((key) => key.paths));
      this.#db.exec('COMMIT');
      return container;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      database.containers.delete(body.id);
      throw error;
    }
  }

  /** Takes over the settings that may change: TTL, indexing and the like. Throws 400 where the keys differ. */
  replaceContainer(container: Container, body: JsonObject, nowMs: number): void {
    const settings = settingsFrom(body);
    const keysOf = (of: ContainerSettings): string =>
      JSON.stringify([of.partitionKey.paths, of.uniqueKeyPolicy?.uniqueKeys ?? []]);
    if (keysOf(settings) !== keysOf(container.settings)) {
      throw badRequest('Document collection partition key and unique keys cannot be changed.');
    }
    settings.partitionKey = container.settings.partitionKey;
    if (settings.defaultTtl !== container.settings.defaultTtl) container.items.applyDefaultTtl(settings.defaultTtl);
    container.settings = settings;
    container.ts = Math.floor(nowMs / 1000);
    container.version += 1;
    this.#db
      .prepare('UPDATE container SET settings = ?, ts = ?, version = ? WHERE number = ?')
      .run(JSON.stringify(settings), container.ts, container.version, container.number);
  }

  setThroughput(owner: Database | Container, throughput: Throughput): void {
    owner.throughput = throughput;
    this.#db.prepare(`UPDATE ${owner.kind} SET throughput = ? WHERE number = ?`).run(textOf(throughput), owner.number);
  }

  deleteContainer(container: Container): void {
    this.#dirty.delete(container);
    container.items.drop();
    this.#db.prepare('DELETE FROM container WHERE number = ?').run(container.number);
    container.database.containers.delete(container.id);
  }

  deleteDatabase(database: Database): void {
    for (const container of [...database.containers.values()]) this.deleteContainer(container);
    this.#db.prepare('DELETE FROM database WHERE number = ?').run(database.number);
    this.databases.delete(database.id);
  }

  /** The next log sequence number; saved with the transaction that uses it. */
  nextLsn(container: Container): number {
    container.lsn += 1;
    this.#dirty.add(container);
    return container.lsn;
  }

  /** Writes down the sequence numbers given out since the last call; part of every commit. */
  saveSequence(): void {
    for (const { lsn, number } of this.#dirty) this.#saveLsn.run(lsn, number);
    this.#dirty.clear();
  }

  #load(): void {
    for (const row of this.#db.prepare('SELECT number, id, ts, throughput FROM database').all()) {
      const { number, id, ts, throughput } = row as { number: number; id: string; ts: number; throughput: string | null };
      const database = this.#addDatabase(number, id, ts, parsed(throughput));
      const rows = this.#db
        .prepare('SELECT number, id, ts, version, settings, throughput, lsn FROM container WHERE database = ?')
        .all(number);
      for (const found of rows as ContainerRow[]) {
        const settings = JSON.parse(found.settings) as ContainerSettings;
        this.#addContainer(database, { ...found, settings, throughput: parsed(found.throughput) });
      }
    }
  }

  #addDatabase(number: number, id: string, ts: number, throughput: Throughput | undefined): Database {
    const database: Database = { kind: 'database', number, id, rid: databaseRid(number), ts, throughput, containers: new Map() };
    this.databases.set(id, database);
    return database;
  }

  #addContainer(
    database: Database,
    row: Pick<Container, 'number' | 'id' | 'ts' | 'version' | 'settings' | 'throughput' | 'lsn'>,
  ): Container {
    const container: Container = {
      ...row,
      kind: 'container',
      rid: containerRid(database.number, row.number),
      database,
      key: new PartitionKey(row.settings.partitionKey),
      items: new ItemStore(this.#db, row.number),
      documentRid: documentRids(database.number, row.number),
    };
    database.containers.set(row.id, container);
    return container;
  }
}

type ContainerRow = {
  number: number;
  id: string;
  ts: number;
  version: number;
  settings: string;
  throughput: string | null;
  lsn: number;
};

function textOf(throughput: Throughput | undefined): string | null {
  return throughput === undefined ? null : JSON.stringify(throughput);
}

function parsed(text: string | null): Throughput | undefined {
  return text === null ? undefined : (JSON.parse(text) as Throughput);
}

/** Ids as the service takes them. Also for documents. */
export function checkResourceId(id: unknown): asserts id is string {
  if (id === undefined || id === '') {
    throw badRequest("The input content is invalid because the required properties - 'id; ' - are missing");
  }
  if (typeof id !== 'string') throw badRequest("The input content is invalid because the property 'id' must be a string.");
  if (id.length > 255) throw badRequest("The input name is invalid: 'id' is longer than 255 characters.");
  if (/[/\\?#]/.test(id))
    throw badRequest(
      `The input name '${id}' is invalid. Ensure to provide a unique non-empty string without '/', '\\', '?' or '#'.`,
    );
}

function settingsFrom(body: JsonObject): ContainerSettings {
  const { id: _id, _rid, _ts, _self, _etag, _docs, _sprocs, _triggers, _udfs, _conflicts, ...rest } = body;
  const settings = {
    ...rest,
    partitionKey: partitionKeyFrom(rest.partitionKey),
    indexingPolicy: rest.indexingPolicy ?? {
      indexingMode: 'consistent',
      automatic: true,
      includedPaths: [{ path: '/*' }],
      excludedPaths: [{ path: '/"_etag"/?' }],
    },
    conflictResolutionPolicy: rest.conflictResolutionPolicy ?? {
      mode: 'LastWriterWins',
      conflictResolutionPath: '/_ts',
      conflictResolutionProcedure: '',
    },
  } as ContainerSettings;
  const { defaultTtl } = settings;
  if (defaultTtl === null) delete settings.defaultTtl;
  else if (defaultTtl !== undefined && !(Number.isInteger(defaultTtl) && (defaultTtl === -1 || defaultTtl > 0))) {
    throw badRequest(`The defaultTtl must be -1 or a positive number of seconds, not ${JSON.stringify(defaultTtl)}.`);
  }
  for (const { paths } of settings.uniqueKeyPolicy?.uniqueKeys ?? []) {
    for (const path of paths) {
      if (segmentsOfPath(path).some((segment) => /["\\]/.test(segment)))
        throw badRequest(`The unique key path '${path}' is not supported by this emulator.`);
    }
  }
  return settings;
}

function partitionKeyFrom(value: unknown): PartitionKeyDefinition {
  if (value === undefined || value === null) return { paths: ['/_partitionKey'], kind: 'Hash', version: 2, systemKey: true };
  const definition = (typeof value === 'string' ? { paths: [value] } : value) as Partial<PartitionKeyDefinition>;
  if (!isObject(definition) || !Array.isArray(definition.paths) || definition.paths.length === 0) {
    throw badRequest('The partition key definition must have paths.');
  }
  const kind = definition.kind ?? (definition.paths.length > 1 ? 'MultiHash' : 'Hash');
  if (kind !== 'Hash' && kind !== 'MultiHash')
    throw badRequest(`The partition key kind '${String(kind)}' is not supported by this emulator.`);
  if (definition.paths.length > (kind === 'Hash' ? 1 : 3)) throw badRequest(`Too many partition key paths for kind '${kind}'.`);
  for (const path of definition.paths) segmentsOfPath(path);
  return { ...definition, paths: definition.paths, kind, version: definition.version ?? (kind === 'Hash' ? 1 : 2) };
}

/** The JSON that a client is given for a database. */
export function databaseResource(database: Database): JsonObject {
  const { id, rid, ts, number } = database;
  return { id, _rid: rid, _self: `dbs/${rid}/`, _etag: etagOf(number, 1, ts), _colls: 'colls/', _users: 'users/', _ts: ts };
}

/** The JSON that a client is given for a container. */
export function containerResource(container: Container): JsonObject {
  const { id, rid, ts, number, version, settings, database } = container;
  return {
    ...(settings as unknown as JsonObject),
    id,
    _rid: rid,
    _ts: ts,
    _self: `dbs/${database.rid}/colls/${rid}/`,
    _etag: etagOf(number, version, ts),
    _docs: 'docs/',
    _sprocs: 'sprocs/',
    _triggers: 'triggers/',
    _udfs: 'udfs/',
    _conflicts: 'conflicts/',
  };
}
