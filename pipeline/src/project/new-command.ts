/** `asaql new`: a new project. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import process from 'node:process';
import { newProject } from '@asaql/project';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { writeChanges } from './asked-project.ts';

export const newUsage = 'asaql new DIR';

/** Throws a UsageError where the folder holds something already. */
export async function newCommand(argv: readonly string[]): Promise<number> {
  const { positionals } = readOptions(argv, {}, newUsage);
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new UsageError(`asaql new takes one folder. Usage: ${newUsage}`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`${folder} is not empty: nothing is written over what is there.`);
  const name = basename(resolve(folder)).replace(/[^\w-]/g, '-');
  await writeChanges(folder, newProject(name));
  process.stdout.write(`${folder} is a project. Try: asaql check ${folder}; asaql run ${folder}\n`);
  return 0;
}
