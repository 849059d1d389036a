// What a plain folder cannot hold, in SQLite beside it: etags, metadata, leases, uncommitted pieces, and the journal of changes under way.
// Must not know files: rows only. If the ledger is lost, the files are still there and get fresh etags.
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Access } from '../access-control.ts';
import type { Lease } from '../lease.ts';

/** Content headers a client may set, in the lower case of HTTP without prefix. */
export const contentHeaders = [
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'cache-control',
  'content-md5',
] as const;
export type ContentHeaders = Partial<Record<(typeof contentHeaders)[number], string>>;

/** The copy that made a blob, as its properties tell it. */
export interface CopyFacts {
  id: string;
  source: string;
  completedMs: number;
}

/** What is kept of one file or directory. `size` and `mtimeNs` say which content on disk this speaks of. */
export interface EntryRecord {
  kind: 'file' | 'directory';
  tick: number;
  createdMs: number;
  modifiedMs: number;
  size: number;
  mtimeNs: string;
  blobType: 'BlockBlob' | 'AppendBlob';
  headers: ContentHeaders;
  metadata: Record<string, string>;
  access: Access;
  lease?: Lease | undefined;
  /** The committed blocks of a block blob, in order; absent where it was written in one piece or by flushes. */
  blocks?: { id: string; size: number }[] | undefined;
  /** How many blocks an append blob holds. */
  appended?: number | undefined;
  sealed?: boolean | undefined;
  expiresMs?: number | undefined;
  copy?: CopyFacts | undefined;
  tier?: string | undefined;
}

/** What is kept of one container. `policies` is the XML of its stored access policies. */
export interface ContainerRecord {
  tick: number;
  modifiedMs: number;
  metadata: Record<string, string>;
  lease?: Lease | undefined;
  policies?: string | undefined;
  access?: Access | undefined;
}

