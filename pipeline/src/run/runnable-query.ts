/** What `asaql run` and `asaql explain` work on: a query file, or a project with the query, the inputs and settings it brings. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CompatibilityLevel, compile, type TimePolicies } from '@asaql/engine';
import { type Diagnostic, parse } from '@asaql/parser';
import { CombineError, combineQueries } from '@asaql/project';
import { type QueryFile, type QueryProject, readQuery, readQueryProject } from '../check/query-project.ts';
import { UsageError } from '../cli/usage-error.ts';
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
  readonly functionsFolder: string | null;
  /** For a query that is combined from files: what is wrong, file by file. */
  readonly diagnose?: (level: CompatibilityLevel) => readonly (QueryFile & { readonly diagnostics: readonly Diagnostic[] })[];
}

/** Throws a UsageError where there is no query. */
export function runnableQuery(path: string): RunnableQuery {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  if (statSync(path).isDirectory()) return fromProject(readQueryProject(path));
  return {
    ...readQuery(path),
    inputs: [],
    references: [],
    referenceNames: [],
    policies: null,
    compatibilityLevel: '1.2',
    functionsFolder: null,
  };
}

function fromProject(project: QueryProject): RunnableQuery {
  const { parts, inputs, functions } = project;
  const filesOf = (kind: 'stream' | 'reference'): readonly InputFiles[] =>
    inputs.flatMap(({ name, samplePath, ...input }) =>
      input.kind === kind && samplePath !== null ? [{ name, paths: [samplePath] }] : [],
    );
  const query = queryOf(project);
  const references = filesOf('reference');
  return {
    ...query,
    inputs: readBy(query.text, filesOf('stream')),
    references: readBy(query.text, references),
    referenceNames: inputs.flatMap(({ name, kind }) => (kind === 'reference' ? [name] : [])),
    policies: project.policies,
    compatibilityLevel: project.compatibilityLevel,
    functionsFolder: functions.length > 0 ? join(project.folder, 'Functions') : null,
    ...(parts.length > 0 ? { diagnose: (level: CompatibilityLevel) => diagnose(parts, level) } : {}),
  };
}

/** The files that a job is generated from come before what was generated from them, which may be older. */
function queryOf({ folder, parts, startFile }: QueryProject): QueryFile {
  if (parts.length > 0) return { path: join(folder, 'queries'), text: combined(parts) };
  if (startFile !== null) return startFile;
  throw new UsageError(`${folder} has no query: neither queries/*.asaql nor a startFile in asaproj.json.`);
}

function combined(parts: readonly QueryFile[]): string {
  try {
    return combineQueries(parts.map(({ path, text }) => ({ name: path, text })));
  } catch (error) {
    if (!(error instanceof CombineError)) throw error;
    // A file with errors of form cannot be combined: the run then tells them, file by file.
    return parts.map(({ text }) => text).join('\n');
  }
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
