/**
 * Commands: the one border where what goes wrong in a command is told, once, and where progress is shown. Knows no feature.
 */
import { type CancellationToken, commands, type ExtensionContext, ProgressLocation, window } from 'vscode';
import type { Log } from './log.ts';

/** Registers a command that ends with the window. What it throws is logged, and told with a way to the log. */
export function registerCommand<Args extends unknown[], Result>(
  context: ExtensionContext,
  log: Log,
  id: string,
  run: (...args: Args) => Promise<Result>,
): void {
  context.subscriptions.push(
    commands.registerCommand(id, async (...args: Args) => {
      try {
        return await run(...args);
      } catch (error) {
        if (error instanceof StoppedByPerson) return undefined;
        const message = error instanceof Error ? error.message : String(error);
        log.error(`${id}: ${error instanceof Error ? (error.stack ?? message) : message}`);
        void window.showErrorMessage(message, 'Show Log').then((chosen) => {
          if (chosen !== undefined) log.show();
        });
        return undefined;
      }
    }),
  );
}

/** A person took a command back: nothing is to be told. */
export class StoppedByPerson extends Error {
  override readonly name = 'StoppedByPerson';
}

/**
 * Work that takes longer than a moment, with progress beside what it concerns (`window` is the status bar) and a way to stop
 * it. The signal is aborted when the person cancels; the promise then rejects with StoppedByPerson.
 */
export function withProgress<Result>(
  title: string,
  work: (say: (message: string) => void, signal: AbortSignal) => Promise<Result>,
  location: ProgressLocation | { readonly viewId: string } = ProgressLocation.Notification,
): Promise<Result> {
  const options = { location, title, cancellable: location === ProgressLocation.Notification };
  return new Promise((resolve, reject) => {
    void window.withProgress(options, async (progress, token) => {
      const stop = abortedBy(token);
      try {
        const cancelled = new Promise<never>((_, refuse) => {
          stop.addEventListener('abort', () => refuse(new StoppedByPerson('Taken back.')), { once: true });
        });
        resolve(await Promise.race([work((message) => progress.report({ message }), stop), cancelled]));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function abortedBy(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
