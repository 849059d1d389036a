/** The project's job for a command: what is wrong with its query is told on standard error. */
import process from 'node:process';
import { printed } from '../check/print-diagnostics.ts';
import { type LocalJob, QueryErrors, readLocalJob } from './compare-job.ts';

/** Null: the query has errors, and they were told, `consequence` after them. */
export async function readableJob(folder: string, consequence: string): Promise<LocalJob | null> {
  try {
    return await readLocalJob(folder);
  } catch (error) {
    if (!(error instanceof QueryErrors)) throw error;
    const told = error.files.map(({ file, diagnostics }) => printed(file, diagnostics)).join('');
    process.stderr.write(`${told}${consequence}\n`);
    return null;
  }
}
