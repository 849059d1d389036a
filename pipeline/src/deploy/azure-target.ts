/** Which job in which cloud a command means: from its options, else the settings. */
import { DefaultAzureCredential } from '@azure/identity';
import { UsageError } from '../cli/usage-error.ts';
import type { AzureSettings } from '../config/settings.ts';
import { type AzureCloud, azureClouds } from './azure-clouds.ts';
import { DeployedJob, type JobAddress } from './deployed-job.ts';

export interface TargetOptions {
  readonly subscription?: string | undefined;
  readonly 'resource-group'?: string | undefined;
  readonly job?: string | undefined;
}

/** The options that name a job, for `parseArgs`. */
export const targetOptions = {
  subscription: { type: 'string' },
  'resource-group': { type: 'string' },
  job: { type: 'string' },
} as const;

export const targetUsage = '[--job NAME] [--resource-group NAME] [--subscription ID]';

/** Throws a UsageError that names what is missing and where it may stand. */
export function targetJob(options: TargetOptions, azure: AzureSettings): DeployedJob {
  const cloud = cloudOf(azure);
  return new DeployedJob({
    ...addressOf(options, azure),
    cloud,
    credential: new DefaultAzureCredential({ authorityHost: cloud.authorityHost }),
    ...(azure.pollMs === null ? {} : { pollEveryMs: azure.pollMs }),
  });
}

function addressOf(options: TargetOptions, azure: AzureSettings): JobAddress {
  return {
    subscriptionId: needed(options.subscription ?? azure.subscriptionId, 'subscription', 'AZURE_SUBSCRIPTION_ID'),
    resourceGroup: needed(options['resource-group'] ?? azure.resourceGroup, 'resource-group', 'AZURE_RESOURCE_GROUP'),
    jobName: needed(options.job ?? azure.jobName, 'job', 'AZURE_STREAM_ANALYTICS_JOB'),
  };
}

export function needed(value: string | null, option: string, variable: string): string {
  if (value !== null) return value;
  throw new UsageError(`Which ${option.replace('-', ' ')}? Give --${option}, or set ${variable} in .env.`);
}

export function cloudOf({ cloud: name, resourceManager, publishUrl }: AzureSettings): AzureCloud {
  const cloud = azureClouds.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (cloud === undefined)
    throw new UsageError(
      `There is no Azure cloud '${name}': AZURE_CLOUD is one of ${azureClouds.map((one) => one.name).join(', ')}.`,
    );
  return {
    ...cloud,
    ...(resourceManager === null ? {} : { resourceManager }),
    ...(publishUrl === null ? {} : { publishUrl }),
  };
}
