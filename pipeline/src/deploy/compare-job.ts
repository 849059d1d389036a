/** A project held against the job that is deployed: what `asaql diff` tells and `asaql push` shows before it changes anything. */

import { analyze, parse } from '@asaql/parser';
import { jobTemplate, projectQuery } from '@asaql/project';
import type { StreamingJob } from '@azure/arm-streamanalytics';
import { type DeclaredProject, declaredProject, isWholeJob } from '../check/check-files.ts';
import { type LocatedDiagnostic, locate } from '../check/print-diagnostics.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { DeployedJob } from './deployed-job.ts';
import { type Drift, type Json, jobDrift, localProperties } from './job-drift.ts';
import { type QueryDifference, queryDifference } from './query-difference.ts';

export interface LocalJob {
  readonly declared: DeclaredProject;
  readonly query: { readonly path: string; readonly text: string };
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/** Throws a UsageError where there is no project, or no query in it. */
export async function readLocalJob(folder: string): Promise<LocalJob> {
  const declared = await declaredProject(folder);
  const query = projectQuery(declared.project);
  if (query === null) throw new UsageError(`${folder} has no query: neither queries/*.asaql nor a startFile in asaproj.json.`);
  const isPart = !isWholeJob(declared, query.path) && declared.project.queries.length === 0;
  const { diagnostics } = analyze(parse(query.text), declared.declarations, { isPart });
  return { declared, query, diagnostics: locate(query.text, diagnostics) };
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
  const told = drift.map(({ path, local, deployed }) => `  ~ ${path}: deployed ${shown(deployed)}, here ${shown(local)}`);
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

function shown(value: Json): string {
  return value === null ? 'not there' : typeof value === 'string' ? value : JSON.stringify(value);
}
