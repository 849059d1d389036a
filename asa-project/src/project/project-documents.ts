/** The JSON files of a project, each with what it is. Knows not what stands in them. */
import { caselessPath, filesIn } from '../files/caseless-path.ts';
import { type ProjectFiles, readText, withoutMark } from '../files/project-files.ts';
import { fileName } from '../files/project-path.ts';
import type { Manifest } from '../formats/manifest.ts';
import { type ProjectProblem, problemOfFile } from '../project-problem.ts';
import { JsonDocument } from '../text/json-document.ts';

export type DocumentKind = 'job-config' | 'input' | 'local-input' | 'output' | 'function';

export interface KnownDocument {
  readonly kind: DocumentKind;
  readonly document: JsonDocument;
}

/** What ScriptType and subType say. */
function kindNamed(name: string): DocumentKind | null {
  if (/^jobconfig$/i.test(name)) return 'job-config';
  if (/^inputmock$/i.test(name)) return 'local-input';
  if (/^input$/i.test(name)) return 'input';
  if (/^output$/i.test(name)) return 'output';
  return /function(config)?$/i.test(name) ? 'function' : null;
}

/** Larger files that no manifest lists are samples of events. */
const definitionBytesMax = 1 << 20;

/** Files that the manifest lists, then those in the usual folders: people copy files there and forget to list them. */
export async function projectDocuments(
  files: ProjectFiles,
  manifest: Manifest | null,
  problems: ProjectProblem[],
): Promise<readonly KnownDocument[]> {
  const found = new Map<string, KnownDocument>();
  for (const entry of manifest?.entries ?? []) {
    const kind = kindNamed(entry.subType);
    if (kind === null || !entry.path.toLowerCase().endsWith('.json')) continue;
    const path = await caselessPath(files, entry.path);
    const text = path === null ? null : await textOf(files, path, problems);
    if (path === null) entry.tellMissing();
    if (path === null || text === null || found.has(path)) continue;
    const document = new JsonDocument(path, text);
    found.set(path, { kind: saidKind(document) ?? kind, document });
  }
  for (const [folder, kind] of usualFolders)
    for (const path of await filesIn(files, folder, '.json')) {
      if (found.has(path) || (await isLarge(files, path))) continue;
      const text = await textOf(files, path, problems);
      if (text === null || !mayBeDefinition(text)) continue;
      const document = new JsonDocument(path, text);
      if (isSample(document)) continue;
      found.set(path, { kind: saidKind(document) ?? (isLocal(path) ? 'local-input' : kind), document });
    }
  if (![...found.values()].some(({ kind }) => kind === 'job-config')) {
    const path = await caselessPath(files, 'JobConfig.json');
    const text = path === null ? null : await textOf(files, path, problems);
    if (path !== null && text !== null) found.set(path, { kind: 'job-config', document: new JsonDocument(path, text) });
  }
  return [...found.values()];
}

const usualFolders = [
  ['Inputs', 'input'],
  ['Outputs', 'output'],
  ['Functions', 'function'],
] as const;

async function textOf(files: ProjectFiles, path: string, problems: ProjectProblem[]): Promise<string | null> {
  try {
    return await readText(files, path);
  } catch (error) {
    problems.push(problemOfFile('PRJ0001', path, (error as Error).message));
    return null;
  }
}

function saidKind(document: JsonDocument): DocumentKind | null {
  const said = document.root?.any('ScriptType');
  return typeof said === 'string' ? kindNamed(said) : null;
}

function isLocal(path: string): boolean {
  return /^local_/i.test(fileName(path));
}

/** A list, or objects one after the other, are events. */
function mayBeDefinition(text: string): boolean {
  const body = withoutMark(text).trimStart();
  return !body.startsWith('[') && !/\}\s*\n\s*\{/.test(body);
}

/** An object that says nothing of what it is is an event; one that is broken is told. */
function isSample({ root, isBroken }: JsonDocument): boolean {
  const keys = new Set((root?.keys ?? []).map((key) => key.toLowerCase()));
  return !isBroken && !['scripttype', 'name', 'inputalias'].some((key) => keys.has(key));
}

async function isLarge(files: ProjectFiles, path: string): Promise<boolean> {
  return ((await files.sizeBytes?.(path)) ?? 0) > definitionBytesMax;
}
