/** JavaScript functions, of a project or of a folder with one `NAME.js` each, made ready for the engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { UserFunctions } from '@asaql/engine';
import { type FunctionSource, loadUserFunctions } from '@asaql/udf';
import { UsageError } from '../cli/usage-error.ts';

const limits = { callMsMax: 5000, memoryBytesMax: 128 << 20, nowMs: () => performance.now() };

/** Throws a UserFunctionError where a function is wrong. */
export function loadFunctions(sources: readonly FunctionSource[]): Promise<UserFunctions> {
  return loadUserFunctions(sources, limits);
}

/** Throws a UsageError where the folder cannot be read. */
export function functionsIn(folder: string): readonly FunctionSource[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((file) => {
        const path = join(folder, file);
        return { name: basename(file, '.js'), source: readFileSync(path, 'utf8'), file: path };
      });
  } catch (error) {
    throw new UsageError(`The functions of ${folder} cannot be read: ${(error as Error).message}.`);
  }
}
