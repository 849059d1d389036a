/**
 * The Functions host of the local run: loads the very package that is deployed and runs its triggers in this process. The app
 * sees its settings in the environment, as it does in Azure; so there is one host with one set of settings per process.
 */
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { CheckpointStore } from '@azure/event-hubs';
import { EventHubRunner, type PartitionProgress, type RunnerContext } from './event-hub-runner.ts';
import { type FunctionsApp, type LogEntry, loadFunctionsApp } from './functions-app.ts';
import { type HostClock, systemClock } from './host-clock.ts';
import { type AppSettings, applySettings, readHostJson } from './host-settings.ts';
import { HttpRunner } from './http-runner.ts';
import { TimerRunner } from './timer-runner.ts';

export interface FunctionsHostOptions {
  /** The module that registers the functions: source or bundle. */
  readonly appEntry: string;
  /** Else `host.json` beside the entry's folder. */
  readonly hostJson?: string;
  /** App settings by name, as `local.settings.json` holds them under `Values`. */
  readonly settings: AppSettings;
  readonly checkpointStore: CheckpointStore;
  readonly onLog: (entry: LogEntry) => void;
  readonly clock?: HostClock;
  /** 0, the default, takes a free one. */
  readonly httpPort?: number;
  /** Else a random one, which the host tells. */
  readonly functionKey?: string;
  /** Only these functions are run; else all. */
  readonly functions?: readonly string[];
}

export interface FunctionsHost {
  readonly functionNames: readonly string[];
  /** Where HTTP triggers answer, `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly functionKey: string;
  /** How far each Event Hubs trigger has come, by partition. */
  progress(): PartitionProgress[];
  /** Runs a timer function now; true where it succeeded. Throws where there is none of this name. */
  runTimer(name: string): Promise<boolean>;
  /** Stops reading, lets the app end its invocations, closes everything. */
  stop(): Promise<void>;
}

/** Throws one line where the app, its host.json, a schedule or a setting is wrong. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  applySettings(options.settings);
  const app = await loadFunctionsApp(options.appEntry);
  app.onLog = options.onLog;
  const report: RunnerContext['report'] = (level, message) => options.onLog({ level, category: 'host', message });
  const context: RunnerContext = {
    app,
    settings: options.settings,
    options: readHostJson(options.hostJson ?? join(dirname(dirname(options.appEntry)), 'host.json')),
    checkpointStore: options.checkpointStore,
    clock: options.clock ?? systemClock,
    report,
  };
  const functionKey = options.functionKey ?? randomBytes(24).toString('base64url');
  const timers = new Map<string, TimerRunner>();
  const http = new HttpRunner({
    app,
    functionKey,
    port: options.httpPort ?? 0,
    runTimer: (name) => timers.get(name)?.runNow() ?? null,
    onFailure: (name, error) => report('error', `${name} failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  const { hubs, functionNames } = wire(app, options.functions, context, timers, http);
  await app.runHooks('appStart');
  const url = await http.start();
  for (const runner of [...hubs, ...timers.values()]) runner.start();
  return {
    functionNames,
    url,
    functionKey,
    progress: () => hubs.flatMap((hub) => hub.progress()),
    runTimer: (name) => {
      const timer = timers.get(name);
      if (timer === undefined) throw new Error(`There is no timer function ${name}.`);
      return timer.runNow();
    },
    stop: async () => {
      await http.stop();
      const stopped = Promise.allSettled([...hubs, ...timers.values()].map((runner) => runner.stop()));
      // Wakes what waits inside the app, so that invocations end.
      await app.runHooks('appTerminate');
      await stopped;
    },
  };
}

/** One runner per trigger; nothing is started yet. */
function wire(
  app: FunctionsApp,
  only: readonly string[] | undefined,
  context: RunnerContext,
  timers: Map<string, TimerRunner>,
  http: HttpRunner,
) {
  const hubs: EventHubRunner[] = [];
  const functionNames: string[] = [];
  for (const registered of app.functions.values()) {
    const { name, bindings } = registered.metadata;
    if (only !== undefined && !only.includes(name)) continue;
    const [bindingName, binding] = Object.entries(bindings).find(([, candidate]) => /trigger$/i.test(candidate.type)) ?? [];
    if (bindingName === undefined || binding === undefined) throw new Error(`Function ${name} has no trigger.`);
    functionNames.push(name);
    if (binding.type === 'eventHubTrigger') hubs.push(new EventHubRunner(registered, binding, context));
    else if (binding.type === 'timerTrigger') timers.set(name, new TimerRunner(registered, bindingName, binding, context));
    else if (binding.type === 'httpTrigger') http.add(registered, bindingName, binding);
    else
      throw new Error(
        `Function ${name} has a trigger of type ${binding.type}, which this host does not run (eventHub, timer, http).`,
      );
  }
  return { hubs, functionNames };
}
