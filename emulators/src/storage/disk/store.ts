// Containers, directories and files as both services see them: the folder's facts joined with the ledger's records.
// Must not know HTTP: no headers, no status but those in the errors it throws. All but receiving a body is synchronous, so every
// operation is atomic to every other.
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Access, defaultAccess } from '../access-control.ts';
import { fault } from '../storage-error.ts';
import { type DiskFacts, Folder } from './folder.ts';
import { type At, type Change, Journal } from './journal.ts';
import { type ContainerRecord, type EntryRecord, Ledger, type Piece } from './ledger.ts';
import { isContainerName } from './path-names.ts';

/** A file or directory: its record, up to date with the disk. `named` is false for a directory that nobody made by name. */
export interface Entry extends EntryRecord {
  container: string;
  path: string;
  etag: string;
  named: boolean;
}

/** A container: its record and etag. */
export interface Container extends ContainerRecord {
  name: string;
  etag: string;
}

/** What a write may set; the rest of a new record is the service's default, and of an old one as it was. */
export type Written = Partial<Omit<EntryRecord, 'kind' | 'tick' | 'size' | 'mtimeNs' | 'modifiedMs'>>;

const PIECES_KEPT_MS = 7 * 24 * 3600 * 1000;
// Ticks are microseconds; a start leaves this much room, so an etag given before a kill never comes again.
const TICK_RESERVE = 60_000_000;

/** The one store behind both doors. */
export class Store {
  readonly folder: Folder;
  readonly ledger: Ledger;
  readonly #journal: Journal;
  readonly #staging: string;
  readonly #now: () => number;
  #tick: number;
  #tickReserved = 0;

