/** Reads a project, whichever tool made it: what is wrong with one file is told, the rest is there. Knows no disk. */
import { caselessPath, filesIn } from '../files/caseless-path.ts';
import { type ProjectFiles, readText, readTextFile, type TextFile } from '../files/project-files.ts';
import { fileName } from '../files/project-path.ts';
import type { Manifest } from '../formats/manifest.ts';
import { readAsaprojJson } from '../formats/read-asaproj-json.ts';
import { readFunctions } from '../formats/read-functions.ts';
import { readInputs } from '../formats/read-inputs.ts';
import { readJobConfig } from '../formats/read-job-config.ts';
import { readOutputs } from '../formats/read-outputs.ts';
import { readVisualStudioProject } from '../formats/read-visual-studio-project.ts';
import { checkProfiles } from '../profiles/check-profiles.ts';
import { readProfiles } from '../profiles/read-profiles.ts';
import { type ProjectProblem, problemOfFile } from '../project-problem.ts';
import { JsonDocument } from '../text/json-document.ts';
import type { Project } from './project.ts';
import { type DocumentKind, type KnownDocument, projectDocuments } from './project-documents.ts';

export interface OpenedProject {
  readonly project: Project;
  /** In order of files and lines. */
  readonly problems: readonly ProjectProblem[];
}

/** Rejects with an error of one line where a folder or a query cannot be read at all. */
export async function openProject(files: ProjectFiles): Promise<OpenedProject> {
  const problems: ProjectProblem[] = [];
  const documents: JsonDocument[] = [];
  const manifest = await manifestOf(files, documents, problems);
  const known = await projectDocuments(files, manifest, problems);
  documents.push(...known.map(({ document }) => document));
  const inputs = await readInputs(files, ofKind(known, 'input'), ofKind(known, 'local-input'));
  const [jobFile] = ofKind(known, 'job-config');
  const project: Project = {
    name: manifest?.name ?? 'job',
    layout: manifest?.layout ?? 'folders',
    manifestPath: manifest?.path ?? null,
    startFile: await startFileOf(files, manifest),
    queries: await queriesOf(files),
    job: jobFile === undefined ? null : readJobConfig(jobFile),
    inputs,
    outputs: readOutputs(ofKind(known, 'output')),
    functions: await readFunctions(files, ofKind(known, 'function')),
    profiles: await readProfiles(files, problems),
  };
  const all = [...problems, ...checkProfiles(project), ...documents.flatMap((document) => document.problems)];
  return { project, problems: all.sort(byPlace) };
}

/** Whether a folder holds a project: its main file, or a job's settings. */
export async function isProject(files: ProjectFiles): Promise<boolean> {
  const names = (await files.list('')).filter(({ kind }) => kind === 'file').map(({ name }) => name.toLowerCase());
  return names.some((name) => name === 'asaproj.json' || name === 'jobconfig.json' || name.endsWith('.asaproj'));
}

/** asaproj.json first: where both stand, it is the newer one. */
async function manifestOf(files: ProjectFiles, documents: JsonDocument[], problems: ProjectProblem[]): Promise<Manifest | null> {
  const [json, studio] = [await caselessPath(files, 'asaproj.json'), (await filesIn(files, '', '.asaproj'))[0]];
  const path = json ?? studio;
  if (path === undefined) return null;
  let text: string | null = null;
  try {
    text = await readText(files, path);
  } catch (error) {
    problems.push(problemOfFile('PRJ0001', path, (error as Error).message));
  }
  if (text === null) return null;
  if (path !== json) return readVisualStudioProject(path, text, problems);
  const document = new JsonDocument(path, text);
  documents.push(document);
  return readAsaprojJson(document);
}

/** Where the file that is named is gone, the only query of the folder is meant: people rename it. */
async function startFileOf(files: ProjectFiles, manifest: Manifest | null): Promise<TextFile | null> {
  if (manifest?.startFile) {
    const named = await readTextFile(files, manifest.startFile.path);
    if (named !== null) return named;
    manifest.startFile.tellMissing();
  }
  const [only, ...others] = await filesIn(files, '', '.asaql');
  return only !== undefined && others.length === 0 ? readTextFile(files, only) : null;
}

async function queriesOf(files: ProjectFiles): Promise<readonly TextFile[]> {
  const found: TextFile[] = [];
  for (const path of await filesIn(files, 'queries', '.asaql')) {
    const query = await readTextFile(files, path);
    if (query !== null) found.push(query);
  }
  return found;
}

function ofKind(known: readonly KnownDocument[], kind: DocumentKind): readonly JsonDocument[] {
  return known.filter((each) => each.kind === kind).map(({ document }) => document);
}

function byPlace(a: ProjectProblem, b: ProjectProblem): number {
  const [one, other] = [
    fileName(a.path) === a.path ? `\0${a.path}` : a.path,
    fileName(b.path) === b.path ? `\0${b.path}` : b.path,
  ];
  if (one !== other) return one < other ? -1 : 1;
  return a.startLine - b.startLine || a.startColumn - b.startColumn;
}
