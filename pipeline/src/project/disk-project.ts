/** Projects on this machine's disk. Must not know what is done with them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { openProject, type Project, type ProjectProblem, printedProblem } from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { diskFiles } from './disk-files.ts';

export interface DiskProject {
  /** As it was named. */
  readonly folder: string;
  readonly project: Project;
  readonly problems: readonly ProjectProblem[];
}

/** Throws a UsageError of one line where there is no folder. What is wrong within it is in `problems`. */
export async function openDiskProject(folder: string): Promise<DiskProject> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`${folder} is no folder.`);
  return { folder, ...(await openProject(diskFiles(folder))) };
}

/** The folder of a project that is named by it, or by its main file; null for any other path. */
export function projectFolder(path: string): string | null {
  if (!existsSync(path)) return null;
  if (statSync(path).isDirectory()) return path;
  return isManifest(basename(path)) ? dirname(path) : null;
}

/** The project that a file lies in, or null; named from the working folder where the file is. */
export function projectAround(path: string): string | null {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (namesIn(folder).some(isManifest)) return isAbsolute(path) ? folder : relative(process.cwd(), folder) || '.';
    if (folder === dirname(folder)) return null;
  }
}

/** A folder that is not there yet, or that nobody may look into, holds no project. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isManifest(name: string): boolean {
  return /^asaproj\.json$/i.test(name) || /\.asaproj$/i.test(name);
}

/** A path of the project as this machine knows it. */
export function diskPath({ folder }: Pick<DiskProject, 'folder'>, path: string): string {
  return join(folder, ...path.split('/'));
}

/** A line each, for what runs on in spite of them. */
export function printedProblems(project: DiskProject, least: 'error' | 'warning' = 'warning'): string {
  return project.problems
    .filter(({ severity }) => severity === 'error' || severity === least)
    .map((problem) => `${printedProblem(problem, diskPath(project, problem.path))}\n`)
    .join('');
}
