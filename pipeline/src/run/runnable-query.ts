/** What `asaql run` and `asaql explain` work on: a query file, or a project with the query, the inputs and settings it brings. */
import { existsSync } from 'node:fs';
import { type CompatibilityLevel, compile, type TimePolicies } from '@asaql/engine';
import { type Diagnostic, parse } from '@asaql/parser';
import { CombineError, projectQuery } from '@asaql/project';
import type { FunctionSource } from '@asaql/udf';
import { type QueryFile, readQuery } from '../check/query-files.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type DiskProject, diskPath, openDiskProject, printedProblems, projectFolder } from '../project/disk-project.ts';
import type { InputFiles } from './run-query.ts';

export interface RunnableQuery {
  /** Where its text stands, for messages. */
  readonly path: string;
  readonly text: string;
  readonly inputs: readonly InputFiles[];
  readonly references: readonly InputFiles[];
  readonly referenceNames: readonly string[];
  readonly policies: TimePolicies | null;
  readonly compatibilityLevel: CompatibilityLevel;
  readonly functions: readonly FunctionSource[];
  /** What is wrong with the project, a line each. */
  readonly problems: string;
  /** For a query that is combined from files: what is wrong, file by file. */
  readonly diagnose?: (level: CompatibilityLevel) => readonly (QueryFile & { readonly diagnostics: readonly Diagnostic[] })[];
}

/** Throws a UsageError where there is no query. */
export async function runnableQuery(path: string): Promise<RunnableQuery> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  const folder = projectFolder(path);
  if (folder !== null) return fromProject(await openDiskProject(folder));
  return {
    ...readQuery(path),
    ...{ inputs: [], references: [], referenceNames: [], policies: null, compatibilityLevel: '1.2', functions: [], problems: '' },
  };
}

function fromProject(opened: DiskProject): RunnableQuery {
  const { inputs, functions, job, queries } = opened.project;
  const filesOf = (kind: 'stream' | 'reference'): readonly InputFiles[] =>
    inputs.flatMap(({ name, local, ...input }) =>
      input.kind === kind && local?.samplePath ? [{ name, paths: [diskPath(opened, local.samplePath)] }] : [],
    );
  const query = queryOf(opened);
  const parts = queries.map(({ path, text }) => ({ path: diskPath(opened, path), text }));
  return {
    ...query,
    inputs: readBy(query.text, filesOf('stream')),
    references: readBy(query.text, filesOf('reference')),
    referenceNames: inputs.flatMap(({ name, kind }) => (kind === 'reference' ? [name] : [])),
    policies: job?.policies ?? null,
    compatibilityLevel: job?.compatibilityLevel ?? '1.2',
    functions: functions.flatMap(({ name, kind, path, code }) =>
      code === null ? [] : [{ name, source: code.text, file: diskPath(opened, code.path), ...(path === null ? {} : { kind }) }],
    ),
    problems: printedProblems(opened),
    ...(parts.length > 0 ? { diagnose: (level: CompatibilityLevel) => diagnose(parts, level) } : {}),
  };
}

function queryOf(opened: DiskProject): QueryFile {
  try {
    const query = projectQuery(opened.project);
    if (query !== null) return { path: diskPath(opened, query.path), text: query.text };
  } catch (error) {
    if (!(error instanceof CombineError)) throw error;
    // A file with errors of form cannot be combined: the run then tells them, file by file.
    const { queries } = opened.project;
    return { path: diskPath(opened, 'queries'), text: queries.map(({ text }) => text).join('\n') };
  }
  const found = printedProblems(opened, 'error').trimEnd().replaceAll('\n', '; ');
  const why = found === '' ? 'neither queries/*.asaql nor a startFile' : found;
  throw new UsageError(`${opened.folder} has no query: ${why}.`);
}

/** A project may have inputs that its query does not read; their samples are left alone. */
function readBy(query: string, files: readonly InputFiles[]): readonly InputFiles[] {
  const names = new Set(
    parse(query)
      .tokens.filter((token) => token.kind === 'name' || token.kind === 'keyword')
      .map((token) => token.text.replace(/^["[]|["\]]$/g, '').toLowerCase()),
  );
  return files.filter(({ name }) => names.has(name.toLowerCase()));
}

function diagnose(parts: readonly QueryFile[], compatibilityLevel: CompatibilityLevel) {
  return parts.flatMap((part) => {
    const compiled = compile(part.text, { compatibilityLevel });
    return compiled.ok ? [] : [{ ...part, diagnostics: compiled.diagnostics }];
  });
}
