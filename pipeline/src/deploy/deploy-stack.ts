/**
 * Brings up a template at a subscription: validated, shown as what it would change, confirmed, deployed with the state of each
 * resource. A second run goes on where the first failed, since a deployment says what is to be, not what is to be done.
 */
import {
  type DeploymentOperation,
  type DeploymentProperties,
  DeploymentsClient,
  type WhatIfChange,
} from '@azure/arm-resourcesdeployments';
import type { TokenCredential } from '@azure/identity';
import type { AzureCloud } from './azure-clouds.ts';
import { AzureError, adviceOn, azureError } from './azure-error.ts';

export interface StackOptions {
  readonly credential: TokenCredential;
  readonly cloud: AzureCloud;
  readonly subscriptionId: string;
  readonly location: string;
  /** Of the deployment, not of what it makes: the same for each run of an environment. */
  readonly deploymentName: string;
  readonly template: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, { readonly value: unknown }>>;
  readonly pollEveryMs?: number;
}

export interface ResourceProgress {
  readonly resource: string;
  readonly type: string;
  /** `Running`, `Succeeded`, `Failed`, … */
  readonly state: string;
}

export class Stack {
  readonly #options: StackOptions;
  readonly #client: DeploymentsClient;
  /** The last answer that was a refusal: the SDK's poller says no more than that an operation has failed. */
  #refused: ErrorDetail | null = null;

  constructor(options: StackOptions) {
    this.#options = options;
    const { credential, subscriptionId, cloud } = options;
    this.#client = new DeploymentsClient(credential, subscriptionId, {
      endpoint: cloud.resourceManager,
      credentials: { scopes: [cloud.scope] },
    });
  }

  /** Throws an AzureError that names every fault that the service finds before it changes anything. */
  async validate(abortSignal?: AbortSignal): Promise<void> {
    const { deploymentName } = this.#options;
    const result = await this.#asked('validate the deployment', () =>
      this.#client.deployments.validateAtSubscriptionScope(deploymentName, this.#deployment(), this.#polling(abortSignal)),
    );
    if (result.error) throw stackError(result.error, 'validate the deployment');
  }

  /** What would change; resources that stay are left out. */
  async whatIf(abortSignal?: AbortSignal): Promise<readonly WhatIfChange[]> {
    const { deploymentName, location } = this.#options;
    const properties = { ...this.#properties(), whatIfSettings: { resultFormat: 'FullResourcePayloads' as const } };
    const result = await this.#asked('predict the deployment', () =>
      this.#client.deployments.whatIfAtSubscriptionScope(deploymentName, { location, properties }, this.#polling(abortSignal)),
    );
    if (result.error) throw stackError(result.error, 'predict the deployment');
    return (result.changes ?? []).filter(({ changeType }) => changeType !== 'NoChange' && changeType !== 'Ignore');
  }

  /** Resolves with the template's outputs. Throws an AzureError that names the resource, why it failed and what to do. */
  async deploy(
    onProgress: (progress: ResourceProgress) => void,
    abortSignal?: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { deploymentName } = this.#options;
    const poller = this.#client.deployments.createOrUpdateAtSubscriptionScope(
      deploymentName,
      this.#deployment(),
      this.#polling(abortSignal),
    );
    const told = new Map<string, string>();
    try {
      await poller.submitted();
      while (!poller.isDone) {
        await poller.poll({ ...(abortSignal === undefined ? {} : { abortSignal }) });
        await this.#tell(told, onProgress, abortSignal);
        if (!poller.isDone) await this.#pause(abortSignal);
      }
      const { properties } = await poller;
      return outputsOf(properties?.outputs);
    } catch (error) {
      if (abortSignal?.aborted) throw error;
      throw (
        (await this.#failure()) ?? (this.#refused === null ? azureError(error, 'deploy') : stackError(this.#refused, 'deploy'))
      );
    }
  }

  /** Ends a deployment that is under way; what it has made stays. */
  async cancel(): Promise<void> {
    await this.#asked('cancel the deployment', () =>
      this.#client.deployments.cancelAtSubscriptionScope(this.#options.deploymentName),
    );
  }

  async #tell(
    told: Map<string, string>,
    onProgress: (progress: ResourceProgress) => void,
    abortSignal?: AbortSignal,
  ): Promise<void> {
    for await (const { properties } of this.#operations(abortSignal)) {
      const resource = properties?.targetResource;
      const state = properties?.provisioningState ?? 'Running';
      if (resource?.id === undefined || told.get(resource.id) === state) continue;
      told.set(resource.id, state);
      onProgress({ resource: resource.resourceName ?? resource.id, type: resource.resourceType ?? '', state });
    }
  }

  /** The first resource that failed: the deployment itself says no more than that one did. */
  async #failure(): Promise<AzureError | null> {
    for await (const { properties } of this.#operations()) {
      const error = properties?.provisioningState === 'Failed' ? properties.statusMessage?.error : undefined;
      if (error === undefined) continue;
      const { resourceName = 'a resource', resourceType = '' } = properties?.targetResource ?? {};
      return stackError(
        error,
        `make ${resourceName}${resourceType === '' ? '' : ` (${resourceType})`}`,
        resourceName,
        Number(statusOf(properties?.statusCode)),
      );
    }
    return null;
  }

  #operations(abortSignal?: AbortSignal): AsyncIterable<DeploymentOperation> {
    const options = abortSignal === undefined ? {} : { abortSignal };
    return this.#client.deploymentOperations.listAtSubscriptionScope(this.#options.deploymentName, options);
  }

  #deployment() {
    return { location: this.#options.location, properties: this.#properties() };
  }

  #properties(): DeploymentProperties {
    const { template, parameters } = this.#options;
    return { mode: 'Incremental', template: { ...template }, parameters: { ...parameters } };
  }

  #polling(abortSignal: AbortSignal | undefined) {
    const { pollEveryMs = 5000 } = this.#options;
    const onResponse = ({ status, bodyAsText }: { status: number; bodyAsText?: string | null }) => {
      if (status >= 400) this.#refused = errorIn(bodyAsText ?? '');
    };
    this.#refused = null;
    return { updateIntervalInMs: pollEveryMs, onResponse, ...(abortSignal === undefined ? {} : { abortSignal }) };
  }

  #pause(abortSignal: AbortSignal | undefined): Promise<void> {
    const { pollEveryMs = 5000 } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, pollEveryMs);
      abortSignal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(abortSignal.reason);
        },
        { once: true },
      );
    });
  }

  async #asked<Answer>(what: string, ask: () => PromiseLike<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (this.#refused !== null && (error as { code?: string }).code === undefined) throw stackError(this.#refused, what);
      throw azureError(error, what);
    }
  }
}

