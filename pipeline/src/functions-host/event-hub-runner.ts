/**
 * Runs one Event Hubs trigger: gathers events into batches as host.json asks, invokes the function with them, repeats it as its
 * retry policy asks, and writes the checkpoint behind it. Partitions run side by side, batches of one partition never.
 */
import {
  type CheckpointStore,
  EventHubConsumerClient,
  earliestEventPosition,
  latestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import { DefaultAzureCredential } from '@azure/identity';
import type { Binding, InvocationRequest } from './core-types.ts';
import { eventHubRequests } from './event-hub-request.ts';
import type { FunctionsApp, RegisteredFunction } from './functions-app.ts';
import type { HostClock } from './host-clock.ts';
import { type AppSettings, type EventHubsOptions, resolveNames } from './host-settings.ts';
import { invokeWithRetry } from './trigger-retry.ts';

export interface RunnerContext {
  readonly app: FunctionsApp;
  readonly settings: AppSettings;
  readonly options: EventHubsOptions;
  readonly checkpointStore: CheckpointStore;
  readonly clock: HostClock;
  readonly report: (level: 'information' | 'warning' | 'error', message: string) => void;
}

/** How far a function has come with a partition. */
export interface PartitionProgress {
  readonly functionName: string;
  readonly partition: string;
  /** The last event whose batch was dealt with; -1 before the first. */
  readonly doneSequenceNumber: number;
  /** Events that the hub holds beyond it. */
  readonly lag: number;
}

interface PartitionState {
  pending: ReceivedEventData[];
  pendingSinceMs: number;
  doneSequenceNumber: number;
  /** Null until the hub was asked. */
  lastEnqueued: number | null;
  beginning: number;
  batchesSinceCheckpoint: number;
}

/** Receivers must come back soon after a hub was away: the SDK's own wait is half a minute. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1000, timeoutInMs: 15_000 };
const loadBalancingOptions = {
  strategy: 'greedy',
  updateIntervalInMs: 1000,
  partitionOwnershipExpirationIntervalInMs: 15_000,
} as const;
const endsEveryMs = 1000;

export class EventHubRunner {
  readonly #function: RegisteredFunction;
  readonly #binding: Binding;
  readonly #context: RunnerContext;
  readonly #client: EventHubConsumerClient;
  readonly #partitions = new Map<string, PartitionState>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #subscription: Subscription | null = null;
  #watching: Promise<void> = Promise.resolve();

  constructor(registered: RegisteredFunction, binding: Binding, context: RunnerContext) {
    this.#function = registered;
    this.#binding = binding;
    this.#context = context;
    this.#client = consumerFor(binding, context);
  }

  start(): void {
    const { options } = this.#context;
    const group = this.#function.metadata.name;
    this.#subscription = this.#client.subscribe(
      {
        // A pump that begins anew reads from the checkpoint: what was gathered before would come twice.
        processInitialize: (context) => this.#begun(context),
        processEvents: (events, context) => this.#received(events, context),
        processError: async (error, { partitionId }) => {
          this.#context.report('warning', `${group}, partition ${partitionId || '(all)'}: ${error.message}`);
        },
      },
      {
        startPosition: options.fromStart ? earliestEventPosition : latestEventPosition,
        maxBatchSize: options.maxEventBatchSize,
        maxWaitTimeInSeconds: Math.max(0.05, options.maxWaitTimeMs / 4000),
        prefetchCount: options.prefetchCount,
        skipParsingBodyAsJson: true,
      },
    );
    this.#watching = this.#watchEnds();
  }

  /** Only partitions whose end is known: a lag that was never measured is no lag of 0. */
  progress(): PartitionProgress[] {
    const known = [...this.#partitions].filter(([, { lastEnqueued }]) => lastEnqueued !== null);
    return known.map(([partition, { doneSequenceNumber, lastEnqueued, beginning }]) => ({
      functionName: this.#function.metadata.name,
      partition,
      doneSequenceNumber,
      lag: Math.max(0, (lastEnqueued ?? 0) - Math.max(doneSequenceNumber, beginning - 1)),
    }));
  }

  /** Ends after the invocations that are under way, which the app's own terminate hook may cut short. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The host is stopping.'));
    await Promise.allSettled(this.#running);
    await this.#subscription?.close();
    await this.#client.close();
    await this.#watching;
  }

  /** Asks the hub where its partitions end: a partition that is paused receives nothing that would tell. */
  async #watchEnds(): Promise<void> {
    const { clock } = this.#context;
    while (!this.#stop.signal.aborted) {
      for (const [partition, state] of this.#partitions) {
        try {
          const { lastEnqueuedSequenceNumber, beginningSequenceNumber } = await this.#client.getPartitionProperties(partition);
          state.lastEnqueued = lastEnqueuedSequenceNumber;
          state.beginning = beginningSequenceNumber;
        } catch {
          // The hub is away, which the receivers report; the lag stays as it was last known.
        }
      }
      await clock.sleep(endsEveryMs, this.#stop.signal).catch(() => undefined);
    }
  }

  async #begun({ partitionId, fullyQualifiedNamespace, eventHubName, consumerGroup }: PartitionContext): Promise<void> {
    const state = newState(this.#partitions.get(partitionId));
    this.#partitions.set(partitionId, state);
    const checkpoints = await this.#context.checkpointStore.listCheckpoints(fullyQualifiedNamespace, eventHubName, consumerGroup);
    const checkpoint = checkpoints.find((candidate) => candidate.partitionId === partitionId);
    state.doneSequenceNumber = Math.max(state.doneSequenceNumber, checkpoint?.sequenceNumber ?? -1);
  }

  /** The SDK's callback. It never throws: an exception would end the partition's pump. */
  async #received(events: readonly ReceivedEventData[], context: PartitionContext): Promise<void> {
    const { clock, options } = this.#context;
    const state = this.#partitions.get(context.partitionId) ?? newState();
    this.#partitions.set(context.partitionId, state);
    if (state.pending.length === 0) state.pendingSinceMs = clock.nowMs();
    state.pending.push(...events);
    const isDue = () =>
      state.pending.length >= options.minEventBatchSize || clock.nowMs() - state.pendingSinceMs >= options.maxWaitTimeMs;
    while (state.pending.length > 0 && isDue() && !this.#stop.signal.aborted) {
      const batch = state.pending.splice(0, options.maxEventBatchSize);
      const run = this.#runBatch(batch, state, context);
      this.#running.add(run);
      try {
        await run;
      } catch (error) {
        // At the end of the host the batch has no checkpoint and is read again by the next host. Anything else is a fault of
        // the host itself, and no reason to lose the batch.
        if (this.#stop.signal.aborted) return;
        this.#context.report('error', `${this.#function.metadata.name}, partition ${context.partitionId}: ${messageOf(error)}`);
        state.pending.unshift(...batch);
        await clock.sleep(1000, this.#stop.signal).catch(() => undefined);
      } finally {
        this.#running.delete(run);
      }
    }
  }

  async #runBatch(batch: readonly ReceivedEventData[], state: PartitionState, context: PartitionContext): Promise<void> {
    const { app, clock, report, options } = this.#context;
    const { name, retryOptions: policy } = this.#function.metadata;
    for (const request of eventHubRequests(this.#function.metadata, this.#binding, batch, context)) {
      const run = {
        clock,
        signal: this.#stop.signal,
        onFailure: ({ error, retryCount, delayMs }: { error: unknown; retryCount: number; delayMs: number | null }) => {
          const next =
            delayMs === null ? 'its retry policy has ended, the batch is passed over as Azure does' : `repeated in ${delayMs} ms`;
          report('error', `${name}, partition ${context.partitionId} failed (retry ${retryCount}): ${messageOf(error)}; ${next}`);
        },
      };
      await invokeWithRetry(policy, (retryContext) => app.invoke(name, withRetry(request, retryContext)), run);
    }
    const last = batch.at(-1);
    if (last === undefined) return;
    state.doneSequenceNumber = last.sequenceNumber;
    state.batchesSinceCheckpoint += 1;
    if (state.batchesSinceCheckpoint < options.batchCheckpointFrequency) return;
    try {
      await context.updateCheckpoint(last);
      state.batchesSinceCheckpoint = 0;
    } catch (error) {
      // The next batch's checkpoint covers this one; until then a restart delivers it again.
      report('warning', `${name}, partition ${context.partitionId}: the checkpoint could not be written: ${messageOf(error)}`);
    }
  }
}

function newState(before?: PartitionState): PartitionState {
  const { doneSequenceNumber = -1, lastEnqueued = null, beginning = 0 } = before ?? {};
  return { pending: [], pendingSinceMs: 0, doneSequenceNumber, lastEnqueued, beginning, batchesSinceCheckpoint: 0 };
}

function withRetry(request: InvocationRequest, retryContext: InvocationRequest['retryContext']): InvocationRequest {
  return retryContext === undefined ? request : { ...request, retryContext };
}

function consumerFor(binding: Binding, { settings, checkpointStore }: RunnerContext): EventHubConsumerClient {
  const connection = String(binding.connection);
  const hub = resolveNames(String(binding.eventHubName), settings);
  const group = resolveNames(String(binding.consumerGroup ?? EventHubConsumerClient.defaultConsumerGroupName), settings);
  const options = { retryOptions, loadBalancingOptions };
  const connectionString = settings[connection];
  if (connectionString) return new EventHubConsumerClient(group, connectionString, hub, checkpointStore, options);
  const namespace = settings[`${connection}__fullyQualifiedNamespace`];
  if (namespace) return new EventHubConsumerClient(group, namespace, hub, new DefaultAzureCredential(), checkpointStore, options);
  throw new Error(`App setting ${connection} or ${connection}__fullyQualifiedNamespace is missing.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
