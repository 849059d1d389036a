/** The thread of front-thread.ts: reads and decodes files, and hands over what the back half of the job needs. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFrontJob, type FrontJob, noUserFunctions, type Plan, transferablesOf } from '@asaql/engine';
import { runFiles } from './file-run.ts';
import type { FrontCommand, FrontMessage, FrontOrder } from './front-thread.ts';

/** How many handovers may wait for the other thread: enough that neither waits for a hiccup of the other. */
const waitingMax = 8;

const { request, policies, inOrder } = workerData as FrontOrder;
const port = parentPort;
if (port === null) throw new Error('This is no program of its own.');
const tell = (message: FrontMessage, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer);
const stop = new AbortController();
let waiting = 0;
let goOn: (() => void) | null = null;

port.on('message', (command: FrontCommand) => {
  if (command === 'stop') stop.abort();
  else waiting -= 1;
  if (waiting < waitingMax || stop.signal.aborted) goOn?.();
});

let job: FrontJob | null = null;
const jobFrom = (plan: Plan): FrontJob => {
  job = createFrontJob(plan);
  return job;
};

function passOn(): Promise<void> | void {
  const handover = job?.takeHandover() ?? [];
  if (handover.length === 0) return;
  waiting += 1;
  tell({ kind: 'handover', handover }, transferablesOf(handover));
  if (waiting < waitingMax || stop.signal.aborted) return;
  return new Promise((resolve) => {
    goOn = resolve;
  });
}

try {
  const outcome = await runFiles({ ...request, functions: noUserFunctions }, policies, inOrder, jobFrom, {
    rejected: (rejected) => tell({ kind: 'rejected', rejected }),
    progress: (fraction, events) => tell({ kind: 'progress', fraction, events }),
    passOn,
    signal: stop.signal,
  });
  tell({ kind: 'ended', outcome });
} catch (error) {
  const { name, message } = error as Error;
  tell({ kind: 'failed', name, message });
}
port.close();
