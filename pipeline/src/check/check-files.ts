/** What is wrong with query files, each on its own or within its project. Must not know how it is shown. */
import { resolve } from 'node:path';
import { analyze, catalogue, type InputDeclaration, type JobDeclarations, parse, unknownJob } from '@asaql/parser';
import { type LocatedDiagnostic, locate } from './print-diagnostics.ts';
import { projectAround, type QueryProject, readQuery, readQueryProject } from './query-project.ts';
import { sampleColumns } from './sample-columns.ts';

export interface CheckedFile {
  /** As it was named, or found below the folder that was named. */
  readonly file: string;
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/** `projectFolder`: the project of all files; null: each has the project that it lies in, or none. */
export async function checkFiles(paths: readonly string[], projectFolder: string | null): Promise<readonly CheckedFile[]> {
  const projects = new Map<string, Promise<Declared>>();
  const checked: CheckedFile[] = [];
  for (const path of paths) {
    const folder = projectFolder ?? projectAround(path);
    let declared: Declared | null = null;
    if (folder !== null) {
      const known = projects.get(folder) ?? declaredIn(readQueryProject(folder));
      projects.set(folder, known);
      declared = await known;
    }
    checked.push(checkFile(path, declared));
  }
  return checked;
}

interface Declared {
  readonly project: QueryProject;
  readonly declarations: JobDeclarations;
}

/** Reads the samples of the inputs. */
export async function declaredIn(project: QueryProject): Promise<Declared> {
  const inputs: InputDeclaration[] = [];
  for (const { name, kind, samplePath } of project.inputs)
    inputs.push({ name, kind, columns: samplePath === null ? null : await sampleColumns(samplePath) });
  const { outputs, functions, compatibilityLevel } = project;
  // Local runs need no definition of an output: a project without any may write to whatever it likes.
  return { project, declarations: { inputs, outputs: outputs.length === 0 ? null : outputs, functions, compatibilityLevel } };
}

/** Said of a job, not of one of the files that its query is combined from. */
const ofWholeJob: ReadonlySet<string> = new Set([catalogue.unusedInput.code, catalogue.unusedOutput.code]);

function checkFile(file: string, declared: Declared | null): CheckedFile {
  const { text } = readQuery(file);
  const { diagnostics } = analyze(parse(text), declared?.declarations ?? unknownJob);
  const isWhole = declared === null || declared.project.startFile === null || isSame(file, declared.project.startFile.path);
  return { file, diagnostics: locate(text, isWhole ? diagnostics : diagnostics.filter(({ code }) => !ofWholeJob.has(code))) };
}

function isSame(a: string, b: string): boolean {
  return resolve(a) === resolve(b);
}
