/** `asaql lsp`: the language server, which sees the projects on disk. */
import { once } from 'node:events';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startLanguageServer } from '@asaql/language-server';
import { UsageError } from '../cli/usage-error.ts';
import { projectOf } from './document-project.ts';

export const lspUsage = 'asaql lsp --stdio | --node-ipc';

/** Serves until the client is gone; the server ends the process with the code that the protocol asks for. */
export async function lspCommand(argv: readonly string[]): Promise<number> {
  startLanguageServer(transportFrom(argv), { projectOf });
  await once(process, 'exit');
  return 0;
}

/** Editors add `--clientProcessId`, whose end the server watches for. */
function transportFrom(argv: readonly string[]): 'stdio' | 'node-ipc' {
  const { stdio, 'node-ipc': ipc } = readArguments(argv);
  if (stdio === ipc) throw new UsageError(`asaql lsp takes one way to speak. Usage: ${lspUsage}`);
  if (ipc && process.send === undefined)
    throw new UsageError('asaql lsp --node-ipc is started by a Node program with a channel: use --stdio.');
  return stdio ? 'stdio' : 'node-ipc';
}

function readArguments(argv: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...argv], options: { stdio: flag, 'node-ipc': flag, clientProcessId: { type: 'string' } } }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${lspUsage}`);
  }
}
