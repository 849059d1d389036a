/**
 * The job's one query from the query files of a project: every step once, then every SELECT. What is deployed and what is
 * run here are generated from the same files by this.
 */
import { format, parse, type Query } from '@asaql/parser';
import type { TextFile } from '../files/project-files.ts';
import { fileName } from '../files/project-path.ts';
import type { Project } from './project.ts';

export interface QueryFile {
  readonly name: string;
  readonly text: string;
}

/** Files that cannot be combined: one line that says which and why. */
export class CombineError extends Error {
  override readonly name = 'CombineError';
}

export function combineQueries(files: readonly QueryFile[]): string {
  const steps = new Map<string, { readonly text: string; readonly file: string }>();
  const selects: string[] = [];
  for (const file of files) {
    const { script, diagnostics } = parse(file.text);
    const problem = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
    if (problem) throw new CombineError(`${file.name}: ${problem.message}`);
    const queries = script.statements.filter((statement): statement is Query => statement.kind === 'query');
    for (const query of queries) {
      for (const step of query.steps) {
        const text = file.text.slice(step.span.start, step.span.end);
        const known = steps.get(step.name.text.toLowerCase());
        if (known && known.text !== text) {
          throw new CombineError(
            `${file.name}: the step ${step.name.text} differs from the one in ${known.file}: give it another name.`,
          );
        }
        steps.set(step.name.text.toLowerCase(), known ?? { text, file: file.name });
      }
      for (const select of query.selects) {
        selects.push(`-- ${file.name}\n${file.text.slice(select.span.start, select.span.end).trimEnd()}\n`);
      }
    }
  }
  const head = `-- Generated from ${files.map((file) => file.name).join(', ')}: change those, not this.\n`;
  const list = [...steps.values()].map((step) => step.text).join(',\n\n    ');
  return format(`${head}${steps.size > 0 ? `WITH\n    ${list}\n\n` : ''}${selects.join('\n')}`);
}

/**
 * The job's query: combined from the files under queries/, or the start file; null where a project has neither. The files that
 * a job is generated from come before what was generated from them, which may be older. Throws a CombineError.
 */
export function projectQuery({ queries, startFile }: Pick<Project, 'queries' | 'startFile'>): TextFile | null {
  if (queries.length === 0) return startFile;
  return { path: 'queries', text: combineQueries(queries.map(({ path, text }) => ({ name: fileName(path), text }))) };
}
