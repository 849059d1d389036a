/** Runs the `asaql` command as a person does: as a process of its own, with the channel that `npm start` holds to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '..', '..', 'bin', 'asaql.mjs');

export interface Finished {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** The next line of standard output. */
  nextLine(): Promise<string>;
  readonly finished: Promise<Finished>;
}

export function startAsaql(argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...environment },
  });
  let output = '';
  let errors = '';
  if (!child.stdout || !child.stderr) throw new Error('A piped process has its streams.');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
  return {
    process: child,
    finished,
    nextLine: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`asaql ${argv.join(' ')} ended: ${errors}`);
      return value;
    },
  };
}

export function runAsaql(argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return startAsaql(argv, environment).finished;
}
