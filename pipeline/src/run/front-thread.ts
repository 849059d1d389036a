/**
 * The front half of a run on a thread of its own: starts it, hands on what it hands over, and ends it. Must not know what is
 * done with that.
 */
import { Worker } from 'node:worker_threads';
import { EngineError, type Handover, type TimePolicies } from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import type { FileRunOutcome } from './file-run.ts';
import type { PlannedRequest, Rejected } from './run-query.ts';

/** What the thread is given. User functions cannot go with it: such a run has one thread. */
export interface FrontOrder {
  readonly request: Omit<PlannedRequest, 'functions'>;
  readonly policies: TimePolicies | null;
  readonly inOrder: boolean;
}

/** What the thread tells, in order. */
export type FrontMessage =
  | { readonly kind: 'handover'; readonly handover: Handover }
  | { readonly kind: 'rejected'; readonly rejected: Rejected }
  | { readonly kind: 'progress'; readonly fraction: number; readonly events: number }
  | { readonly kind: 'ended'; readonly outcome: FileRunOutcome }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

/** What the thread is told: a handover has been worked on; or to stop. */
export type FrontCommand = 'done' | 'stop';

export interface FrontOutlets {
  readonly handover: (handover: Handover) => void;
  readonly rejected: (rejected: Rejected) => void;
  readonly progress: (fraction: number, events: number) => void;
  readonly signal: AbortSignal;
}

/** Rejects with what the thread failed with, or what `handover` threw. The thread has ended when the promise settles. */
export async function runFrontThread(
  { functions: _, ...request }: PlannedRequest,
  policies: TimePolicies | null,
  inOrder: boolean,
  outlets: FrontOutlets,
): Promise<FileRunOutcome> {
  const order: FrontOrder = { request, policies, inOrder };
  const worker = new Worker(new URL('./front-thread-entry.ts', import.meta.url), { workerData: order });
  const tell = (command: FrontCommand) => worker.postMessage(command);
  const stop = () => tell('stop');
  outlets.signal.addEventListener('abort', stop);
  if (outlets.signal.aborted) stop();
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The decoding thread ended with code ${code}.`)));
      worker.on('message', (message: FrontMessage) => {
        try {
          if (message.kind === 'ended') resolve(message.outcome);
          else if (message.kind === 'failed') reject(failure(message));
          else if (message.kind === 'rejected') outlets.rejected(message.rejected);
          else if (message.kind === 'progress') outlets.progress(message.fraction, message.events);
          else if (!outlets.signal.aborted) {
            outlets.handover(message.handover);
            tell('done');
          }
        } catch (error) {
          reject(error);
        }
      });
    });
  } finally {
    outlets.signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function failure({ name, message }: Extract<FrontMessage, { kind: 'failed' }>): Error {
  if (name === 'EngineError') return new EngineError(message);
  return name === 'UsageError' ? new UsageError(message) : new Error(message);
}
