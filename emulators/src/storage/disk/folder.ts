// The plain files of the emulator: one folder per container, one file per blob, which a person can open.
// Must not know etags, metadata or requests: only names, sizes and times that the disk itself keeps.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fault, StorageError } from '../storage-error.ts';
import { diskName, isContainerName, segmentOf } from './path-names.ts';

/** What the disk says of a file or directory. `mtimeNs` and `size` together tell one content from the next. */
export interface DiskFacts {
  kind: 'file' | 'directory';
  size: number;
  mtimeNs: string;
  modifiedMs: number;
}

/** One step of a walk: `key` is the path, with a slash at the end for a directory; keys come in ascending order. */
export interface Found {
  key: string;
  path: string;
  kind: 'file' | 'directory';
}

/** Which part of a container to walk through. */
export interface Walk {
  /** Only what starts with this. */
  prefix: string;
  /** Only what has a greater key than this; and `from` itself where that is given, to begin at a key rather than behind it. */
  after: string;
  from?: string | undefined;
  /** Whether to go below the level of the prefix's last slash. */
  deep: boolean;
}

/** The folder that holds all containers. Every method is synchronous, so no request sees another half done. */
export class Folder {
  readonly root: string;
  readonly #ignoresCase: boolean;

  constructor(root: string) {
    this.root = root;
    mkdirSync(join(root, '.storage'), { recursive: true });
    this.#ignoresCase = ignoresCase(join(root, '.storage'));
  }

  /** Where a path lies on disk; the container itself for an empty path. Whatever the names, it is below the root. */
  locate(container: string, path = ''): string {
    if (!isContainerName(container)) throw fault('containerNotFound');
    return path === '' ? join(this.root, container) : join(this.root, container, ...path.split('/').map(diskName));
  }

  /** What lies at a path; undefined for nothing (or for neither a file nor a directory, such as a link). */
  facts(container: string, path = ''): DiskFacts | undefined {
    const place = this.locate(container, path);
    try {
      const stat = lstatSync(place, { bigint: true });
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : undefined;
      if (!kind || !this.#isExact(place)) return undefined;
      const modifiedMs = Number(stat.mtimeNs / 1_000_000n);
      return { kind, size: kind === 'file' ? Number(stat.size) : 0, mtimeNs: String(stat.mtimeNs), modifiedMs };
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  }

  containers(): string[] {
    return readdirSync(this.root, { withFileTypes: true })
      .filter((item) => item.isDirectory() && isContainerName(item.name))
      .map((item) => item.name)
      .sort();
  }

  /**
   * All that lies in a container and is asked for, in ascending order of keys.
   */
  *walk(container: string, options: Walk): Generator<Found> {
    const base = options.prefix.slice(0, options.prefix.lastIndexOf('/') + 1);
    // No path has an empty segment, so nothing starts with such a prefix.
    if (base !== '' && base.slice(0, -1).split('/').includes('')) return;
    yield* this.#walkLevel(container, base, options);
  }

  *#walkLevel(container: string, base: string, options: Walk): Generator<Found> {
    for (const found of this.#level(container, base)) {
      if (!found.key.startsWith(options.prefix)) continue;
      if (found.key > options.after || found.key === options.from) yield found;
      const reaches = found.key > options.after || options.after.startsWith(found.key);
      if (options.deep && reaches && found.kind === 'directory') yield* this.#walkLevel(container, found.key, options);
    }
  }

  #level(container: string, base: string): Found[] {
    const found: Found[] = [];
    try {
      for (const item of readdirSync(this.locate(container, base.slice(0, -1)), { withFileTypes: true })) {
        const kind = item.isFile() ? 'file' : item.isDirectory() ? 'directory' : undefined;
        const segment = segmentOf(item.name);
        if (!kind || segment === undefined) continue;
        found.push({ key: base + segment + (kind === 'directory' ? '/' : ''), path: base + segment, kind });
      }
    } catch (error) {
      if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  isEmpty(container: string, path: string): boolean {
    return readdirSync(this.locate(container, path)).length === 0;
  }

  makeDirectory(place: string): void {
    try {
      mkdirSync(place, { recursive: true });
    } catch (error) {
      throw isCode(error, 'EEXIST', 'ENOTDIR') ? fault('kindMismatch') : error;
    }
  }

  /** Moves a file or directory in one step, over a file or an empty directory that may stand there. */
  move(from: string, to: string): void {
    this.makeDirectory(dirname(to));
    try {
      renameSync(from, to);
    } catch (error) {
      // Windows does not rename over an empty directory.
      if (!isCode(error, 'EPERM', 'EEXIST', 'EACCES') || !lstatSync(to, { throwIfNoEntry: false })?.isDirectory()) throw error;
      rmdirSync(to);
      renameSync(from, to);
    }
  }

  /** Refuses a name that differs only in case from one that is there, on disks that cannot hold both. */
  assertNoCaseClash(container: string, path: string): void {
    if (!this.#ignoresCase) return;
    for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      const place = this.locate(container, end < 0 ? path : path.slice(0, end));
      if (!lstatSync(place, { throwIfNoEntry: false })) return;
      if (!this.#isExact(place)) {
        const there = realpathSync.native(place).slice(realpathSync.native(this.root).length + 1);
        const message = `"${path}" differs only in case from "${there}", and the disk under the emulator cannot hold both. Choose another name.`;
        throw new StorageError(409, 'ResourceTypeMismatch', message, { code: 'PathConflict', message });
      }
      if (end < 0) return;
    }
  }

  #isExact(place: string): boolean {
    if (!this.#ignoresCase) return true;
    return realpathSync.native(place) === realpathSync.native(this.root) + place.slice(this.root.length);
  }
}

/** Whether an error of the file system has one of the codes. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Deletes a file if it is there. */
export function discard(place: string): void {
  try {
    unlinkSync(place);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function ignoresCase(folder: string): boolean {
  const probe = join(folder, 'Case-Probe');
  writeFileSync(probe, '');
  try {
    return lstatSync(join(folder, 'case-probe'), { throwIfNoEntry: false }) !== undefined;
  } finally {
    rmSync(probe, { force: true });
  }
}
