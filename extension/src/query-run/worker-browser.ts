/** The worker that runs queries, in an editor in a browser. JavaScript functions are not run there. */
import type { WorkerRequest } from './messages.ts';
import { RunService } from './run-service.ts';

const service = new RunService({
  answer: (answer) => postMessage(answer),
  loadFunctions: null,
  turn: () => new Promise((resolve) => setTimeout(resolve)),
});
addEventListener('message', (event: MessageEvent<WorkerRequest>) => service.receive(event.data));
