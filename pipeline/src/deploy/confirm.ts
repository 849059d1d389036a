/** Asks a person before something is changed that cannot be undone by a key. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { UsageError } from '../cli/usage-error.ts';

/** True for `y` or `yes`. Throws a UsageError where nobody can be asked. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UsageError(`${question} Nobody can be asked here: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
