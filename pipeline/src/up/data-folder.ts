/**
 * The folder that a pipeline keeps its data in: one `asaql up` at a time, and a note of the session that its reconciliation
 * covers. A session begins with a clean start and ends with a run that was reconciled, however often it was stopped between.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { UsageError } from '../cli/usage-error.ts';
import type { Positions } from '../job/checkpoint-file.ts';

export interface Session {
  /** Runs since the data folder was made; numbers the ledgers and keeps a seed's events apart. */
  readonly run: number;
  /** First run of the session that is under way. */
  readonly firstRun: number;
  /** Where the hubs ended when the session began; null for a session that has not begun. */
  readonly hubStart: Positions | null;
  readonly deadLetterStart: Positions | null;
}

/** A part that lost its parent finishes what is under way within this. */
const leftoverWaitMs = 30_000;

export class DataFolder {
  readonly path: string;
  readonly #lock: string;
  readonly #session: string;

  constructor(path: string) {
    this.path = resolve(path);
    this.#lock = join(this.path, 'processes.json');
    this.#session = join(this.path, 'session.json');
    try {
      mkdirSync(this.path, { recursive: true });
    } catch (error) {
      throw new UsageError(`The data folder ${this.path} cannot be made: ${(error as Error).message}`);
    }
  }

  /**
   * Throws where another pipeline is at work in the folder. Where one was killed, its parts see that and end by themselves:
   * they are waited for, since two emulators must not write one folder.
   */
  async lock(): Promise<void> {
    const { pid: owner, parts: noted } = this.readProcesses();
    const parts = Object.values(noted);
    if (owner > 0 && owner !== process.pid && isAlive(owner)) {
      throw new UsageError(
        `A pipeline (process ${owner}) already runs in ${this.path}: stop it, or choose another folder with --data DIR (if that process is something else, delete ${this.#lock}).`,
      );
    }
    for (let waitedMs = 0; parts.some(isAlive); waitedMs += 100) {
      if (waitedMs > leftoverWaitMs) {
        throw new UsageError(
          `Parts of a killed pipeline (processes ${parts.filter(isAlive).join(', ')}) still run in ${this.path}: end them.`,
        );
      }
      await wait(100);
    }
    this.note({});
  }

  /** Notes the processes of this pipeline's parts. */
  note(parts: Readonly<Record<string, number>>): void {
    writeFileSync(this.#lock, JSON.stringify({ pid: process.pid, parts }));
  }

  /** The processes that are, or were, at work in the folder; 0 for none. */
  readProcesses(): { readonly pid: number; readonly parts: Readonly<Record<string, number>> } {
    if (!existsSync(this.#lock)) return { pid: 0, parts: {} };
    try {
      return JSON.parse(readFileSync(this.#lock, 'utf8')) as { pid: number; parts: Record<string, number> };
    } catch {
      // Written by half when its writer was killed: whoever it was is gone.
      return { pid: 0, parts: {} };
    }
  }

  unlock(): void {
    rmSync(this.#lock, { force: true });
  }

  readSession(): Session {
    if (!existsSync(this.#session)) return { run: 0, firstRun: 1, hubStart: null, deadLetterStart: null };
    try {
      return JSON.parse(readFileSync(this.#session, 'utf8')) as Session;
    } catch (error) {
      throw new UsageError(`${this.#session} cannot be read (${(error as Error).message}): delete ${this.path} to start anew.`);
    }
  }

  writeSession(session: Session): void {
    writeFileSync(`${this.#session}.new`, JSON.stringify(session));
    renameSync(`${this.#session}.new`, this.#session);
  }

  /** Forgets what was sent by runs that are reconciled. */
  dropLedgers(firstRun: number, lastRun: number): void {
    for (let run = firstRun; run <= lastRun; run++) rmSync(this.ledger(run), { force: true });
  }

  ledger(run: number): string {
    return join(this.path, 'ledger', `run-${run}.ndjson`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
