/** The generator's process under `asaql up`: takes its options from the parent, tells it how far it is, stops in good order. */
import process from 'node:process';
import { type ScenarioName, scenarioNames } from '@asaql/generator';
import type { EventHubsConnection } from '../config/connections.ts';
import { childOptions, onStop, tellParent } from '../up/child-channel.ts';
import { generateCommand } from './generate-command.ts';
import type { GenerateSummary } from './generate-options.ts';
import type { PaceProgress } from './paced-sender.ts';
import { ledgerStartTimeMs } from './read-ledger.ts';

export interface GenerateProcessOptions {
  readonly connection: EventHubsConnection;
  readonly hub: string;
  readonly eventsPerSecond: number;
  readonly users: number;
  /** Null: until stopped. Counted from the beginning of the ledger: a process that was killed goes on for the rest of it. */
  readonly durationSeconds: number | null;
  readonly seed: number;
  readonly scenarios: readonly string[];
  readonly stateless?: boolean;
  /** The file that notes what the hub acknowledged; made or appended to. */
  readonly ledgerPath?: string;
}

export type GenerateProcessMessage =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'progress' } & PaceProgress)
  | { readonly kind: 'log'; readonly message: string }
  | ({ readonly kind: 'done' } & GenerateSummary)
  | { readonly kind: 'failed'; readonly message: string };

const say = (message: GenerateProcessMessage) => tellParent(message);

async function run(options: GenerateProcessOptions, signal: AbortSignal): Promise<void> {
  const { connection, hub, ledgerPath } = options;
  const summary = await generateCommand({
    ...options,
    durationSeconds: await remainingSeconds(options),
    scenarios: options.scenarios.map(scenarioOf),
    stateless: options.stateless ?? false,
    startTimeMs: null,
    target: { kind: 'hub', connection, hub, ...(ledgerPath === undefined ? {} : { ledgerPath }) },
    logLevel: 'info',
    signal,
    onLog: (message) => say({ kind: 'log', message }),
    onProgress: (progress) => say({ kind: 'progress', ...progress }),
  });
  say({ kind: 'done', ...summary });
}

async function remainingSeconds({ durationSeconds, ledgerPath }: GenerateProcessOptions): Promise<number | null> {
  if (durationSeconds === null || ledgerPath === undefined) return durationSeconds;
  const beganMs = await ledgerStartTimeMs(ledgerPath);
  return beganMs === undefined ? durationSeconds : Math.max(0, durationSeconds - (Date.now() - beganMs) / 1000);
}

function scenarioOf(text: string): ScenarioName {
  const name = scenarioNames.find((each) => each === text);
  if (name === undefined) throw new RangeError(`scenario "${text}" is unknown: one of ${scenarioNames.join(', ')}.`);
  return name;
}

const stop = new AbortController();
const running = run(childOptions<GenerateProcessOptions>(), stop.signal);
onStop(async () => {
  stop.abort();
  await running;
});
running.catch((error: Error) => {
  say({ kind: 'failed', message: error.message });
  console.error(error.message);
  process.exit(1);
});
say({ kind: 'ready' });
