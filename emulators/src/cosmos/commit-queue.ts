/**
 * Group commit: the writes that arrive in one turn of the event loop share one SQLite transaction, and none is answered before it is committed.
 * It must not know what the writes do.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CosmosError } from './cosmos-error.ts';

type Entry = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };
type Outcome = { failed: boolean; value: unknown };

export class CommitQueue {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #beforeCommit: () => void;
  #waiting: Entry[] = [];

  /** `beforeCommit` runs inside each transaction after the writes (it saves what they have in common). */
  constructor(db: DatabaseSync, beforeCommit: () => void) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#beforeCommit = beforeCommit;
  }

  /** Runs a write soon and resolves once it is on disk; rejects with what the write threw (it must not have changed anything then). */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush());
      this.#waiting.push({ work, resolve, reject });
    });
  }

  /** Runs a part of a write so that all of it is undone when it throws. */
  atomically<T>(work: () => T): T {
    this.#db.exec('SAVEPOINT part');
    try {
      const result = work();
      this.#db.exec('RELEASE part');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }

  flush(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    if (entries.length === 0) return;
    try {
      this.#begin.run();
      const outcomes = entries.map((entry) => outcomeOf(entry.work));
      this.#beforeCommit();
      this.#commit.run();
      entries.forEach((entry, index) => {
        const { failed, value } = outcomes[index] as Outcome;
        if (failed) entry.reject(value);
        else entry.resolve(value as never);
      });
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      const refusal = storageFailure(error);
      for (const entry of entries) entry.reject(refusal);
    }
  }
}

function outcomeOf(work: () => unknown): Outcome {
  try {
    return { failed: false, value: work() };
  } catch (error) {
    // A write that SQLite itself refuses (disk full, I/O error) may have ended the transaction: nothing of it may be acknowledged.
    if (isFatal(error)) throw error;
    return { failed: true, value: error };
  }
}

function isFatal(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  // SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_CORRUPT, SQLITE_READONLY
  return code !== undefined && [7, 8, 10, 11, 13].includes(code & 0xff);
}

function storageFailure(error: unknown): CosmosError {
  return new CosmosError(
    503,
    `The emulator could not store the write: ${error instanceof Error ? error.message : String(error)}`,
  );
}
