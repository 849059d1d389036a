/** A thread that runs test files one after another, as it is told. */
import { parentPort } from 'node:worker_threads';
import { runTestJob, type TestJob, type TestMessage } from './parallel-tests.ts';

const port = parentPort;
if (port === null) throw new Error('test-worker.ts runs as a thread only.');
const tell = (message: TestMessage) => port.postMessage(message);

port.on('message', (job: TestJob) => {
  runTestJob(job, tell).then(
    () => tell({ kind: 'done' }),
    (error: Error) => tell({ kind: 'failed', message: error.message }),
  );
});
