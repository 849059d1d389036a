/**
 * The editor's side of the worker: asks, and matches answers to questions. Starts the worker with the first question, and
 * anew where it ended. Knows neither how a worker is started nor what an editor is.
 */
import type { PreviewResult, RowsPage, RowTrace } from '@asaql/webview/protocol';
import type { RowsRequest, RunRequest, Sample, TraceRequest, WorkerAnswer, WorkerRequest } from './messages.ts';

export interface RunWorker {
  post(request: WorkerRequest): void;
  terminate(): void;
}

/** Starts a worker that tells its answers, and that it ended by itself. */
export type StartRunWorker = (heard: {
  readonly answer: (answer: WorkerAnswer) => void;
  readonly ended: (reason: string) => void;
}) => RunWorker;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export class QueryRunner {
  readonly #start: StartRunWorker;
  #worker: RunWorker | null = null;
  #sample: Sample | null = null;
  #sentSample: Sample | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(start: StartRunWorker) {
    this.#start = start;
  }

  useSample(sample: Sample): void {
    this.#sample = sample;
  }

  /** null: a newer run came in between. Rejects with an error of one line where the sample cannot be used. */
  run(request: Omit<RunRequest, 'kind' | 'run'>): Promise<PreviewResult | null> {
    const worker = this.#running();
    if (this.#sample !== null && this.#sample !== this.#sentSample) worker.post({ kind: 'sample', sample: this.#sample });
    this.#sentSample = this.#sample;
    return this.#ask((run) => worker.post({ ...request, kind: 'run', run }));
  }

  rows(request: Omit<RowsRequest, 'kind' | 'request'>): Promise<RowsPage | null> {
    const worker = this.#running();
    return this.#ask((number) => worker.post({ ...request, kind: 'rows', request: number }));
  }

  trace(request: Omit<TraceRequest, 'kind' | 'request'>): Promise<RowTrace | null> {
    const worker = this.#running();
    return this.#ask((number) => worker.post({ ...request, kind: 'trace', request: number }));
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#gone('The preview was closed.');
  }

  #ask<Value>(post: (number: number) => void): Promise<Value> {
    const number = this.#next++;
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.set(number, { resolve: resolve as (value: never) => void, reject });
      post(number);
    });
  }

  #running(): RunWorker {
    this.#worker ??= this.#start({ answer: (answer) => this.#hear(answer), ended: (reason) => this.#gone(reason) });
    return this.#worker;
  }

  #hear(answer: WorkerAnswer): void {
    const number = answer.kind === 'result' ? answer.run : answer.request;
    if (answer.kind === 'result') this.#overtaken(answer.run);
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (answer.kind === 'failed') waiting?.reject(new Error(answer.message));
    else (waiting?.resolve as ((value: unknown) => void) | undefined)?.(answer.kind === 'result' ? answer.result : answer.value);
  }

  /** Older runs that were put aside never answer. */
  #overtaken(run: number): void {
    for (const [number, { resolve }] of this.#waiting) {
      if (number >= run) continue;
      this.#waiting.delete(number);
      (resolve as (value: null) => void)(null);
    }
  }

  #gone(reason: string): void {
    this.#worker = null;
    this.#sentSample = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(reason));
  }
}
