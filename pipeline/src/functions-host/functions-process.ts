/**
 * The Functions host as a process of its own, for the local run: options in the environment, figures once a second
 * and log lines to the parent by messages; ends cleanly when asked or when the parent is gone.
 *
 * To the parent: { kind: 'ready', url, functionKey, functions } · { kind: 'metrics', … } · { kind: 'log', … } (warnings and
 * errors) · { kind: 'timer-done', name, succeeded } · { kind: 'stopped' }
 * From the parent: { kind: 'stop' } · { kind: 'run-timer', name }
 */
import process from 'node:process';
import { childOptions, onParentMessage, onStop, tellParent } from '../up/child-channel.ts';
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

const tell = (message: FunctionsProcessMessage) => tellParent(message);

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
  onStop(async () => {
    await host.stop();
    beforeExit();
  });
  onParentMessage<{ readonly kind: 'run-timer'; readonly name: string }>(({ name }) => {
    host.runTimer(name).then(
      (succeeded) => tell({ kind: 'timer-done', name, succeeded }),
      () => tell({ kind: 'timer-done', name, succeeded: false }),
    );
  });
}

if (import.meta.main) {
  try {
    await main(childOptions<FunctionsProcessOptions>());
  } catch (error) {
    console.error(`functions: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
