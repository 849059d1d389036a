/**
 * The documents of one container in one SQLite table: statements prepared once, bodies kept as the JSON text that is sent.
 * A document's number (`seq`, its place in paging, as the service's rid) stays; its `lsn` grows with every write and orders the change feed.
 * It must not know HTTP, etag conditions or SQL of the Cosmos kind.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { segmentsOfPath } from './partition-key.ts';

/** Times are in whole seconds since 1970; `expires` is null for a document that stays. */
export type StoredItem = { seq: number; lsn: number; ts: number; expires: number | null; body: string };
export type FeedRow = { seq: number; lsn: number; body: string };

/** What a condition calls the container's own table, for subqueries. */
export const itemsTable = 'THESE_ITEMS';

/** A condition in SQLite's own SQL over the columns `pk`, `id`, `seq`, `lsn`, `ts` and `body`, with its bound values. */
export type Condition = { sql: string; values: SQLInputValue[] };

const noCondition: Condition = { sql: '1', values: [] };

export class ItemStore {
  readonly #db: DatabaseSync;
  readonly #table: string;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #purge: StatementSync;
  /** Prepared reads by their text; the texts of one application are few. */
  readonly #reads = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, containerNumber: number) {
    this.#db = db;
    const table = `item_${containerNumber}`;
    this.#table = table;
    createTable(db, table);
    this.#find = db.prepare(`SELECT seq, lsn, ts, expires, body FROM ${table} WHERE pk = ? AND id = ?`);
    this.#insert = db.prepare(`INSERT INTO ${table} (seq, pk, id, lsn, ts, expires, body) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#update = db.prepare(`UPDATE ${table} SET lsn = ?, ts = ?, expires = ?, body = ? WHERE seq = ?`);
    this.#delete = db.prepare(`DELETE FROM ${table} WHERE seq = ?`);
    this.#purge = db.prepare(`DELETE FROM ${table} WHERE seq IN (SELECT seq FROM ${table} WHERE expires <= ? LIMIT ?)`);
  }

  /** The document under a key, expired or not. */
  find(pk: string, id: string): StoredItem | undefined {
    return this.#find.get(pk, id) as StoredItem | undefined;
  }

  insert(pk: string, id: string, item: StoredItem): void {
    this.#insert.run(item.seq, pk, id, item.lsn, item.ts, item.expires, item.body);
  }

  update(item: StoredItem): void {
    this.#update.run(item.lsn, item.ts, item.expires, item.body, item.seq);
  }

  delete(seq: number): void {
    this.#delete.run(seq);
  }

  /** Deletes up to `rowsMax` expired documents and says how many there were. */
  purge(nowSeconds: number, rowsMax: number): number {
    return Number(this.#purge.run(nowSeconds, rowsMax).changes);
  }

  deletePartition(pk: string): number {
    return Number(this.#read(`DELETE FROM ${this.#table} WHERE pk = ?`).run(pk).changes);
  }

  /**
   * Living documents in order of creation, from behind `afterSeq`; read as they are asked for. Each is its `seq`, then the columns,
   * which are expressions in SQLite's SQL.
   */
  scan(nowSeconds: number, where: Condition, columns: readonly string[], afterSeq = -1): IterableIterator<SQLOutputValue[]> {
    const sql = `SELECT ${['seq', ...columns].join(', ')} FROM ${this.#table} WHERE seq > ? AND ${alive} AND (${this.#sqlOf(where)}) ORDER BY seq`;
    // Two scans may be open at once, so each has a statement of its own.
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement.iterate(afterSeq, nowSeconds, ...where.values) as unknown as IterableIterator<SQLOutputValue[]>;
  }

  count(nowSeconds: number, where: Condition = noCondition): number {
    const row = this.#read(`SELECT count(*) AS n FROM ${this.#table} WHERE ${alive} AND (${this.#sqlOf(where)})`).get(
      nowSeconds,
      ...where.values,
    );
    return (row as { n: number }).n;
  }

  body(seq: number, nowSeconds: number): string | undefined {
    const row = this.#read(`SELECT body FROM ${this.#table} WHERE seq = ? AND ${alive}`).get(seq, nowSeconds);
    return (row as { body: string } | undefined)?.body;
  }

  /** Documents changed after an lsn, in order of their last change. */
  changes(nowSeconds: number, afterLsn: number, rowsMax: number, where: Condition = noCondition): FeedRow[] {
    const sql = `SELECT seq, lsn, body FROM ${this.#table} WHERE lsn > ? AND ${alive} AND (${this.#sqlOf(where)}) ORDER BY lsn LIMIT ?`;
    return this.#read(sql).all(afterLsn, nowSeconds, ...where.values, rowsMax) as unknown as FeedRow[];
  }

  /** The last lsn written before a time, from where a change feed "since that time" goes on. */
  lsnBefore(seconds: number): number {
    const row = this.#read(`SELECT lsn FROM ${this.#table} WHERE ts < ? ORDER BY lsn DESC LIMIT 1`).get(seconds);
    return (row as { lsn: number } | undefined)?.lsn ?? 0;
  }

  partitionKeys(): string[] {
    return this.#read(`SELECT DISTINCT pk FROM ${this.#table}`)
      .all()
      .map((row) => (row as { pk: string }).pk);
  }

  /** Recomputes every document's expiry after the container's default changed (seconds; -1 and undefined as in the service). */
  applyDefaultTtl(defaultTtl: number | undefined): void {
    const ttl = `CASE WHEN json_type(body, '$.ttl') = 'integer' THEN json_extract(body, '$.ttl') ELSE ? END`;
    if (defaultTtl === undefined) this.#db.exec(`UPDATE ${this.#table} SET expires = NULL`);
    else {
      const sql = `UPDATE ${this.#table} SET expires = CASE WHEN (${ttl}) > 0 THEN ts + (${ttl}) ELSE NULL END`;
      this.#db.prepare(sql).run(defaultTtl, defaultTtl);
    }
  }

  /** One unique index for each unique key, within a partition key as in the service; a missing value counts as one, too. */
  createUniqueKeys(keys: readonly string[][]): void {
    keys.forEach((paths, index) => {
      const columns = paths.map((path) => `ifnull(body -> '${sqlitePath(segmentsOfPath(path))}', 'null')`);
      this.#db.exec(`CREATE UNIQUE INDEX ${this.#table}_unique_${index} ON ${this.#table} (pk, ${columns.join(', ')})`);
    });
  }

  #sqlOf({ sql }: Condition): string {
    return sql.includes(itemsTable) ? sql.replaceAll(itemsTable, this.#table) : sql;
  }

  drop(): void {
    this.#reads.clear();
    this.#db.exec(`DROP TABLE ${this.#table}`);
  }

  #read(sql: string): StatementSync {
    let statement = this.#reads.get(sql);
    if (statement === undefined) {
      if (this.#reads.size >= 200) this.#reads.clear();
      statement = this.#db.prepare(sql);
      this.#reads.set(sql, statement);
    }
    return statement;
  }
}

const alive = '(expires IS NULL OR expires > ?)';

function createTable(db: DatabaseSync, table: string): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      seq INTEGER PRIMARY KEY, pk TEXT NOT NULL, id TEXT NOT NULL, lsn INTEGER NOT NULL, ts INTEGER NOT NULL, expires INTEGER, body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX IF NOT EXISTS ${table}_key ON ${table} (pk, id);
    CREATE INDEX IF NOT EXISTS ${table}_partition ON ${table} (pk, seq);
    CREATE INDEX IF NOT EXISTS ${table}_lsn ON ${table} (lsn);
    CREATE INDEX IF NOT EXISTS ${table}_expires ON ${table} (expires) WHERE expires IS NOT NULL;
  `);
}

/** A property path for SQLite's JSON functions. Only for names that `isSqliteName` takes. */
export function sqlitePath(segments: readonly (string | number)[]): string {
  return `$${segments.map((segment) => (typeof segment === 'number' ? `[${segment}]` : `."${segment.replaceAll("'", "''")}"`)).join('')}`;
}

/** Whether a property name can stand in a SQLite path without being misread. */
export function isSqliteName(name: string): boolean {
  return !/["\\\p{Cc}]/u.test(name) && name.isWellFormed();
}
