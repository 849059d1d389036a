/** The project that a command works on, and how it is written. Must not know what is done with it. */
import { resolve } from 'node:path';
import process from 'node:process';
import { type FileChange, writeText } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { diskFiles } from './disk-files.ts';
import { diskPath, projectAround, projectFolder } from './disk-project.ts';

/** The one that is named, or the one around the working folder, or that of the settings. Throws a UsageError for no folder. */
export function askedProject(root: string, named: string | undefined): string {
  if (named !== undefined) {
    const folder = projectFolder(named);
    if (folder === null) throw new UsageError(`${named} is no project: name its folder, or its asaproj.json.`);
    return folder;
  }
  const around = projectAround('asaproj.json');
  if (around !== null) return around;
  return resolve(root, loadSettings(root, process.env).projectDir);
}

/** Writes all of them and says which. */
export async function writeChanges(folder: string, changes: readonly FileChange[]): Promise<void> {
  const files = diskFiles(folder);
  for (const { path, text } of changes) {
    await writeText(files, path, text);
    process.stderr.write(`wrote ${diskPath({ folder }, path)}\n`);
  }
}
