/** The worker that runs queries, in a browser. Knows no feature. */
import { type ExtensionContext, Uri } from 'vscode';
import type { WorkerAnswer } from '../query-run/messages.ts';
import type { StartRunWorker } from '../query-run/query-runner.ts';

export function browserRunWorker(context: ExtensionContext): StartRunWorker {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'browser', 'run-worker.js').toString(true);
  return ({ answer, ended }) => {
    const worker = new Worker(script);
    worker.onmessage = (event: MessageEvent<WorkerAnswer>) => answer(event.data);
    worker.onerror = (event) => ended(`The preview's worker failed: ${event.message}`);
    return { post: (request) => worker.postMessage(request), terminate: () => worker.terminate() };
  };
}
