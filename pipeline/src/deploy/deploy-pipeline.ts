/**
 * The whole system of an environment, brought up or updated: checked, predicted, confirmed, deployed, the functions published, the
 * job started. A running job takes no new query or output: it is stopped before and goes on after from where its output ended.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { WhatIfChange } from '@azure/arm-resourcesdeployments';
import { AzureError } from './azure-error.ts';
import type { ResourceProgress, Stack } from './deploy-stack.ts';
import { type DeployedJob, type StartFrom, startAfter } from './deployed-job.ts';
import { isUp } from './push-queries.ts';

export interface DeployPipelineOptions {
  readonly stack: Stack;
  readonly job: DeployedJob;
  readonly publish: (functionApp: string) => Promise<void>;
  /** Shown what would change; false: nothing is done. */
  readonly confirm: (changes: readonly WhatIfChange[]) => Promise<boolean>;
  readonly onStep: (step: string) => void;
  readonly onResource: (progress: ResourceProgress) => void;
  readonly abortSignal?: AbortSignal;
  /** A role that was granted a minute ago is not known everywhere yet: the start is tried again. */
  readonly startTries?: number;
  readonly startAgainAfterMs?: number;
}

export type DeployOutcome =
  | { readonly kind: 'declined' }
  | { readonly kind: 'deployed'; readonly outputs: Readonly<Record<string, unknown>>; readonly from: StartFrom };

/** Throws an AzureError; one that leaves the job stopped says so. */
export async function deployPipeline(options: DeployPipelineOptions): Promise<DeployOutcome> {
  const { stack, job, onStep, abortSignal } = options;
  onStep('checking the template');
  await stack.validate(abortSignal);
  onStep('looking what would change');
  if (!(await options.confirm(await stack.whatIf(abortSignal)))) return { kind: 'declined' };
  let isStopped = false;
  try {
    if (isUp(await stateOf(job, abortSignal))) {
      onStep('stopping the job for the update');
      isStopped = true;
      await job.stop(abortSignal);
    }
    onStep('deploying');
    const outputs = await stack.deploy(options.onResource, abortSignal);
    onStep('publishing the functions');
    await options.publish(String(outputs.functionApp));
    const from = await started(options);
    return { kind: 'deployed', outputs, from };
  } catch (error) {
    if (!isStopped) throw error;
    const { jobName } = job.address;
    throw new AzureError(
      `${(error as Error).message} The job ${jobName} stands still. Nothing is lost, events wait in the hub: deploy again, or asaql job start --job ${jobName}`,
      error instanceof AzureError ? error.code : '',
      error instanceof AzureError ? error.statusCode : null,
      error instanceof AzureError ? error.resource : null,
      error,
    );
  }
}

/** Null: there is no job yet. */
async function stateOf(job: DeployedJob, abortSignal?: AbortSignal): Promise<string | undefined> {
  try {
    return (await job.state(abortSignal)).state;
  } catch (error) {
    if (error instanceof AzureError && error.statusCode === 404) return undefined;
    throw error;
  }
}

async function started({
  job,
  onStep,
  abortSignal,
  startTries = 10,
  startAgainAfterMs = 60_000,
}: DeployPipelineOptions): Promise<StartFrom> {
  const { state, lastOutputEventTime } = await job.state(abortSignal);
  const from = startAfter(lastOutputEventTime);
  if (isUp(state)) return from;
  for (let attempt = 1; ; attempt++) {
    onStep(attempt === 1 ? 'starting the job' : `starting the job, try ${attempt} of ${startTries}`);
    try {
      await job.start(from, abortSignal);
      return from;
    } catch (error) {
      if (attempt >= startTries || abortSignal?.aborted) throw error;
      onStep(`it did not start (${(error as Error).message}); new roles may take some minutes`);
      await wait(startAgainAfterMs, undefined, abortSignal === undefined ? {} : { signal: abortSignal });
    }
  }
}
