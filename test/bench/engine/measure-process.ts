/** Measures a subject in a process of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Measured, Order, Subject } from './subject.ts';

/** With `rowsFolder` the final rows are written there, a file for each output; the time is then of no use. */
export function measure(subject: Subject, path: string, rowsFolder: string | null = null): Measured {
  const order: Order = { subject, path, rowsFolder };
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'measure.ts')], {
    input: JSON.stringify(order),
    stdio: ['pipe', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The measuring process ended with code ${status}: see its message above.`);
  return JSON.parse(stdout) as Measured;
}
