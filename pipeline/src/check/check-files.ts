/** What is wrong with query files, each on its own or within its project, and with projects. Must not know how it is shown. */
import { resolve } from 'node:path';
import { analyze, type JobDeclarations, parse, unknownJob } from '@asaql/parser';
import { jobDeclarations, type ProjectProblem } from '@asaql/project';
import { type DiskProject, diskPath, openDiskProject, projectAround } from '../project/disk-project.ts';
import { sampleColumns } from '../project/sample-schema.ts';
import { type LocatedDiagnostic, locate } from './print-diagnostics.ts';
import { readQuery } from './query-files.ts';

export interface CheckedFile {
  /** As it was named, or found below the folder that was named. */
  readonly file: string;
  readonly diagnostics: readonly LocatedDiagnostic[];
}

export interface Checked {
  readonly files: readonly CheckedFile[];
  /** All that were read for them, each once. */
  readonly projects: readonly DiskProject[];
}

/** `projectFolder`: the project of all files; null: each has the project that it lies in, or none. */
export async function checkFiles(paths: readonly string[], projectFolder: string | null): Promise<Checked> {
  const projects = new Map<string, Promise<DeclaredProject>>();
  const files: CheckedFile[] = [];
  for (const path of paths) {
    const folder = projectFolder ?? projectAround(path);
    let declared: DeclaredProject | null = null;
    if (folder !== null) {
      const known = projects.get(folder) ?? declaredProject(folder);
      projects.set(folder, known);
      declared = await known;
    }
    files.push(checkFile(path, declared));
  }
  return { files, projects: await Promise.all(projects.values()) };
}

/** The files of a project that something is wrong with, beside its queries. */
export function checkedProject({ folder, problems }: DiskProject): readonly CheckedFile[] {
  const byPath = Map.groupBy(problems, ({ path }) => path);
  return [...byPath].map(([path, own]) => ({ file: diskPath({ folder }, path), diagnostics: own.map(locatedProblem) }));
}

function locatedProblem({ code, severity, key, message, ...at }: ProjectProblem): LocatedDiagnostic {
  const { startLine, startColumn, endLine, endColumn } = at;
  const says = key === null ? message : `${key}: ${message}`;
  return { code, severity, message: says, startLine, startColumn, endLine, endColumn };
}

export interface DeclaredProject extends DiskProject {
  readonly declarations: JobDeclarations;
}

/** Reads the samples of the inputs. */
export async function declaredProject(folder: string): Promise<DeclaredProject> {
  const opened = await openDiskProject(folder);
  const declarations = await jobDeclarations(opened.project, (path) => sampleColumns(diskPath(opened, path)));
  return { ...opened, declarations };
}

/** Whether a file is what the job runs, and not one of those that it is combined from. */
export function isWholeJob({ folder, project }: DiskProject, path: string): boolean {
  return project.startFile === null || resolve(diskPath({ folder }, project.startFile.path)) === resolve(path);
}

function checkFile(file: string, declared: DeclaredProject | null): CheckedFile {
  const { text } = readQuery(file);
  const isPart = declared !== null && !isWholeJob(declared, file);
  const { diagnostics } = analyze(parse(text), declared?.declarations ?? unknownJob, { isPart });
  return { file, diagnostics: locate(text, diagnostics) };
}
