/** The first parse after load, each in a process of its own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { printTable } from '../figures.ts';

const processes = 25;

interface FirstParse {
  readonly loadMs: number;
  readonly firstParseMs: number;
  readonly firstAnalysisMs: number;
}

export function measureFirstParse(): void {
  const program = join(import.meta.dirname, 'first-parse-process.ts');
  const runs = Array.from({ length: processes }, () =>
    JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8' })),
  ) as readonly FirstParse[];
  printTable('A fresh process', 'ms', [
    { name: 'loading the parser', values: runs.map((run) => run.loadMs) },
    { name: 'first parse', values: runs.map((run) => run.firstParseMs), target: 'max < 60' },
    { name: 'first parse with all checks', values: runs.map((run) => run.firstAnalysisMs) },
  ]);
}
