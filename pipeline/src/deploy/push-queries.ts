/**
 * Puts a query into a running job without losing an event: stop, change, start from the last output. Where the job does not come
 * up with the new query, or anything else goes wrong after it was stopped, the old query is put back and started.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { StreamingJob } from '@azure/arm-streamanalytics';
import { AzureError } from './azure-error.ts';
import { type DeployedJob, type StartFrom, startAfter } from './deployed-job.ts';

export interface PushOptions {
  readonly job: DeployedJob;
  /** As it was read when the difference was shown: what is put in replaces that, and nothing newer. */
  readonly deployed: StreamingJob;
  readonly query: string;
  /** For a job that has never put out a row: where it begins. */
  readonly startTime: Date | null;
  readonly onProgress: (step: string) => void;
  readonly abortSignal?: AbortSignal;
  /** How long a job may take to run; its start alone takes a minute or two. */
  readonly upWithinMs?: number;
  readonly pollEveryMs?: number;
}

export type PushOutcome =
  | { readonly kind: 'running'; readonly from: StartFrom }
  /** It did not run before, so it does not run now. */
  | { readonly kind: 'changed' }
  /** The old query is in the job again, and runs if it ran before. */
  | { readonly kind: 'rolledBack'; readonly reason: string };

/** Throws an AzureError where nothing was changed, or where the way back failed too: then the message says how the job is left. */
export async function pushQueries(options: PushOptions): Promise<PushOutcome> {
  const { job, deployed, onProgress, abortSignal } = options;
  const transformation = deployed.transformation?.name ?? 'Transformation';
  const ran = isUp(deployed.jobState);
  if (ran) {
    onProgress('stopping the job');
    await job.stop(abortSignal);
  }
  let etag = deployed.transformation?.etag;
  let isChanged = false;
  try {
    onProgress('putting the query in');
    etag = await job.putQuery(transformation, options.query, etag, abortSignal);
    isChanged = true;
    if (!ran) return { kind: 'changed' };
    const from = startAfter((await job.state(abortSignal)).lastOutputEventTime, options.startTime);
    onProgress(`starting it ${fromText(from)}`);
    await job.start(from, abortSignal);
    await untilRunning(options);
    return { kind: 'running', from };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`it failed: ${reason}`);
    await rollBack(options, transformation, ran, isChanged);
    return { kind: 'rolledBack', reason };
  }
}

/** The way back is not cut short by who cancelled the way there. */
async function rollBack(
  { job, deployed, onProgress, ...options }: PushOptions,
  transformation: string,
  ran: boolean,
  isChanged: boolean,
): Promise<void> {
  try {
    const { state, lastOutputEventTime } = await job.state();
    if (isUp(state)) {
      onProgress('stopping it again');
      await job.stop();
    }
    if (isChanged) {
      onProgress('putting the old query back');
      await job.putQuery(transformation, deployed.transformation?.query ?? '', undefined);
    }
    if (!ran) return;
    const from = startAfter(lastOutputEventTime, options.startTime);
    onProgress(`starting the old query ${fromText(from)}`);
    await job.start(from);
  } catch (error) {
    const { jobName } = job.address;
    const query = isChanged ? 'it may hold the new query' : 'it holds the old query';
    throw new AzureError(
      `The job ${jobName} is stopped and ${query}: the way back failed too. ${(error as Error).message} Start it from its last output: asaql job start --job ${jobName}`,
      'RollbackFailed',
      null,
      jobName,
      error,
    );
  }
}

async function untilRunning({ job, abortSignal, upWithinMs = 600_000, pollEveryMs = 5000 }: PushOptions): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pollEveryMs) {
    const { state } = await job.state(abortSignal);
    if (state === 'Running' || state === 'Idle') return;
    if (state === 'Failed' || state === 'Degraded' || state === 'Stopped')
      throw new Error(`With the new query the job ended up ${state.toLowerCase()}.`);
    if (waitedMs >= upWithinMs) throw new Error(`The job was still ${state.toLowerCase()} after ${upWithinMs / 1000} s.`);
    await wait(pollEveryMs, undefined, abortSignal === undefined ? {} : { signal: abortSignal });
  }
}

/** https://learn.microsoft.com/azure/stream-analytics/job-states */
export function isUp(state: string | undefined): boolean {
  return (
    state !== undefined && ['Running', 'Idle', 'Degraded', 'Starting', 'Processing', 'Restarting', 'Scaling'].includes(state)
  );
}

export function fromText(from: StartFrom): string {
  if (from.mode === 'CustomTime') return `from ${from.time.toISOString()}`;
  return from.mode === 'LastOutputEventTime' ? 'from its last output' : 'from now';
}
