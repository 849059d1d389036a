/** Test files run side by side in threads of their own, results as they come. Must not know what is done with them. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CaseResult, TestFile, TestProblem } from '@asaql/project';
import { readTests, runTests } from '@asaql/project';
import { diskEnvironment } from './disk-environment.ts';

export interface TestJob {
  /** Of the project. */
  readonly folder: string;
  /** Of the test file, relative to the project's folder. */
  readonly path: string;
  readonly filter: string;
}

/** What a thread says of a test file. */
export type TestMessage =
  | { readonly kind: 'case'; readonly result: CaseResult }
  | { readonly kind: 'read'; readonly path: string; readonly problems: readonly TestProblem[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** Runs one file here. */
export async function runTestJob({ folder, path, filter }: TestJob, tell: (message: TestMessage) => void): Promise<TestFile> {
  const environment = await diskEnvironment(folder);
  const file = await readTests(environment.files, path);
  tell({ kind: 'read', path, problems: file.problems });
  for await (const result of runTests(file, environment, { filter })) tell({ kind: 'case', result });
  return file;
}

/** Rejects where a file cannot be read or a thread fails. With an aborted signal it ends early. */
export async function runTestJobs(
  jobs: readonly TestJob[],
  threadsMax: number | null,
  signal: AbortSignal,
  tell: (message: TestMessage) => void,
): Promise<void> {
  const count = Math.min(jobs.length, threadsMax ?? availableParallelism());
  if (count <= 1) {
    for (const job of jobs) if (!signal.aborted) await runTestJob(job, tell);
    return;
  }
  const waiting = [...jobs];
  await Promise.all(Array.from({ length: count }, () => workThrough(waiting, signal, tell)));
}

/** One thread takes the next file as soon as it is done with one. */
function workThrough(waiting: TestJob[], signal: AbortSignal, tell: (message: TestMessage) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./test-worker.ts', import.meta.url));
    const end = (error: Error | null) => {
      signal.removeEventListener('abort', onAbort);
      worker.terminate().then(() => (error === null ? resolve() : reject(error)), reject);
    };
    const onAbort = () => end(null);
    const next = () => {
      const job = waiting.shift();
      if (job === undefined || signal.aborted) end(null);
      else worker.postMessage(job);
    };
    signal.addEventListener('abort', onAbort);
    worker.on('error', end);
    worker.on('message', (message: TestMessage) => {
      if (message.kind === 'failed') end(new Error(message.message));
      else if (message.kind === 'done') next();
      else tell(message);
    });
    next();
  });
}
