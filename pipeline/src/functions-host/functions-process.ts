/**
 * The Functions host as a process of its own, for the local run: options in the environment, figures once a second
 * and log lines to the parent by messages; ends cleanly when asked, when the parent is gone, or by a signal.
 *
 * To the parent: { kind: 'ready', url, functionKey, functions } · { kind: 'metrics', … } · { kind: 'log', … } (warnings and
 * errors) · { kind: 'timer-done', name, succeeded } · { kind: 'stopped' }
 * From the parent: { kind: 'stop' } · { kind: 'run-timer', name }
 */
import process from 'node:process';
import { childOptions } from '../up/child-channel.ts';
import { addBatchLine, type BatchTotals, noTotals } from './batch-totals.ts';
import { hostCheckpointStore } from './checkpoint-store.ts';
import type { PartitionProgress } from './event-hub-runner.ts';
import type { LogEntry } from './functions-app.ts';
import { applySettings } from './host-settings.ts';
import { type FunctionsHost, startFunctionsHost } from './start-functions-host.ts';

export interface FunctionsProcessOptions {
  readonly appEntry: string;
  readonly hostJson?: string;
  /** App settings; `AzureWebJobsStorage…` names the storage account of the checkpoints. */
  readonly settings: Readonly<Record<string, string>>;
  /** `sole` where no other host shares the consumer groups, as with emulators. */
  readonly ownership?: 'sole' | 'shared';
  readonly httpPort?: number;
  readonly functionKey?: string;
  readonly functions?: readonly string[];
}

export type FunctionsProcessMessage =
  | { readonly kind: 'ready'; readonly url: string; readonly functionKey: string; readonly functions: readonly string[] }
  | ({ readonly kind: 'metrics'; readonly partitions: readonly PartitionProgress[]; readonly lag: number } & BatchTotals)
  | ({ readonly kind: 'log' } & LogEntry)
  | { readonly kind: 'timer-done'; readonly name: string; readonly succeeded: boolean }
  | { readonly kind: 'stopped' };

/** How long the end may take before the process goes anyway: whatever has no checkpoint is read again. */
const stopMaxMs = 10_000;

function tell(message: FunctionsProcessMessage): void {
  // A parent that is gone is noticed by the event 'disconnect'.
  if (process.connected) process.send?.(message, () => undefined);
}

async function main(options: FunctionsProcessOptions): Promise<void> {
  let totals = noTotals;
  const onLog = (entry: LogEntry): void => {
    totals = addBatchLine(totals, entry);
    if (entry.level === 'warning' || entry.level === 'error' || entry.level === 'critical') tell({ kind: 'log', ...entry });
  };
  applySettings(options.settings);
  const checkpointStore = await hostCheckpointStore(options.settings, options.ownership ?? 'sole');
  const { ownership: _ownership, ...hostOptions } = options;
  const host = await startFunctionsHost({ ...hostOptions, checkpointStore, onLog });
  const tellMetrics = () => {
    const partitions = host.progress();
    tell({ kind: 'metrics', ...totals, partitions, lag: partitions.reduce((sum, { lag }) => sum + lag, 0) });
  };
  const metrics = setInterval(tellMetrics, 1000);
  listen(host, () => {
    clearInterval(metrics);
    tellMetrics();
  });
  tell({ kind: 'ready', url: host.url, functionKey: host.functionKey, functions: host.functionNames });
}

function listen(host: FunctionsHost, beforeExit: () => void): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMaxMs).unref();
    await host.stop();
    beforeExit();
    tell({ kind: 'stopped' });
    // The channel must be empty before the process goes.
    if (process.connected) process.disconnect();
    process.exit(0);
  };
  process.on('message', (message: { kind?: string; name?: string }) => {
    if (message.kind === 'stop') void stop();
    const { name } = message;
    if (message.kind === 'run-timer' && name !== undefined) {
      host.runTimer(name).then(
        (succeeded) => tell({ kind: 'timer-done', name, succeeded }),
        () => tell({ kind: 'timer-done', name, succeeded: false }),
      );
    }
  });
  process.on('disconnect', () => void stop());
  // Ctrl-C reaches the whole group; the parent decides when this process ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void stop());
}

if (import.meta.main) {
  try {
    await main(
      process.argv[2] === undefined
        ? childOptions<FunctionsProcessOptions>()
        : (JSON.parse(process.argv[2]) as FunctionsProcessOptions),
    );
  } catch (error) {
    console.error(`functions: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
