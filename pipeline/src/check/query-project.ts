/**
 * A Stream Analytics project as the existing tools write it: queries, inputs with their local samples, outputs, functions and
 * the job's settings. Reads more kinds of project than the local pipeline can run, so what a file lacks has the service's
 * default. Must not know what is done with it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { TimePolicies } from '@asaql/engine';
import type { CompatibilityLevel, FunctionDeclaration, OutputDeclaration } from '@asaql/parser';
import { UsageError } from '../cli/usage-error.ts';

export interface QueryFile {
  readonly path: string;
  readonly text: string;
}

export interface ProjectInput {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  /** The local sample, if there is one. */
  readonly samplePath: string | null;
}

export interface ProjectFunction extends FunctionDeclaration {
  /** The file of the code. */
  readonly path: string;
}

export interface QueryProject {
  readonly folder: string;
  /** What the job runs, where a file says so. */
  readonly startFile: QueryFile | null;
  /** Queries that the job's query is combined from. */
  readonly parts: readonly QueryFile[];
  readonly inputs: readonly ProjectInput[];
  readonly outputs: readonly OutputDeclaration[];
  readonly functions: readonly ProjectFunction[];
  /** null: no settings of a job stand in the project. */
  readonly policies: TimePolicies | null;
  readonly compatibilityLevel: CompatibilityLevel;
}

const manifest = 'asaproj.json';
const settings = 'JobConfig.json';

export function isProject(folder: string): boolean {
  return existsSync(join(folder, manifest)) || existsSync(join(folder, settings));
}

/** The project that a file lies in, or null. */
export function projectAround(path: string): string | null {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, manifest))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** Throws a UsageError of one line where a file of the project cannot be read. */
export function readQueryProject(folder: string): QueryProject {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`${folder} is no folder.`);
  const files = jsonFiles(folder);
  const mocks = files.filter((file) => file.kind === 'InputMock');
  return {
    folder,
    startFile: startFileOf(folder),
    parts: namesIn(join(folder, 'queries'), '.asaql').map(readQuery),
    inputs: inputsFrom(
      files.filter((file) => file.kind === 'Input'),
      mocks,
    ),
    outputs: files.filter((file) => file.kind === 'Output').map(outputFrom),
    functions: functionsFrom(folder, files),
    ...settingsFrom(join(folder, settings)),
  };
}

export function readQuery(path: string): QueryFile {
  return { path, text: readText(path) };
}

function startFileOf(folder: string): QueryFile | null {
  const path = join(folder, manifest);
  const named = existsSync(path) ? textOf(readObject(path).startFile) : null;
  if (named !== null) return readQuery(join(folder, named));
  const [only, ...others] = namesIn(folder, '.asaql');
  return only !== undefined && others.length === 0 ? readQuery(only) : null;
}

type Content = { readonly [key: string]: unknown };

interface JsonFile {
  readonly path: string;
  readonly kind: string;
  readonly content: Content;
}

/** The files of a folder and those that the manifest names; a file says by its ScriptType what it is. */
function jsonFiles(folder: string): readonly JsonFile[] {
  const path = join(folder, manifest);
  const listed = existsSync(path) ? (readObject(path).configurations ?? []) : [];
  if (!Array.isArray(listed)) throw new UsageError(`${path}: configurations is no list.`);
  const found = new Map<string, string>();
  const usual = { Inputs: 'Input', Outputs: 'Output', Functions: 'JSFunction' };
  for (const [name, kind] of Object.entries(usual))
    for (const file of namesIn(join(folder, name), '.json'))
      found.set(file, basename(file).startsWith('Local_') ? 'InputMock' : kind);
  for (const entry of listed as readonly Content[]) {
    const [file, kind] = [textOf(entry.filePath), textOf(entry.subType)];
    if (file !== null && kind !== null && file.endsWith('.json')) found.set(join(folder, file.replaceAll('\\', '/')), kind);
  }
  return [...found].flatMap(([file, kind]) => {
    const content = readJson(file);
    // Samples of events lie among the definitions.
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return [];
    const said = textOf((content as Content).ScriptType);
    if (said === null && textOf((content as Content).Name) === null && textOf((content as Content).InputAlias) === null)
      return [];
    return [{ path: file, kind: said ?? kind, content: content as Content }];
  });
}

