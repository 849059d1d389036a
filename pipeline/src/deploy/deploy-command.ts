/** `asaql deploy`: the whole system of an environment into a subscription. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { DefaultAzureCredential } from '@azure/identity';
import { readOptions } from '../cli/read-options.ts';
import { onStopAsked } from '../cli/stop-asked.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { readEnvironment } from '../estimate/environment.ts';
import { cloudOf, needed } from './azure-target.ts';
import { confirm } from './confirm.ts';
import { deployPipeline } from './deploy-pipeline.ts';
import { Stack } from './deploy-stack.ts';
import { DeployedJob } from './deployed-job.ts';
import { publishFunctions } from './publish-functions.ts';
import { fromText } from './push-queries.ts';
import { whatIfText } from './what-if-text.ts';

export const deployUsage = 'asaql deploy [--environment NAME] [--subscription ID] [--operator OBJECT_ID] [--what-if] [--yes]';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const deployOptions = { environment: text, subscription: text, operator: text, 'what-if': flag, yes: flag };

/** Exit code 0: deployed, or only shown; 1: declined. */
export async function deployCommand(root: string, argv: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, deployOptions, deployUsage);
  if (positionals.length > 0) throw new UsageError(`asaql deploy takes no '${positionals[0]}'. Usage: ${deployUsage}`);
  const { azure } = loadSettings(root, process.env);
  const environment = readEnvironment(root, values.environment ?? 'dev');
  const name = environment.environment;
  const folder = join(root, 'runtime', 'dist', 'package');
  if (!values['what-if'] && !existsSync(folder)) throw new UsageError(`${folder} is not there: run npm run build first.`);
  const cloud = cloudOf(azure);
  const subscriptionId = needed(values.subscription ?? azure.subscriptionId, 'subscription', 'AZURE_SUBSCRIPTION_ID');
  const credential = new DefaultAzureCredential({ authorityHost: cloud.authorityHost });
  const shared = { credential, cloud, subscriptionId, ...(azure.pollMs === null ? {} : { pollEveryMs: azure.pollMs }) };
  const template = JSON.parse(readFileSync(join(root, 'infra', 'bicep', 'main.json'), 'utf8'));
  const job = new DeployedJob({ ...shared, resourceGroup: `rg-netflix-streaming-${name}`, jobName: `asa-netflix-${name}` });
  const cancel = new AbortController();
  onStopAsked(() => cancel.abort());
  const outcome = await deployPipeline({
    stack: new Stack({
      ...shared,
      location: environment.location,
      deploymentName: `netflix-streaming-${name}`,
      template,
      parameters: {
        settings: { value: environment },
        ...(values.operator === undefined ? {} : { operatorPrincipalId: { value: values.operator } }),
      },
    }),
    job,
    publish: (app) => publishFunctions({ app, folder, ...shared, abortSignal: cancel.signal }),
    confirm: async (changes) => {
      process.stdout.write(`${whatIfText(changes)}\n`);
      if (values['what-if']) return false;
      return (values.yes ?? false) || (await confirm(`Deploy ${name} to ${subscriptionId}?`));
    },
    onStep: (step) => process.stderr.write(`${step} …\n`),
    onResource: ({ resource, type, state }) => process.stderr.write(`  ${state.padEnd(10)} ${resource} (${type})\n`),
    abortSignal: cancel.signal,
    ...(azure.pollMs === null ? {} : { startAgainAfterMs: azure.pollMs }),
  });
  if (outcome.kind === 'declined') return values['what-if'] ? 0 : 1;
  process.stdout.write(`${nextSteps(name, job.address.jobName, fromText(outcome.from))}\n`);
  return 0;
}

function nextSteps(environment: string, jobName: string, from: string): string {
  return [
    `${environment} is deployed, and ${jobName} runs ${from}. Next:`,
    `  asaql job status --job ${jobName} --resource-group rg-netflix-streaming-${environment}`,
    '  asaql generate --eps 30      sends events by your sign-in, once .env names the services (.env.example)',
    '  asaql estimate --eps 1000    says what another rate would need',
  ].join('\n');
}
