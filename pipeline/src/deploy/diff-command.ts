/** `asaql diff`: what is deployed against the project. Exit code 1 where they differ, for build servers. */
import { resolve } from 'node:path';
import process from 'node:process';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { targetJob, targetOptions, targetUsage } from './azure-target.ts';
import { compareJob, comparisonText } from './compare-job.ts';
import { readableJob } from './readable-job.ts';

export const diffUsage = `asaql diff [PROJECT] ${targetUsage} [--json]`;

export async function diffCommand(root: string, argv: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, { ...targetOptions, json: { type: 'boolean' } }, diffUsage);
  if (positionals.length > 1)
    throw new UsageError(`asaql diff takes one project, not ${positionals.length}. Usage: ${diffUsage}`);
  const settings = loadSettings(root, process.env);
  const local = await readableJob(
    positionals[0] ?? resolve(root, settings.projectDir),
    'Nothing was compared: the query has errors.',
  );
  if (local === null) return 1;
  const comparison = await compareJob(local, targetJob(values, settings.azure));
  const { query, drift } = comparison;
  const text = values.json ? JSON.stringify({ query, drift }, null, 2) : comparisonText(comparison);
  process.stdout.write(`${text}\n`);
  return query.parts.length === 0 && drift.length === 0 ? 0 : 1;
}
