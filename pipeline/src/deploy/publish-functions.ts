/**
 * Sends the built Functions app to its host, a Flex Consumption plan, and waits until it is taken:
 * https://learn.microsoft.com/azure/azure-functions/functions-deployment-technologies#one-deploy
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { zipSync } from 'fflate';
import type { AzureCloud } from './azure-clouds.ts';
import { AzureError } from './azure-error.ts';

export interface PublishOptions {
  readonly app: string;
  /** The package as `npm run build` makes it. */
  readonly folder: string;
  readonly credential: TokenCredential;
  readonly cloud: AzureCloud;
  readonly pollEveryMs?: number;
  readonly takenWithinMs?: number;
  readonly abortSignal?: AbortSignal;
}

/** Of a deployment: https://github.com/projectkudu/kudu/wiki/REST-API */
const [failed, succeeded] = [3, 4];

/** Throws an AzureError that says what the host says. */
export async function publishFunctions(options: PublishOptions): Promise<void> {
  const { app, cloud, pollEveryMs = 2000, takenWithinMs = 300_000 } = options;
  const base = cloud.publishUrl.replace('{app}', app);
  const body = zipped(options.folder);
  const answer = await ask(options, 'POST', `${base}/api/publish?RemoteBuild=false&Deployer=asaql`, body);
  const id = JSON.parse(await answer.text()) as string;
  for (let waitedMs = 0; waitedMs <= takenWithinMs; waitedMs += pollEveryMs) {
    const state = (await (await ask(options, 'GET', `${base}/api/deployments/${id}`)).json()) as {
      status: number;
      status_text?: string;
    };
    if (state.status === succeeded) return;
    if (state.status === failed)
      throw new AzureError(
        `The Functions app ${app} refused its package: ${state.status_text ?? 'no reason given'}`,
        'PublishFailed',
        null,
        app,
      );
    await wait(pollEveryMs, undefined, options.abortSignal === undefined ? {} : { signal: options.abortSignal });
  }
  throw new AzureError(
    `The Functions app ${app} had not taken its package after ${takenWithinMs / 1000} s. Deploy again to try once more.`,
    'PublishTimeout',
    null,
    app,
  );
}

/** The same package gives the same bytes. */
export function zipped(folder: string): Uint8Array {
  const files: Record<string, [Uint8Array, { mtime: string }]> = {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  for (const path of paths) files[relative(folder, path).split(sep).join('/')] = [readFileSync(path), { mtime: '2020-01-01' }];
  return zipSync(files, { level: 6 });
}

async function ask(
  { app, credential, cloud, abortSignal }: PublishOptions,
  method: string,
  url: string,
  body?: Uint8Array,
): Promise<Response> {
  const token = await credential.getToken(cloud.scope, abortSignal === undefined ? {} : { abortSignal });
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token?.token ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/zip' }),
    },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    ...(abortSignal === undefined ? {} : { signal: abortSignal }),
  });
  if (response.ok) return response;
  const advice = response.status === 401 || response.status === 403 ? ' Ask for the role Website Contributor on it.' : '';
  throw new AzureError(
    `The Functions app ${app} answered ${response.status} to its package: ${(await response.text()).slice(0, 300)}${advice}`,
    'PublishFailed',
    response.status,
    app,
  );
}
