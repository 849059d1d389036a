/**
 * One run of the whole pipeline: starts its parts in order, keeps them alive, ends or stops them in order. What is started
 * as a process of its own: the emulators, the Functions app, the job, the generator.
 */
import { join, resolve } from 'node:path';
import { deadLetterHubName, eventHubName } from '@asaql/runtime';
import { type Connections, describeConnection } from '../config/connections.ts';
import type { Settings } from '../config/settings.ts';
import type { FunctionsProcessMessage } from '../functions-host/functions-process.ts';
import type { GenerateProcessMessage, GenerateProcessOptions } from '../generate/generate-process.ts';
import { type Positions, readCheckpoint } from '../job/checkpoint-file.ts';
import type { JobMessage, JobMetricsMessage, JobProcessOptions } from '../job/job-messages.ts';
import { reconciliationGroup } from '../local-services/definitions.ts';
import type { EmulatorsMessage } from '../local-services/emulators-process.ts';
import { freePort } from '../local-services/free-port.ts';
import type { ServiceName } from '../local-services/start-local-services.ts';
import { hubEnds } from '../reconcile/hub-log.ts';
import type { DataFolder, Session } from './data-folder.ts';
import { functionOptions } from './function-settings.ts';
import { ManagedChild } from './managed-child.ts';
import {
  newStatus,
  type PartName,
  type PartState,
  type PipelineStatus,
  takeFunctionsMetrics,
  takeJobMetrics,
} from './pipeline-status.ts';
import { type Program, programUrl } from './program-url.ts';
import { RepeatedLines } from './repeated-lines.ts';
import type { UpOptions } from './up-arguments.ts';

/** The ports of the official emulators. */
const officialPorts: Record<ServiceName, number> = { eventHubs: 5672, cosmos: 8081, storage: 10000 };
const checkpointEveryMs = 5000;

export interface PipelineRunOptions {
  readonly root: string;
  readonly settings: Settings;
  readonly up: UpOptions;
  readonly data: DataFolder;
  readonly say: (line: string) => void;
}

export class PipelineRun {
  readonly status: PipelineStatus = newStatus();
  readonly #options: PipelineRunOptions;
  readonly #children = new Map<PartName, ManagedChild<never>>();
  #connections: Connections | null = null;
  #session: Session;
  #generatorDone: (() => void) | null = null;
  #jobEnded: ((metrics: JobMetricsMessage) => void) | null = null;
  readonly #repeated = new RepeatedLines();
  readonly #stopping = new AbortController();
  readonly #failed: Promise<never>;
  #fail: (error: Error) => void = () => undefined;

  constructor(options: PipelineRunOptions) {
    this.#options = options;
    this.#session = options.data.readSession();
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
  }

