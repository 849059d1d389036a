/** A project held against the job that is deployed: what `asaql diff` tells and `asaql push` shows before it changes anything. */

import { analyze, parse } from '@asaql/parser';
import { jobTemplate, projectQuery } from '@asaql/project';
import type { StreamingJob } from '@azure/arm-streamanalytics';
import { type CheckedFile, checkFiles, type DeclaredProject, declaredProject } from '../check/check-files.ts';
import { locate } from '../check/print-diagnostics.ts';
import { UsageError } from '../cli/usage-error.ts';
import { diskPath } from '../project/disk-project.ts';
import type { DeployedJob } from './deployed-job.ts';
import { type Drift, type Json, jobDrift, localProperties } from './job-drift.ts';
import { type QueryDifference, queryDifference } from './query-difference.ts';

export interface LocalJob {
  readonly declared: DeclaredProject;
  readonly query: { readonly path: string; readonly text: string };
}

/** A project whose query Azure would refuse: what is wrong with it, file by file. */
export class QueryErrors extends Error {
  override readonly name = 'QueryErrors';
  readonly files: readonly CheckedFile[];

  constructor(files: readonly CheckedFile[]) {
    super('The query has errors.');
    this.files = files;
  }
}

/** Throws a UsageError where there is no project, or no query in it; QueryErrors where it has errors. */
export async function readLocalJob(folder: string): Promise<LocalJob> {
  const declared = await declaredProject(folder);
  // Files with errors of form cannot be combined: they are told one by one.
  const { files } = await checkFiles(
    declared.project.queries.map(({ path }) => diskPath(declared, path)),
    folder,
  );
  assertNoErrors(files);
  const query = projectQuery(declared.project);
  if (query === null) throw new UsageError(`${folder} has no query: neither queries/*.asaql nor a startFile in asaproj.json.`);
  const { diagnostics } = analyze(parse(query.text), declared.declarations);
  assertNoErrors([{ file: diskPath(declared, query.path), diagnostics: locate(query.text, diagnostics) }]);
  return { declared, query };
}

function assertNoErrors(files: readonly CheckedFile[]): void {
  const wrong = files
    .map(({ file, diagnostics }) => ({ file, diagnostics: diagnostics.filter(({ severity }) => severity === 'error') }))
    .filter(({ diagnostics }) => diagnostics.length > 0);
  if (wrong.length > 0) throw new QueryErrors(wrong);
}

export interface JobComparison {
  readonly deployed: StreamingJob;
  readonly query: QueryDifference;
  readonly drift: readonly Drift[];
}

/** Throws an AzureError. */
export async function compareJob(local: LocalJob, job: DeployedJob, abortSignal?: AbortSignal): Promise<JobComparison> {
  const { job: deployed, resource } = await job.read(abortSignal);
  const { template, parameters } = jobTemplate(local.declared.project, local.query.text);
  const properties = (resource as { readonly properties?: Json }).properties ?? {};
  return {
    deployed,
    query: queryDifference(deployed.transformation?.query ?? '', local.query.text),
    drift: jobDrift(localProperties(template, parameters), properties),
  };
}

const hourMs = 3_600_000;

/** In lines, for a terminal. */
export function comparisonText({ query, drift }: JobComparison): string {
  const lines = query.parts.map(({ kind, name, change, details }) => {
    const sign = { added: '+', removed: '-', changed: '~' }[change];
    return `  ${sign} ${kind} ${name}${details.length === 0 ? '' : `: ${details.join(', ')}`}`;
  });
  const told = drift.map(driftText);
  return [
    lines.length === 0 ? 'The query is the same.' : 'The query:',
    ...lines,
    ...(lines.length > 0 && query.looksBackMs > 0 ? [looksBackText(query.looksBackMs)] : []),
    told.length === 0 ? 'Inputs, outputs, functions and policies are the same.' : 'Inputs, outputs, functions and policies:',
    ...told,
  ].join('\n');
}

function looksBackText(ms: number): string {
  const length = ms % hourMs === 0 ? `${ms / hourMs} h` : ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
  return `  After the restart the job reads again from ${length} before its last output, to fill its windows: the hub must keep events that long.`;
}

function driftText({ path, local, deployed, isPart }: Drift): string {
  if (isPart) return local === null ? `  - ${path}: only deployed` : `  + ${path}: only here`;
  return `  ~ ${path}: deployed ${shown(deployed)}, here ${shown(local)}`;
}

function shown(value: Json): string {
  return value === null ? 'not there' : typeof value === 'string' ? value : JSON.stringify(value);
}
