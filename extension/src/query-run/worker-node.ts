/** The worker thread that runs queries, in an editor that has Node. */
import { parentPort } from 'node:worker_threads';
import { loadUserFunctions } from '@asaql/udf';
import type { WorkerRequest } from './messages.ts';
import { RunService } from './run-service.ts';

const limits = { callMsMax: 1000, memoryBytesMax: 128 << 20, nowMs: () => performance.now() };
const service = new RunService({
  answer: (answer) => parentPort?.postMessage(answer),
  loadFunctions: (sources) => loadUserFunctions(sources, limits),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
});
parentPort?.on('message', (request: WorkerRequest) => service.receive(request));
