/** A project's files on this machine's disk. Must not know what stands in them. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ListedFile, ProjectFiles } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';

export function diskFiles(folder: string): ProjectFiles {
  const at = (path: string) => join(folder, ...path.split('/'));
  return {
    read: (path) => orNothing(readFile(at(path)), at(path), null),
    exists: async (path) => (await orNothing(stat(at(path)), at(path), null))?.isFile() ?? false,
    sizeBytes: async (path) => (await orNothing(stat(at(path)), at(path), null))?.size ?? 0,
    list: async (path) => {
      const entries = await orNothing(readdir(at(path), { withFileTypes: true }), at(path), []);
      const kinds = await Promise.all(
        entries.map(async (entry) => (entry.isSymbolicLink() ? linkedKind(join(at(path), entry.name)) : entry)),
      );
      return entries
        .flatMap(({ name }, index): readonly ListedFile[] => {
          const kind = kinds[index];
          return kind?.isDirectory() ? [{ name, kind: 'folder' }] : kind?.isFile() ? [{ name, kind: 'file' }] : [];
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    write: (path, content) => replaceFile(at(path), content),
  };
}

async function linkedKind(path: string) {
  return orNothing(stat(path), path, null);
}

/** What is not there is `otherwise`; what cannot be read is a UsageError of one line. */
async function orNothing<Found, Nothing>(reading: Promise<Found>, path: string, otherwise: Nothing): Promise<Found | Nothing> {
  try {
    return await reading;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw new UsageError(code === 'EISDIR' ? `${path} is a folder.` : `${path} cannot be read: ${message}.`);
  }
}

/** By rename: nobody sees half a file. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}
