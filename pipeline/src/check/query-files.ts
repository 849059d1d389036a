/** The query files that a path on the command line stands for. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/usage-error.ts';

/** The file itself, or every `.asaql` file below a folder, in order. Throws a UsageError where there is none. */
export function queryFilesIn(path: string): readonly string[] {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  if (!statSync(path).isDirectory()) return [path];
  const found = below(path);
  if (found.length === 0) throw new UsageError(`${path} holds no .asaql file.`);
  return found;
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : below(path);
      return entry.name.endsWith('.asaql') ? [path] : [];
    });
}

export interface QueryFile {
  readonly path: string;
  readonly text: string;
}

/** Without a byte order mark. Throws a UsageError where it cannot be read. */
export function readQuery(path: string): QueryFile {
  try {
    return { path, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read: ${message}.`);
  }
}
