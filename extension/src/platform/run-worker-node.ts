/** The worker that runs queries, as a thread. Knows no feature. */
import { Worker } from 'node:worker_threads';
import { type ExtensionContext, Uri } from 'vscode';
import type { WorkerAnswer } from '../query-run/messages.ts';
import type { StartRunWorker } from '../query-run/query-runner.ts';

export function nodeRunWorker(context: ExtensionContext): StartRunWorker {
  const program = Uri.joinPath(context.extensionUri, 'dist', 'run-worker.cjs').fsPath;
  return ({ answer, ended }) => {
    const worker = new Worker(program);
    worker.on('message', (message: WorkerAnswer) => answer(message));
    worker.on('error', (error) => ended(`The preview's worker failed: ${error.message}`));
    worker.on('exit', (code) => ended(`The preview's worker ended with ${code}.`));
    return { post: (request) => worker.postMessage(request), terminate: () => void worker.terminate() };
  };
}