/** Bytes received but not committed: an append at a position, or a block with an id. `file` lies among the staged files. */
export interface Piece {
  kind: 'append' | 'block';
  key: string;
  position: number;
  size: number;
  file: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS container (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (container TEXT, path TEXT, record TEXT NOT NULL, PRIMARY KEY (container, path)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS piece (container TEXT, path TEXT, kind TEXT, key TEXT, position INTEGER NOT NULL, size INTEGER NOT NULL,
    file TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (container, path, kind, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, change TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** The tables, one method a question. */
export class Ledger {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens the ledger in a folder; throws one clear sentence when another emulator holds it, or it cannot be read. */
  constructor(folder: string) {
    const file = join(folder, 'ledger.sqlite');
    this.#db = new DatabaseSync(file);
    try {
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.#db.exec(schema);
      this.#db.exec('BEGIN IMMEDIATE; COMMIT;');
    } catch (error) {
      this.#db.close();
      const reason = error instanceof Error ? error.message : String(error);
      if (/locked|busy/i.test(reason)) {
        throw new Error(
          `The folder ${folder} is in use by another storage emulator. Stop that one, or choose another data folder.`,
        );
      }
      const remedy =
        'Move that file away to start without it: the stored files stay, their metadata and uncommitted data are lost.';
      throw new Error(`The storage emulator cannot open its ledger ${file}: ${reason}. ${remedy}`, { cause: error });
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  /** Runs several writes as one. */
  atomically(work: () => void): void {
    this.#db.exec('BEGIN');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      // A full disk makes SQLite roll back by itself, and a second rollback is an error that would hide the first.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  container(name: string): ContainerRecord | undefined {
    return parsed<ContainerRecord>(this.#sql('SELECT record FROM container WHERE name = ?').get(name));
  }

  putContainer(name: string, record: ContainerRecord): void {
    this.#sql('INSERT OR REPLACE INTO container VALUES (?, ?)').run(name, JSON.stringify(record));
  }

  dropContainer(name: string): void {
    for (const table of ['entry', 'piece']) this.#sql(`DELETE FROM ${table} WHERE container = ?`).run(name);
    this.#sql('DELETE FROM container WHERE name = ?').run(name);
  }

  entry(container: string, path: string): EntryRecord | undefined {
    return parsed<EntryRecord>(this.#sql('SELECT record FROM entry WHERE container = ? AND path = ?').get(container, path));
  }

  putEntry(container: string, path: string, record: EntryRecord): void {
    this.#sql('INSERT OR REPLACE INTO entry VALUES (?, ?, ?)').run(container, path, JSON.stringify(record));
  }

  /** Forgets a path and all below it, with its pieces; gives back the staged files that are no longer of use. */
  dropEntry(container: string, path: string): string[] {
    const files = this.#sql('SELECT file FROM piece WHERE container = ? AND (path = ? OR (path > ? AND path < ?))').all(
      container,
      path,
      ...below(path),
    );
    for (const table of ['entry', 'piece']) {
      this.#sql(`DELETE FROM ${table} WHERE container = ? AND (path = ? OR (path > ? AND path < ?))`).run(
        container,
        path,
        ...below(path),
      );
    }
    return files.map((row) => String(row.file));
  }

  /** Gives a path and all below it another name, pieces included. */
  renameEntry(from: readonly [string, string], to: readonly [string, string]): void {
    for (const table of ['entry', 'piece']) {
      this.#sql(
        `UPDATE ${table} SET container = ?, path = ? || substr(path, ?) WHERE container = ? AND (path = ? OR (path > ? AND path < ?))`,
      ).run(to[0], to[1], [...from[1]].length + 1, from[0], from[1], ...below(from[1]));
    }
  }

  pieces(container: string, path: string, kind: Piece['kind']): Piece[] {
    const sql =
      'SELECT kind, key, position, size, file FROM piece WHERE container = ? AND path = ? AND kind = ? ORDER BY position, at_ms';
    return this.#sql(sql).all(container, path, kind) as unknown as Piece[];
  }

  /** Keeps a piece; gives back the staged file of an older one with the same key. */
  putPiece(container: string, path: string, piece: Piece, nowMs: number): string | undefined {
    const at = [container, path, piece.kind, piece.key] as const;
    const old = this.#sql('SELECT file FROM piece WHERE container = ? AND path = ? AND kind = ? AND key = ?').get(...at);
    this.#sql('INSERT OR REPLACE INTO piece VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...at,
      piece.position,
      piece.size,
      piece.file,
      nowMs,
    );
    return old ? String(old.file) : undefined;
  }

  dropPiece(container: string, path: string, kind: Piece['kind'], key: string): void {
    this.#sql('DELETE FROM piece WHERE container = ? AND path = ? AND kind = ? AND key = ?').run(container, path, kind, key);
  }

  /** Forgets pieces received before a time. */
  dropPiecesBefore(timeMs: number): void {
    this.#sql('DELETE FROM piece WHERE at_ms < ?').run(timeMs);
  }

  /** The staged files that some piece still needs. */
  stagedFiles(): Set<string> {
    return new Set(
      this.#sql('SELECT file FROM piece')
        .all()
        .map((row) => String(row.file)),
    );
  }

  writeJournal(change: unknown): number {
    return Number(this.#sql('INSERT INTO journal (change) VALUES (?)').run(JSON.stringify(change)).lastInsertRowid);
  }

  dropJournal(id: number): void {
    this.#sql('DELETE FROM journal WHERE id = ?').run(id);
  }

  journal(): { id: number; change: unknown }[] {
    return this.#sql('SELECT id, change FROM journal ORDER BY id')
      .all()
      .map((row) => ({ id: Number(row.id), change: JSON.parse(String(row.change)) as unknown }));
  }

  counter(name: string): number {
    return Number(this.#sql('SELECT value FROM counter WHERE name = ?').get(name)?.value ?? 0);
  }

  setCounter(name: string, value: number): void {
    this.#sql('INSERT OR REPLACE INTO counter VALUES (?, ?)').run(name, value);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

/** The open interval of paths below a path: `0` follows `/`. */
function below(path: string): [string, string] {
  return [`${path}/`, `${path}0`];
}

function parsed<T>(row: Record<string, unknown> | undefined): T | undefined {
  return row ? (JSON.parse(String(row.record)) as T) : undefined;
}
