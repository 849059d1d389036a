/** A Stream Analytics job in Azure: read, stopped, changed, started. The one place that knows the SDK's client of jobs. */
import { StreamAnalyticsManagementClient, type StreamingJob } from '@azure/arm-streamanalytics';
import type { TokenCredential } from '@azure/identity';
import type { AzureCloud } from './azure-clouds.ts';
import { azureError } from './azure-error.ts';

export interface JobAddress {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly jobName: string;
}

export interface DeployedJobOptions extends JobAddress {
  readonly credential: TokenCredential;
  readonly cloud: AzureCloud;
  /** How often a long-running operation and the job's state are asked for. */
  readonly pollEveryMs?: number;
}

/** From when a started job puts out rows: https://learn.microsoft.com/azure/stream-analytics/start-job */
export type StartFrom =
  | { readonly mode: 'LastOutputEventTime' | 'JobStartTime' }
  | { readonly mode: 'CustomTime'; readonly time: Date };

/** Behind its last output, so that nothing is missed; a job that never put out a row has no such place: at `startTime`, or now. */
export function startAfter(lastOutput: Date | null, startTime: Date | null = null): StartFrom {
  if (lastOutput !== null) return { mode: 'LastOutputEventTime' };
  return startTime === null ? { mode: 'JobStartTime' } : { mode: 'CustomTime', time: startTime };
}

export interface JobState {
  readonly state: string;
  readonly lastOutputEventTime: Date | null;
}

const expand = 'inputs,transformation,outputs,functions';

export class DeployedJob {
  readonly address: JobAddress;
  readonly #client: StreamAnalyticsManagementClient;
  readonly #pollEveryMs: number;

  constructor({ credential, cloud, pollEveryMs = 5000, ...address }: DeployedJobOptions) {
    this.address = address;
    this.#pollEveryMs = pollEveryMs;
    this.#client = new StreamAnalyticsManagementClient(credential, address.subscriptionId, {
      endpoint: cloud.resourceManager,
      credentialScopes: cloud.scope,
    });
  }

  /** The job with its inputs, outputs, functions and query, and as the resource that it is. Throws an AzureError. */
  async read(abortSignal?: AbortSignal): Promise<{ readonly job: StreamingJob; readonly resource: unknown }> {
    const { resourceGroup, jobName } = this.address;
    let body = '{}';
    const onResponse = (response: { bodyAsText?: string | null }) => {
      body = response.bodyAsText ?? body;
    };
    const job = await this.#asked('read', () =>
      this.#client.streamingJobs.get(resourceGroup, jobName, { expand, onResponse, ...signal(abortSignal) }),
    );
    return { job, resource: JSON.parse(body) };
  }

  async state(abortSignal?: AbortSignal): Promise<JobState> {
    const { resourceGroup, jobName } = this.address;
    const job = await this.#asked('read', () => this.#client.streamingJobs.get(resourceGroup, jobName, signal(abortSignal)));
    return { state: job.jobState ?? 'Unknown', lastOutputEventTime: job.lastOutputEventTime ?? null };
  }

  async stop(abortSignal?: AbortSignal): Promise<void> {
    const { resourceGroup, jobName } = this.address;
    const options = { updateIntervalInMs: this.#pollEveryMs, ...signal(abortSignal) };
    await this.#asked('stop', () => this.#client.streamingJobs.beginStopAndWait(resourceGroup, jobName, options));
  }

  async start(from: StartFrom, abortSignal?: AbortSignal): Promise<void> {
    const { resourceGroup, jobName } = this.address;
    const startJobParameters = {
      outputStartMode: from.mode,
      ...(from.mode === 'CustomTime' ? { outputStartTime: from.time } : {}),
    };
    const options = { startJobParameters, updateIntervalInMs: this.#pollEveryMs, ...signal(abortSignal) };
    await this.#asked('start', () => this.#client.streamingJobs.beginStartAndWait(resourceGroup, jobName, options));
  }

  async scale(streamingUnits: number, abortSignal?: AbortSignal): Promise<void> {
    const { resourceGroup, jobName } = this.address;
    const options = { scaleJobParameters: { streamingUnits }, updateIntervalInMs: this.#pollEveryMs, ...signal(abortSignal) };
    await this.#asked('scale', () => this.#client.streamingJobs.beginScaleAndWait(resourceGroup, jobName, options));
  }

  /** Puts a query into the stopped job; `etag` is that of the transformation that it replaces. Returns the new one's. */
  async putQuery(
    transformation: string,
    query: string,
    etag: string | undefined,
    abortSignal?: AbortSignal,
  ): Promise<string | undefined> {
    const { resourceGroup, jobName } = this.address;
    const options = { ...(etag === undefined ? {} : { ifMatch: etag }), ...signal(abortSignal) };
    const written = await this.#asked('change the query of', () =>
      this.#client.transformations.update(resourceGroup, jobName, transformation, { query }, options),
    );
    return written.etag;
  }

  async #asked<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      throw azureError(error, `${what} the job ${this.address.jobName}`);
    }
  }
}

const signal = (abortSignal: AbortSignal | undefined) => (abortSignal === undefined ? {} : { abortSignal });