  constructor(root: string, now: () => number) {
    this.folder = new Folder(root);
    this.#now = now;
    const aside = join(root, '.storage');
    const trash = join(aside, 'trash');
    this.#staging = join(aside, 'staged');
    this.ledger = new Ledger(aside);
    for (const folder of [this.#staging, trash]) mkdirSync(folder, { recursive: true });
    this.#journal = new Journal(this.folder, this.ledger, this.#staging, trash);
    this.#tick = this.ledger.counter('tick');
    this.#journal.recover();
    this.ledger.dropPiecesBefore(now() - PIECES_KEPT_MS);
    const needed = this.ledger.stagedFiles();
    for (const file of readdirSync(this.#staging)) if (!needed.has(file)) rmSync(join(this.#staging, file));
    for (const left of readdirSync(trash)) rmSync(join(trash, left), { recursive: true, force: true });
  }

  close(): void {
    this.ledger.close();
  }

  nowMs(): number {
    return this.#now();
  }

  // --- containers

  containers(): string[] {
    return this.folder.containers();
  }

  findContainer(name: string): Container | undefined {
    if (!isContainerName(name)) return undefined;
    const facts = this.folder.facts(name);
    if (facts?.kind !== 'directory') return undefined;
    const record = this.ledger.container(name) ?? { tick: 0, modifiedMs: facts.modifiedMs, metadata: {} };
    return { ...record, name, etag: record.tick ? etagOf(record.tick) : handEtag(facts) };
  }

  container(name: string): Container {
    const found = this.findContainer(name);
    if (!found) throw fault('containerNotFound');
    return found;
  }

  createContainer(name: string, metadata: Record<string, string>): Container {
    if (this.findContainer(name)) throw fault('containerExists');
    this.folder.makeDirectory(this.folder.locate(name));
    this.ledger.putContainer(name, { tick: this.#nextTick(), modifiedMs: this.#now(), metadata });
    return this.container(name);
  }

  /** Changes a container's record; `touch` false leaves etag and time as they are (leases). */
  updateContainer(container: Container, change: Partial<ContainerRecord>, touch = true): Container {
    const { name, etag: _, ...record } = container;
    const stamp = touch ? { tick: this.#nextTick(), modifiedMs: this.#now() } : {};
    this.ledger.putContainer(name, { ...record, ...change, ...stamp });
    return this.container(name);
  }

  deleteContainer(name: string): void {
    this.container(name);
    this.perform({
      steps: [{ do: 'remove', at: [name, ''], trash: crypto.randomUUID() }],
      entered: [{ enter: 'dropContainer', name }],
      discards: [],
    });
  }

  // --- entries

  /** What lies at a path, or undefined. A file whose time to live is over is deleted on the way. */
  find(container: string, path: string): Entry | undefined {
    const facts = this.folder.facts(container, path);
    const record = this.ledger.entry(container, path);
    if (!facts) {
      // Someone deleted it by hand: what was known of it goes too.
      if (record) for (const file of this.ledger.dropEntry(container, path)) this.dropStaged(file);
      return undefined;
    }
    const entry = joined(container, path, facts, record);
    if (entry.expiresMs !== undefined && entry.expiresMs <= this.#now()) {
      this.remove(entry);
      return undefined;
    }
    return entry;
  }

  get(container: string, path: string): Entry {
    const found = this.find(container, path);
    if (!found) throw fault('entryNotFound');
    return found;
  }

  /** Makes a directory, and those above it. */
  createDirectory(at: At, written: Written): Entry {
    this.#assertPlace(at);
    return this.#put(at, this.#fresh('directory', written), { steps: [{ do: 'make', at }], discards: [] });
  }

  /** Puts a staged file in place of what is there, in one step. Uncommitted pieces of the old file are dropped. */
  place(at: At, staged: string, written: Written): Entry {
    this.#assertPlace(at);
    if (this.folder.facts(...at)?.kind === 'directory') throw fault('kindMismatch');
    const kept = this.ledger.entry(...at);
    const record = { ...this.#fresh('file', written), lease: kept?.lease };
    const pieces = (['append', 'block'] as const).flatMap((kind) => this.ledger.pieces(...at, kind));
    return this.#put(at, record, {
      steps: [{ do: 'place', staged, at }],
      discards: pieces.map((piece) => piece.file),
      also: pieces.map((piece) => ({ enter: 'dropPiece', at, kind: piece.kind, key: piece.key })),
    });
  }

  /** Adds staged files to the end of a file. `keys` are the pieces that this uses up. */
  extend(entry: Entry, pieces: readonly Pick<Piece, 'file'>[], dropped: readonly Piece[], written: Written): Entry {
    const at: At = [entry.container, entry.path];
    const files = pieces.map((piece) => piece.file);
    return this.#put(at, this.#changed(entry, written), {
      steps: files.length > 0 ? [{ do: 'extend', at, from: entry.size, pieces: files }] : [],
      discards: [...new Set([...files, ...dropped.map((piece) => piece.file)])],
      also: dropped.map((piece) => ({ enter: 'dropPiece', at, kind: piece.kind, key: piece.key })),
    });
  }

  /** Changes what is recorded of an entry; `touch` false leaves etag and time as they are (leases, tiers). */
  update(entry: Entry, written: Written, touch = true): Entry {
    const record = touch ? this.#changed(entry, written) : { ...recordOf(entry), ...written };
    this.ledger.putEntry(entry.container, entry.path, record);
    return this.get(entry.container, entry.path);
  }

  /** Renames a file or directory with all below it, in place of what is there, in one step. */
  rename(entry: Entry, to: At, written: Written): Entry {
    this.#assertPlace(to);
    const from: At = [entry.container, entry.path];
    const there = this.find(...to);
    const steps: Change['steps'] = there?.kind === 'directory' ? [{ do: 'remove', at: to, trash: crypto.randomUUID() }] : [];
    steps.push({ do: 'rename', from, to });
    this.perform({
      steps,
      entered: [
        { enter: 'forget', at: to },
        { enter: 'rename', from, to },
        { enter: 'put', at: to, record: { ...this.#changed(entry, written), modifiedMs: entry.modifiedMs } },
      ],
      discards: [],
    });
    return this.get(...to);
  }

  /** Deletes a file, or a directory with all below it, in one step. */
  remove(entry: Entry): void {
    const at: At = [entry.container, entry.path];
    this.perform({
      steps: [{ do: 'remove', at, trash: crypto.randomUUID() }],
      entered: [{ enter: 'forget', at }],
      discards: [],
    });
  }

  perform(change: Change): void {
    this.#journal.perform(change);
  }

  // --- staged files and pieces

  /** A new, empty staged file, open for writing. */
  stage(): { file: string; fd: number } {
    const file = crypto.randomUUID();
    return { file, fd: openSync(this.staged(file), 'wx+') };
  }

  /** A staged file that is empty and closed. */
  stageNothing(): string {
    const { file, fd } = this.stage();
    closeSync(fd);
    return file;
  }

  staged(file: string): string {
    return join(this.#staging, file);
  }

  keepPiece(at: At, piece: Piece): void {
    const old = this.ledger.putPiece(...at, piece, this.#now());
    if (old !== undefined && old !== piece.file) this.dropStaged(old);
  }

  dropStaged(file: string): void {
    rmSync(this.staged(file), { force: true });
  }

  // --- inside

  #put(at: At, record: EntryRecord, change: { steps: Change['steps']; discards: string[]; also?: Change['entered'] }): Entry {
    this.perform({
      steps: change.steps,
      entered: [{ enter: 'put', at, record }, ...(change.also ?? [])],
      discards: change.discards,
    });
    return this.get(...at);
  }

  #assertPlace([container, path]: At): void {
    this.container(container);
    this.folder.assertNoCaseClash(container, path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = this.folder.facts(container, path.slice(0, end));
      if (above?.kind === 'file') throw fault('kindMismatch');
      if (above) return;
    }
  }

  #fresh(kind: EntryRecord['kind'], written: Written): EntryRecord {
    const nowMs = this.#now();
    const access: Access = written.access ?? defaultAccess(kind);
    const base = { kind, createdMs: nowMs, size: 0, mtimeNs: '', blobType: 'BlockBlob' as const, headers: {}, metadata: {} };
    return { ...base, ...written, access, tick: this.#nextTick(), modifiedMs: nowMs };
  }

  #changed(entry: Entry, written: Written): EntryRecord {
    return { ...recordOf(entry), ...written, tick: this.#nextTick(), modifiedMs: this.#now() };
  }

  #nextTick(): number {
    this.#tick = Math.max(this.#tick + 1, this.#now() * 1000);
    if (this.#tick > this.#tickReserved) {
      this.#tickReserved = this.#tick + TICK_RESERVE;
      this.ledger.setCounter('tick', this.#tickReserved);
    }
    return this.#tick;
  }
}

function joined(container: string, path: string, facts: DiskFacts, record: EntryRecord | undefined): Entry {
  if (record?.kind === facts.kind) {
    const same = facts.kind === 'directory' || (record.size === facts.size && record.mtimeNs === facts.mtimeNs);
    if (same) return { ...record, container, path, etag: etagOf(record.tick), named: true };
    // Someone wrote the file by hand: its content and time are the disk's, and what described the old bytes no longer holds.
    const { 'content-md5': _, ...headers } = record.headers;
    const { size, mtimeNs, modifiedMs } = facts;
    return {
      ...record,
      container,
      path,
      headers,
      blocks: undefined,
      size,
      mtimeNs,
      modifiedMs,
      etag: handEtag(facts),
      named: true,
    };
  }
  const { kind, size, mtimeNs, modifiedMs } = facts;
  const base = {
    kind,
    size,
    mtimeNs,
    modifiedMs,
    createdMs: modifiedMs,
    tick: 0,
    blobType: 'BlockBlob' as const,
    headers: {},
    metadata: {},
  };
  return { ...base, container, path, access: defaultAccess(kind), etag: handEtag(facts), named: false };
}

function recordOf(entry: Entry): EntryRecord {
  const { container: _c, path: _p, etag: _e, named: _n, ...record } = entry;
  return record;
}

function etagOf(tick: number): string {
  return `0x8${tick.toString(16).toUpperCase().padStart(14, '0')}`;
}

/** The etag of what no record describes: another for every content, the same at every look. */
function handEtag(facts: DiskFacts): string {
  return `0x9${BigInt(facts.mtimeNs).toString(16).toUpperCase()}${facts.size.toString(16).toUpperCase()}`;
}
