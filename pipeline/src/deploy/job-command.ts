/** `asaql job start|stop|scale|status`: the job in Azure. */
import process from 'node:process';
import { readOptions } from '../cli/read-options.ts';
import { onStopAsked } from '../cli/stop-asked.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { targetJob, targetOptions, targetUsage } from './azure-target.ts';
import { type DeployedJob, type StartFrom, startAfter } from './deployed-job.ts';
import { fromText } from './push-queries.ts';

export const jobUsage = `asaql job start|stop|scale|status ${targetUsage} [--from TIME|now] [--units N] [--json]`;

const text = { type: 'string' } as const;
const jobOptions = { ...targetOptions, from: text, units: text, json: { type: 'boolean' } } as const;

export async function jobCommand(root: string, argv: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, jobOptions, jobUsage);
  const [action] = positionals;
  if (positionals.length !== 1) throw new UsageError(`asaql job takes one action. Usage: ${jobUsage}`);
  const job = targetJob(values, loadSettings(root, process.env).azure);
  const cancel = new AbortController();
  onStopAsked(() => cancel.abort());
  switch (action) {
    case 'start':
      return started(job, values.from, cancel.signal);
    case 'stop':
      await job.stop(cancel.signal);
      process.stdout.write(
        `${job.address.jobName} is stopped. What arrives waits in the hub: asaql job start goes on from the last output.\n`,
      );
      return 0;
    case 'scale':
      return scaled(job, values.units, cancel.signal);
    case 'status':
      return told(job, values.json ?? false);
    default:
      throw new UsageError(`asaql job ${action} is no action. Usage: ${jobUsage}`);
  }
}

async function started(job: DeployedJob, from: string | undefined, signal: AbortSignal): Promise<number> {
  const { lastOutputEventTime } = await job.state(signal);
  const start = startOf(from, lastOutputEventTime);
  await job.start(start, signal);
  process.stdout.write(`${job.address.jobName} runs, ${fromText(start)}.\n`);
  return 0;
}

function startOf(from: string | undefined, lastOutput: Date | null): StartFrom {
  if (from === undefined) return startAfter(lastOutput);
  if (from === 'now') return { mode: 'JobStartTime' };
  const time = new Date(from);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--from is "${from}": write now, or a time such as 2026-01-15T12:00:00Z.`);
  return { mode: 'CustomTime', time };
}

/** https://learn.microsoft.com/azure/stream-analytics/stream-analytics-streaming-unit-consumption */
async function scaled(job: DeployedJob, units: string | undefined, signal: AbortSignal): Promise<number> {
  const value = { '1/3': 3, '2/3': 7 }[units ?? ''] ?? Number(units) * 10;
  if (!(value === 3 || value === 7 || (Number.isInteger(value) && value >= 10 && value <= 660 && value % 10 === 0)))
    throw new UsageError(`--units is "${units ?? ''}": write 1/3, 2/3, or a whole number of units from 1 to 66 (StandardV2).`);
  await job.scale(value, signal);
  process.stdout.write(`${job.address.jobName} has ${units} streaming units.\n`);
  return 0;
}

async function told(job: DeployedJob, isJson: boolean): Promise<number> {
  const { job: found } = await job.read();
  const units = found.transformation?.streamingUnits ?? 0;
  const status = {
    job: job.address.jobName,
    state: found.jobState ?? 'Unknown',
    lastOutput: found.lastOutputEventTime?.toISOString() ?? null,
    streamingUnits: units === 3 ? '1/3' : units === 7 ? '2/3' : String(units / 10),
    inputs: (found.inputs ?? []).map(({ name }) => name ?? ''),
    outputs: (found.outputs ?? []).map(({ name }) => name ?? ''),
  };
  const lines = [
    `${status.job}: ${status.state}, last output ${status.lastOutput ?? 'none yet'}, ${status.streamingUnits} streaming units`,
    `  reads ${status.inputs.join(', ') || 'nothing'}`,
    `  writes ${status.outputs.join(', ') || 'nothing'}`,
  ];
  process.stdout.write(`${isJson ? JSON.stringify(status, null, 2) : lines.join('\n')}\n`);
  return 0;
}
