/** Which project a path of the command line means, and which of its test files. */
import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { findTests, isProject, isTestConfig, isTestFile } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { diskFiles } from '../project/disk-files.ts';

export interface TestedFile {
  /** Of the project. */
  readonly folder: string;
  /** Relative to it, with `/`. */
  readonly path: string;
}

/** Throws a UsageError where there is nothing to test. */
export async function testedFiles(paths: readonly string[]): Promise<readonly TestedFile[]> {
  const found = await Promise.all(paths.map(filesOf));
  const seen = new Set<string>();
  return found.flat().filter(({ folder, path }) => !seen.has(`${folder} ${path}`) && seen.add(`${folder} ${path}`));
}

async function filesOf(path: string): Promise<readonly TestedFile[]> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  const full = resolve(path);
  if (statSync(full).isDirectory()) {
    const tests = await findTests(diskFiles(full));
    if (tests.length === 0)
      throw new UsageError(`${path} has no tests: write tests/NAME.test.yaml, or a test/testConfig.json (asaql add test NAME).`);
    return tests.map((each) => ({ folder: full, path: each }));
  }
  if (!isTestFile(full) && !isTestConfig(full.replaceAll('\\', '/')))
    throw new UsageError(`${path} is no test file: it ends with .test.yaml, or is called testConfig.json.`);
  const folder = await projectAround(full);
  return [{ folder, path: relative(folder, full).split(sep).join('/') }];
}

/** The nearest folder above a file that holds a project; the file's own where there is none. */
export async function projectAround(file: string): Promise<string> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (await isProject(diskFiles(folder))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}
