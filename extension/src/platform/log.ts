/** The one log of the extension, and the way to see it. Knows no feature. */
import { type ExtensionContext, type LogOutputChannel, window } from 'vscode';
import { registerCommand } from './commands.ts';

export type Log = LogOutputChannel;

export function createLog(context: ExtensionContext): Log {
  const log = window.createOutputChannel('Asaql', { log: true });
  context.subscriptions.push(log);
  registerCommand(context, log, 'asaql.showLog', async () => log.show());
  return log;
}
