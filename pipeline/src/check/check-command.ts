/** `asaql check`: the diagnostics of query files, as text, JSON or SARIF. */
import { writeFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/usage-error.ts';
import { printedProblems, projectFolder } from '../project/disk-project.ts';
import { type CheckedFile, checkedProject, checkFiles } from './check-files.ts';
import { printed } from './print-diagnostics.ts';
import { queryFilesIn } from './query-files.ts';
import { sarifLog } from './sarif.ts';

export const checkUsage = 'asaql check PATH… [--project DIR] [--json] [--sarif FILE]';

/** Resolves with the exit code: 1 where there is an error; warnings are fine. */
export async function checkCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv);
  const project = values.project ?? null;
  const paths = (positionals.length === 0 && project !== null ? [project] : positionals).map(
    (path) => projectFolder(path) ?? path,
  );
  if (paths.length === 0) throw new UsageError(`asaql check takes files or folders. Usage: ${checkUsage}`);
  const checked = await checkFiles([...new Set(paths.flatMap(queryFilesIn))], project);
  const named = [...paths, ...(project === null ? [] : [project])].map((path) => resolve(path));
  // A query is clean whatever is wrong elsewhere in its project; that is told beside it.
  const asked = checked.projects.filter(({ folder }) => named.some((path) => isWithin(path, resolve(folder))));
  for (const other of checked.projects) if (!asked.includes(other)) process.stderr.write(printedProblems(other));
  const files = [...asked.flatMap(checkedProject), ...checked.files];
  if (values.sarif !== undefined) writeSarif(values.sarif, files);
  if (values.json) process.stdout.write(`${JSON.stringify({ files })}\n`);
  else for (const { file, diagnostics } of files) process.stdout.write(printed(file, diagnostics));
  const found = files.flatMap(({ diagnostics }) => diagnostics);
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const warnings = found.filter(({ severity }) => severity === 'warning').length;
  process.stderr.write(`${counted(files.length, 'file')}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}.\n`);
  return errors > 0 ? 1 : 0;
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`);
}

function readArguments(argv: readonly string[]) {
  const options = { project: { type: 'string' }, json: { type: 'boolean' }, sarif: { type: 'string' } } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${checkUsage}`);
  }
}

function writeSarif(path: string, files: readonly CheckedFile[]): void {
  try {
    writeFileSync(path, `${JSON.stringify(sarifLog(files, process.cwd()), null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
