/** A project's files in memory: for a page in a browser, and for what is not to be written yet. Knows no disk. */
import { type ListedFile, type ProjectFiles, toBytes } from './project-files.ts';

export interface MemoryFiles extends ProjectFiles {
  /** By path. */
  readonly contents: Map<string, Uint8Array>;
}

export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFiles {
  const all = new Map(Object.entries(contents).map(([path, content]) => [path, toBytes(content)]));
  return {
    contents: all,
    read: async (path) => all.get(path) ?? null,
    exists: async (path) => all.has(path),
    sizeBytes: async (path) => all.get(path)?.length ?? 0,
    list: async (folder) => listed([...all.keys()], folder),
    write: async (path, content) => {
      all.set(path, content);
    },
  };
}

function listed(paths: readonly string[], folder: string): readonly ListedFile[] {
  const head = folder === '' ? '' : `${folder}/`;
  const found = new Map<string, ListedFile>();
  for (const path of paths) {
    if (!path.startsWith(head)) continue;
    const [name = '', ...below] = path.slice(head.length).split('/');
    if (name !== '..') found.set(name, { name, kind: below.length > 0 ? 'folder' : 'file' });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
