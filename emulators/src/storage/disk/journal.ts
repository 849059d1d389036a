// Changes that touch files and ledger together, done wholly or not at all: the change is written down first, then done to the files, then
// recorded. What a kill leaves undone is done again at the next start, so every step can be repeated.
// Must not know requests or conditions: by the time a change comes here it is allowed.
import { closeSync, fstatSync, ftruncateSync, lstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '../storage-error.ts';
import { discard, type Folder, isCode } from './folder.ts';
import type { EntryRecord, Ledger } from './ledger.ts';

/** A container and a path in it. */
export type At = readonly [container: string, path: string];

/** What is done to the files. `staged` and `pieces` are names of staged files. */
export type Step =
  | { do: 'place'; staged: string; at: At }
  | { do: 'extend'; at: At; from: number; pieces: string[] }
  | { do: 'make'; at: At }
  | { do: 'rename'; from: At; to: At }
  | { do: 'remove'; at: At; trash: string };

/** What is then recorded. A recorded file takes its size and time from the disk. */
export type Entered =
  | { enter: 'put'; at: At; record: EntryRecord }
  | { enter: 'forget'; at: At }
  | { enter: 'rename'; from: At; to: At }
  | { enter: 'dropContainer'; name: string }
  | { enter: 'dropPiece'; at: At; kind: 'append' | 'block'; key: string };

/** One change. `discards` are staged files that nobody needs afterwards. */
export interface Change {
  steps: Step[];
  entered: Entered[];
  discards: string[];
}

const COPY_BUFFER_BYTES = 1 << 20;

/** Does changes over one folder and its ledger. */
export class Journal {
  readonly #folder: Folder;
  readonly #ledger: Ledger;
  readonly #staging: string;
  readonly #trash: string;
  /** Ledger writes that a full disk refused: made up for before anything else is changed. */
  #owed: (() => void)[] = [];

  constructor(folder: Folder, ledger: Ledger, staging: string, trash: string) {
    this.#folder = folder;
    this.#ledger = ledger;
    this.#staging = staging;
    this.#trash = trash;
  }

  /** Does a change. If the disk refuses (full), the files are as before and the error says so. */
  perform(change: Change): void {
    while (this.#owed.length > 0) {
      this.#owed[0]?.();
      this.#owed.shift();
    }
    const id = this.#ledger.writeJournal(change);
    const done: Step[] = [];
    try {
      for (const step of change.steps) {
        this.#step(step);
        done.push(step);
      }
    } catch (error) {
      this.#undo(done);
      this.#settle(() => this.#ledger.dropJournal(id));
      throw error;
    }
    this.#settle(() => this.#enter(id, change));
  }

  #settle(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#owed.push(write);
      throw error;
    }
  }

  /** Finishes what a kill interrupted. Called once, before anything else. */
  recover(): void {
    for (const { id, change } of this.#ledger.journal()) {
      const unfinished = change as Change;
      try {
        for (const step of unfinished.steps) this.#step(step);
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error;
        // Someone deleted what it needs, so it can never be finished; its client was never told that it was.
        console.error(
          `Storage emulator: a change that a kill interrupted cannot be finished and is dropped: ${(error as Error).message}`,
        );
        this.#ledger.dropJournal(id);
        continue;
      }
      this.#enter(id, unfinished);
    }
  }

  #enter(id: number, change: Change): void {
    const discards = [...change.discards];
    this.#ledger.atomically(() => {
      for (const entered of change.entered) discards.push(...this.#record(entered));
      this.#ledger.dropJournal(id);
    });
    for (const file of discards) discard(join(this.#staging, file));
    for (const step of change.steps) {
      if (step.do === 'remove') rmSync(join(this.#trash, step.trash), { recursive: true, force: true });
    }
  }

  #record(entered: Entered): string[] {
    switch (entered.enter) {
      case 'put': {
        const facts = this.#folder.facts(...entered.at);
        const record = { ...entered.record, size: facts?.size ?? 0, mtimeNs: facts?.mtimeNs ?? '' };
        this.#ledger.putEntry(...entered.at, record);
        return [];
      }
      case 'forget':
        return this.#ledger.dropEntry(...entered.at);
      case 'rename':
        this.#ledger.renameEntry(entered.from, entered.to);
        return [];
      case 'dropContainer':
        this.#ledger.dropContainer(entered.name);
        return [];
      case 'dropPiece':
        this.#ledger.dropPiece(...entered.at, entered.kind, entered.key);
        return [];
    }
  }

  #step(step: Step): void {
    const folder = this.#folder;
    if (step.do === 'place') this.#moveIfThere(join(this.#staging, step.staged), folder.locate(...step.at));
    else if (step.do === 'extend') this.#extend(folder.locate(...step.at), step.from, step.pieces);
    else if (step.do === 'make') folder.makeDirectory(folder.locate(...step.at));
    else if (step.do === 'rename') this.#moveIfThere(folder.locate(...step.from), folder.locate(...step.to));
    else this.#moveIfThere(folder.locate(...step.at), join(this.#trash, step.trash));
  }

  #moveIfThere(from: string, to: string): void {
    if (lstatSync(from, { throwIfNoEntry: false })) this.#folder.move(from, to);
  }

  #extend(place: string, from: number, pieces: string[]): void {
    const target = openSync(place, 'r+');
    try {
      if (fstatSync(target).size !== from) ftruncateSync(target, from);
      let position = from;
      for (const piece of pieces) position += copyInto(target, position, join(this.#staging, piece));
    } catch (error) {
      ftruncateSync(target, from);
      throw error;
    } finally {
      closeSync(target);
    }
  }

  /** Takes steps back. A directory made stays: it hurts nobody. A file placed is the only step of its change. */
  #undo(done: Step[]): void {
    for (const step of done.reverse()) {
      if (step.do === 'extend') this.#extend(this.#folder.locate(...step.at), step.from, []);
      else if (step.do === 'rename') this.#moveIfThere(this.#folder.locate(...step.to), this.#folder.locate(...step.from));
      else if (step.do === 'remove') this.#moveIfThere(join(this.#trash, step.trash), this.#folder.locate(...step.at));
    }
  }
}

/** Copies a whole file into an open one; gives the bytes copied. */
export function copyInto(target: number, position: number, from: string, start = 0, size = Number.POSITIVE_INFINITY): number {
  const source = openSync(from, 'r');
  try {
    const wanted = Math.min(size, fstatSync(source).size - start);
    const buffer = Buffer.allocUnsafe(Math.min(COPY_BUFFER_BYTES, Math.max(wanted, 1)));
    let copied = 0;
    while (copied < wanted) {
      const read = readSync(source, buffer, 0, Math.min(buffer.length, wanted - copied), start + copied);
      if (read === 0) break;
      writeFully(target, buffer.subarray(0, read), position + copied);
      copied += read;
    }
    return copied;
  } finally {
    closeSync(source);
  }
}

/** Writes all of a buffer; a full disk becomes the error that clients see. */
export function writeFully(target: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  try {
    while (written < bytes.length) {
      written += writeSync(target, bytes, written, bytes.length - written, position + written);
    }
  } catch (error) {
    throw isCode(error, 'ENOSPC', 'EDQUOT') ? fault('diskFull') : error;
  }
}
