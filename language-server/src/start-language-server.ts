/** The server as a process of its own: over standard input and output, or over the channel to the Node that started it. */
import process from 'node:process';
import { createConnection, IPCMessageReader, IPCMessageWriter, ProposedFeatures } from 'vscode-languageserver/node';
import type { LanguageServerHost } from './host.ts';
import { serve } from './serve.ts';

/**
 * Serves until the client says `exit`, or is gone: the process then ends, with 0 after a `shutdown` and with 1 without.
 * With `stdio` nothing else may write to standard output.
 */
export function startLanguageServer(transport: 'stdio' | 'node-ipc', host: LanguageServerHost): void {
  serve(
    transport === 'stdio'
      ? createConnection(ProposedFeatures.all, process.stdin, process.stdout)
      : createConnection(ProposedFeatures.all, new IPCMessageReader(process), new IPCMessageWriter(process)),
    host,
  );
}
