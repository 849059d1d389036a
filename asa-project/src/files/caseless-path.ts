/** Finds files whose names are written in another case: projects are made on Windows and built on Linux. Reads no file. */
import type { ProjectFiles } from './project-files.ts';
import { fileName, folderOf, joined } from './project-path.ts';

/** The path as it stands on the disk; null: there is no such file. */
export async function caselessPath(files: ProjectFiles, path: string): Promise<string | null> {
  if (await files.exists(path)) return path;
  const parts = path.split('/');
  let folder = '';
  for (const [at, part] of parts.entries()) {
    if (part === '..') {
      folder = joined(folder, '..');
      continue;
    }
    const kind = at === parts.length - 1 ? 'file' : 'folder';
    const found = (await files.list(folder)).find(
      (entry) => entry.kind === kind && entry.name.toLowerCase() === part.toLowerCase(),
    );
    if (found === undefined) return null;
    folder = joined(folder, found.name);
  }
  return folder;
}

/** The files directly in a folder, whatever the case of its name, in order of their names. */
export async function filesIn(files: ProjectFiles, folder: string, ending: string): Promise<readonly string[]> {
  const around = folderOf(folder);
  const name = fileName(folder).toLowerCase();
  const folders =
    folder === ''
      ? ['']
      : (await files.list(around))
          .filter((entry) => entry.kind === 'folder' && entry.name.toLowerCase() === name)
          .map((entry) => joined(around, entry.name));
  const found: string[] = [];
  for (const each of folders)
    for (const entry of await files.list(each))
      if (entry.kind === 'file' && entry.name.toLowerCase().endsWith(ending)) found.push(joined(each, entry.name));
  return found;
}
