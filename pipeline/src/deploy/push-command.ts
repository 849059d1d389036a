/** `asaql push`: the project's queries into the job that runs in Azure. */
import { resolve } from 'node:path';
import process from 'node:process';
import { readOptions } from '../cli/read-options.ts';
import { onStopAsked } from '../cli/stop-asked.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { targetJob, targetOptions, targetUsage } from './azure-target.ts';
import { compareJob, comparisonText } from './compare-job.ts';
import { confirm } from './confirm.ts';
import { fromText, isUp, type PushOutcome, pushQueries } from './push-queries.ts';
import { readableJob } from './readable-job.ts';

export const pushUsage = `asaql push [PROJECT] ${targetUsage} [--from TIME] [--yes]`;

/** Exit code 0: the job has the query; 1: the query has errors, or the old one was put back. */
export async function pushCommand(root: string, argv: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(
    argv,
    { ...targetOptions, from: { type: 'string' }, yes: { type: 'boolean' } },
    pushUsage,
  );
  if (positionals.length > 1)
    throw new UsageError(`asaql push takes one project, not ${positionals.length}. Usage: ${pushUsage}`);
  const settings = loadSettings(root, process.env);
  const local = await readableJob(
    positionals[0] ?? resolve(root, settings.projectDir),
    'Nothing was pushed: the query has errors.',
  );
  if (local === null) return 1;
  const job = targetJob(values, settings.azure);
  const comparison = await compareJob(local, job);
  process.stderr.write(`${comparisonText(comparison)}\n`);
  if (comparison.query.parts.length === 0) {
    process.stdout.write(`${job.address.jobName} has this query already.\n`);
    return 0;
  }
  const doing = isUp(comparison.deployed.jobState)
    ? 'Stop the job, put this query in and start it'
    : 'Put this query into the job';
  if (!values.yes && !(await confirm(`${doing}?`))) return 1;
  const cancel = new AbortController();
  onStopAsked(() => cancel.abort());
  const outcome = await pushQueries({
    job,
    deployed: comparison.deployed,
    query: local.query.text,
    startTime: values.from === undefined ? null : timeOf(values.from),
    onProgress: (step) => process.stderr.write(`${step} …\n`),
    abortSignal: cancel.signal,
    ...(settings.azure.pollMs === null ? {} : { pollEveryMs: settings.azure.pollMs }),
  });
  process.stdout.write(`${outcomeText(outcome, job.address.jobName)}\n`);
  return outcome.kind === 'rolledBack' ? 1 : 0;
}

function outcomeText(outcome: PushOutcome, jobName: string): string {
  switch (outcome.kind) {
    case 'running':
      return `${jobName} runs with the new query, ${fromText(outcome.from)}. Watch it: asaql job status --job ${jobName}`;
    case 'changed':
      return `${jobName} has the new query. It does not run: asaql job start --job ${jobName}`;
    case 'rolledBack':
      return `${jobName} has its old query again. ${outcome.reason}`;
  }
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`--from is "${text}": write a time such as 2026-01-15T12:00:00Z.`);
  return time;
}