  get connections(): Connections {
    if (this.#connections === null) throw new Error('The pipeline has not been started.');
    return this.#connections;
  }

  get session(): Session {
    return this.#session;
  }

  /** Rejects when a part is given up. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  async start(): Promise<void> {
    this.#connections = await this.#connect();
    const { eventHubs } = this.#connections;
    const [hub, deadLetters] = await Promise.all([
      hubEnds(eventHubs, eventHubName, reconciliationGroup, this.#stopping.signal),
      hubEnds(eventHubs, deadLetterHubName, reconciliationGroup, this.#stopping.signal),
    ]);
    this.#beginRun(hub, deadLetters);
    await Promise.all([this.#startFunctions(), this.#startJob(hub)]);
  }

  /** Resolves when the generator has sent all there is, or something else is to be sent: what was sent until then stays counted. */
  async generate(wish: Pick<UpOptions, 'eventsPerSecond' | 'users' | 'scenarios'> = this.#options.up): Promise<void> {
    const { up, data } = this.#options;
    if (this.#children.has('generator')) await this.#nextLedger();
    const done = new Promise<void>((resolve) => {
      this.#generatorDone = resolve;
    });
    const options: GenerateProcessOptions = {
      connection: this.connections.eventHubs,
      hub: eventHubName,
      eventsPerSecond: wish.eventsPerSecond,
      users: wish.users,
      durationSeconds: up.durationSeconds,
      // A second run in the same folder tells other stories than the first.
      seed: (up.seed + (this.#session.run - 1) * 7919) >>> 0,
      scenarios: wish.scenarios,
      ledgerPath: data.ledger(this.#session.run),
    };
    const child = this.#child<GenerateProcessMessage>(
      'generator',
      () => options,
      (message) => {
        if (message.kind === 'progress' || message.kind === 'done') {
          this.status.generated = message.sent;
          this.status.acknowledged = message.acknowledged;
          this.status.generatedPerSecond = message.kind === 'done' ? 0 : message.ratePerSecond;
        }
        if (message.kind === 'done') this.#generatorDone?.();
      },
    );
    await child.start();
    this.#setPart('generator', 'running');
    await Promise.race([done, this.#failed]);
    await child.stop();
    if (this.#children.get('generator') === (child as unknown)) this.#setPart('generator', 'stopped');
  }

  /** Nothing more is sent until `generate` is called again. */
  async stopGenerating(): Promise<void> {
    await this.#children.get('generator')?.stop();
    this.#generatorDone?.();
    this.status.generatedPerSecond = 0;
  }

  /** Another generator writes a ledger of its own. */
  async #nextLedger(): Promise<void> {
    await this.stopGenerating();
    this.#session = { ...this.#session, run: this.#session.run + 1 };
    this.#options.data.writeSession(this.#session);
  }

  /** Lets every reader come to the end of the hub, as a file ends: the last windows close. Returns the job's last figures. */
  async end(): Promise<{ readonly metrics: JobMetricsMessage; readonly upTo: Positions; readonly deadLettersUpTo: Positions }> {
    const upTo = await hubEnds(this.connections.eventHubs, eventHubName, reconciliationGroup);
    const ended = new Promise<JobMetricsMessage>((resolve) => {
      this.#jobEnded = resolve;
    });
    const ask = setInterval(() => this.#children.get('job')?.send({ kind: 'end', positions: upTo }), 1000);
    const metrics = await Promise.race([Promise.all([ended, this.#functionsReach(upTo)]), this.#failed]);
    clearInterval(ask);
    const deadLettersUpTo = await hubEnds(this.connections.eventHubs, deadLetterHubName, reconciliationGroup);
    return { metrics: metrics[0], upTo, deadLettersUpTo };
  }

  /** The session is reconciled: the next run begins a new one. */
  closeSession(): void {
    this.#session = { ...this.#session, firstRun: this.#session.run + 1, hubStart: null, deadLetterStart: null };
    this.#options.data.writeSession(this.#session);
  }

  /** Stops what runs, writers before readers and the emulators last. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#children.get('generator')?.stop();
    await Promise.all([this.#children.get('job')?.stop(), this.#children.get('functions')?.stop()]);
    await this.#children.get('emulators')?.stop();
  }

  async #connect(): Promise<Connections> {
    const { settings } = this.#options;
    const azure = { eventHubs: settings.eventHubs, cosmos: settings.cosmos, storage: settings.storage };
    const names = Object.keys(officialPorts) as ServiceName[];
    const local = names.filter((name) => azure[name] === null);
    for (const name of names) {
      const connection = azure[name];
      if (connection !== null) this.#options.say(`${name}: ${describeConnection(connection)}`);
    }
    const started = local.length === 0 ? {} : await this.#startEmulators(local);
    return {
      eventHubs: azure.eventHubs ?? { connectionString: started.eventHubs as string },
      cosmos: azure.cosmos ?? cosmosFrom(started.cosmos as string),
      storage: azure.storage ?? { connectionString: started.storage as string },
    };
  }

  async #startEmulators(names: readonly ServiceName[]): Promise<Partial<Record<ServiceName, string>>> {
    const { up, data } = this.#options;
    const ports: Partial<Record<ServiceName, number>> = {};
    for (const name of names) ports[name] = await freePort(up.dashboardPort === 0 ? 0 : officialPorts[name]);
    let connectionStrings: Partial<Record<ServiceName, string>> = {};
    const options = { dataDir: data.path, ports };
    await this.#child<EmulatorsMessage>(
      'emulators',
      () => options,
      (message) => {
        if (message.kind === 'ready') connectionStrings = message.connectionStrings;
        if (message.kind === 'log') this.#tell(message.message);
      },
    ).start();
    this.#setPart('emulators', 'running');
    return connectionStrings;
  }

  #beginRun(hub: Positions, deadLetters: Positions): void {
    if (this.#hasEnded()) {
      this.#options.say('The last run was cut off between its end and its reconciliation: this one begins a new count.');
      this.closeSession();
    }
    this.#session = {
      ...this.#session,
      run: this.#session.run + 1,
      hubStart: this.#session.hubStart ?? hub,
      deadLetterStart: this.#session.deadLetterStart ?? deadLetters,
    };
    this.#options.data.writeSession(this.#session);
  }

  /** Whether the job closed its last windows in this session: what comes now belongs to new ones, and cannot be counted with them. */
  #hasEnded(): boolean {
    const { hubStart } = this.#session;
    const checkpoint = readCheckpoint(this.#checkpointPath);
    if (hubStart === null || checkpoint === null || checkpoint.state !== null) return false;
    return Object.entries(checkpoint.positions).some(([partition, last]) => last > (hubStart[partition] ?? -1));
  }

  get #checkpointPath(): string {
    return join(this.#options.data.path, 'job', 'checkpoint.bin');
  }

  async #startFunctions(): Promise<void> {
    const options = functionOptions(this.connections, this.#options.settings.eventHubs === null);
    await this.#child<FunctionsProcessMessage>(
      'functions',
      () => options,
      (message) => {
        if (message.kind === 'metrics') takeFunctionsMetrics(this.status, message);
        if (message.kind === 'log' && message.level !== 'warning') this.#tell(`functions: ${message.message}`);
      },
    ).start();
    this.#setPart('functions', 'running');
  }

  async #startJob(hub: Positions): Promise<void> {
    const { settings, root, data } = this.#options;
    const jobDir = join(data.path, 'job');
    const options: JobProcessOptions = {
      eventHubs: this.connections.eventHubs,
      cosmos: this.connections.cosmos,
      storage: this.connections.storage,
      projectDir: resolve(root, settings.projectDir),
      hub: eventHubName,
      jobDir,
      // Without a checkpoint of its own the job begins where the session did.
      startPositions: this.#session.hubStart ?? hub,
      checkpointEveryMs,
    };
    await this.#child<JobMessage>(
      'job',
      () => options,
      (message) => {
        if (message.kind === 'metrics') takeJobMetrics(this.status, message);
        if (message.kind === 'log') this.#tell(`job: ${message.message}`);
        if (message.kind === 'ended') this.#jobEnded?.(message.metrics);
      },
    ).start();
    this.#setPart('job', 'running');
  }

  /** Both Event Hubs functions have dealt with everything up to the positions. */
  async #functionsReach(upTo: Positions): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const progress = this.status.functions?.partitions ?? [];
        const reached = ['processEvents', 'archiveRaw'].every((name) =>
          Object.entries(upTo).every(
            ([partition, last]) =>
              last < 0 ||
              progress.some((one) => one.functionName === name && one.partition === partition && one.doneSequenceNumber >= last),
          ),
        );
        if (!reached) return;
        clearInterval(timer);
        resolve();
      }, 200);
    });
  }

  #child<Message extends { readonly kind: string }>(
    name: Program,
    options: () => object,
    onMessage: (message: Message) => void,
  ): ManagedChild<Message> {
    // A stop may come while the start is under way: nothing more is started after it.
    this.#stopping.signal.throwIfAborted();
    this.#setPart(name, 'starting');
    const child = new ManagedChild<Message>({
      name,
      entry: programUrl(name),
      options,
      onLog: (line) => this.#tell(line),
      onSpawn: () => {
        this.#options.data.note(this.#pids());
        this.#setPart(name, this.status.parts.get(name)?.state ?? 'starting');
      },
      onMessage: (message) => {
        if (message.kind === 'failed') {
          this.#setPart(name, 'failed');
          this.#fail(new Error(`${name}: ${String((message as { message?: unknown }).message)}`));
        }
        onMessage(message);
      },
    });
    this.#children.set(name, child as unknown as ManagedChild<never>);
    return child;
  }

  /** What a part has to say. */
  #tell(line: string): void {
    const told = this.#repeated.take(line, performance.now());
    if (told !== null) this.#options.say(told);
  }

  #pids(): Record<string, number> {
    return Object.fromEntries(
      [...this.#children].flatMap(([name, child]) => (child.pid === undefined ? [] : [[name, child.pid]])),
    );
  }

  #setPart(name: PartName, state: PartState): void {
    this.status.parts.set(name, { state, restarts: this.#children.get(name)?.restarts ?? 0, detail: null });
  }
}

function cosmosFrom(connectionString: string): Connections['cosmos'] {
  const match = /AccountEndpoint=([^;]+);AccountKey=([^;]+)/.exec(connectionString);
  if (!match) throw new Error('The Cosmos DB emulator gave no connection string.');
  return { endpoint: match[1] as string, key: match[2] as string };
}