function errorIn(body: string): ErrorDetail | null {
  try {
    return (JSON.parse(body) as { error?: ErrorDetail }).error ?? null;
  } catch {
    return null;
  }
}

interface ErrorDetail {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ErrorDetail[];
}

/** The innermost message is the one that a person can act on. */
function stackError(
  error: ErrorDetail,
  doing: string,
  resource: string | null = null,
  statusCode: number | null = null,
): AzureError {
  const all = innermost(error);
  const [first = error] = all;
  const told = all.map(({ code, message }) => `${(message ?? '').trim()} (${code})`).join('; ');
  const advice = adviceOn(first.code ?? '', statusCode, '');
  const again = resource === null ? '' : ' What was made stays: deploy again to go on.';
  return new AzureError(
    `Azure could not ${doing}: ${told}${advice === null ? '' : ` ${advice}`}${again}`,
    first.code ?? '',
    statusCode,
    resource,
  );
}

function innermost(error: ErrorDetail): readonly ErrorDetail[] {
  const { details = [] } = error;
  return details.length === 0 ? [error] : details.flatMap(innermost);
}

function statusOf(name: string | undefined): number | null {
  const known: Readonly<Record<string, number>> = {
    Conflict: 409,
    Forbidden: 403,
    BadRequest: 400,
    NotFound: 404,
    Unauthorized: 401,
  };
  return name === undefined ? null : (known[name] ?? null);
}

/** `{ name: { type, value } }` as `{ name: value }`. */
function outputsOf(outputs: unknown): Readonly<Record<string, unknown>> {
  const entries = Object.entries((outputs ?? {}) as Record<string, { readonly value?: unknown }>);
  return Object.fromEntries(entries.map(([name, output]) => [name, output.value]));
}