function inputsFrom(inputs: readonly JsonFile[], mocks: readonly JsonFile[]): readonly ProjectInput[] {
  const samples = new Map(
    mocks.map(({ path, content }) => {
      const name = textOf(content.InputAlias) ?? requiredText(path, content, 'Name');
      const file = requiredText(path, content, 'FilePath').replaceAll('\\', '/');
      return [name.toLowerCase(), { name, content, samplePath: resolve(dirname(path), file) }];
    }),
  );
  const declared = inputs.map(({ path, content }) => {
    const name = requiredText(path, content, 'Name');
    return { name, kind: kindOf(content), samplePath: samples.get(name.toLowerCase())?.samplePath ?? null };
  });
  const known = new Set(declared.map(({ name }) => name.toLowerCase()));
  const localOnly = [...samples.values()].filter(({ name }) => !known.has(name.toLowerCase()));
  return [...declared, ...localOnly.map(({ name, content, samplePath }) => ({ name, kind: kindOf(content), samplePath }))];
}

function kindOf(content: Content): 'stream' | 'reference' {
  return /reference/i.test(textOf(content.Type) ?? '') ? 'reference' : 'stream';
}

function outputFrom({ path, content }: JsonFile): OutputDeclaration {
  const name = requiredText(path, content, 'Name');
  const cosmos = content.DocumentDbProperties as Content | null | undefined;
  const needed = [
    { name: textOf(cosmos?.DocumentId), role: 'document id' as const },
    { name: textOf(cosmos?.PartitionKey), role: 'partition key' as const },
  ];
  return { name, neededColumns: needed.flatMap((column) => (column.name === null ? [] : [{ ...column, name: column.name }])) };
}

/** Code stands in Functions/NAME.js; NAME.js.json says what it takes. */
function functionsFrom(folder: string, files: readonly JsonFile[]): readonly ProjectFunction[] {
  return namesIn(join(folder, 'Functions'), '.js').map((path) => {
    const content = files.find((file) => file.path === `${path}.json`)?.content;
    const inputs = content?.FunctionInputs;
    return {
      name: textOf(content?.Name) ?? basename(path, '.js'),
      kind: /aggregate/i.test(textOf(content?.Type) ?? '') ? 'aggregate' : 'scalar',
      parameterCount: Array.isArray(inputs) ? inputs.length : null,
      path,
    };
  });
}

function settingsFrom(path: string): Pick<QueryProject, 'policies' | 'compatibilityLevel'> {
  if (!existsSync(path)) return { policies: null, compatibilityLevel: '1.2' };
  const content = readObject(path);
  const level = content.CompatibilityLevel ?? '1.2';
  if (level !== '1.0' && level !== '1.1' && level !== '1.2') {
    throw new UsageError(`${path}: CompatibilityLevel is ${JSON.stringify(level)}: write "1.0", "1.1" or "1.2".`);
  }
  const seconds = (key: string, otherwise: number) => {
    const value = content[key] ?? otherwise;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new UsageError(`${path}: ${key} is ${JSON.stringify(value)}: write a number of seconds.`);
  };
  const lateSeconds = seconds('EventsLateArrivalMaxDelayInSeconds', 5);
  return {
    policies: {
      // -1 accepts events however late: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics
      lateArrivalMs: lateSeconds < 0 ? Number.POSITIVE_INFINITY : lateSeconds * 1000,
      outOfOrderMs: seconds('EventsOutOfOrderMaxDelayInSeconds', 0) * 1000,
      earlyArrivalMs: 300_000,
      action: /drop/i.test(textOf(content.EventsOutOfOrderPolicy) ?? '') ? 'drop' : 'adjust',
    },
    compatibilityLevel: level,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function requiredText(path: string, content: Content, key: string): string {
  const text = textOf(content[key]);
  if (text !== null) return text;
  throw new UsageError(`${path}: ${key} is ${JSON.stringify(content[key]) ?? 'missing'}: write a text.`);
}

function namesIn(folder: string, extension: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => extname(name).toLowerCase() === extension)
    .sort()
    .map((name) => join(folder, name));
}

function readObject(path: string): Content {
  const content = readJson(path);
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Content;
  throw new UsageError(`${path} holds no JSON object.`);
}

function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    // A sample of events, line by line, is no definition.
    if (/^\s*[[{]/.test(text) && /[\]}]\s*\n\s*[[{]/.test(text)) return null;
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read: ${message}.`);
  }
}
