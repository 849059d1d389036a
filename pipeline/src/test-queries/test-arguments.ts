/** The options of `asaql test`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/usage-error.ts';

export const testUsage =
  'asaql test [PROJECT|FILE…] [--filter TEXT] [--coverage] [--update] [--junit FILE] [--summary FILE] [--json] [--jobs N]';

export interface TestArguments {
  /** Folders of projects, or test files. */
  readonly paths: readonly string[];
  readonly filter: string;
  readonly update: boolean;
  readonly coverage: boolean;
  readonly json: boolean;
  readonly junitFile: string | null;
  /** testResultSummary.json of the cases of testConfig.json. */
  readonly summaryFile: string | null;
  /** null: as many as the machine has cores. */
  readonly jobs: number | null;
}

/** Throws a UsageError of one line. */
export function parseTestArguments(argv: readonly string[]): TestArguments {
  const { values, positionals } = readArguments(argv);
  const jobs = values.jobs === undefined ? null : Number(values.jobs);
  if (jobs !== null && !(Number.isInteger(jobs) && jobs > 0))
    throw new UsageError(`--jobs takes a whole number above 0, not "${values.jobs}".`);
  return {
    paths: positionals.length === 0 ? ['.'] : positionals,
    filter: values.filter ?? '',
    update: values.update ?? false,
    coverage: values.coverage ?? false,
    json: values.json ?? false,
    junitFile: values.junit ?? null,
    summaryFile: values.summary ?? null,
    jobs,
  };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { filter: text, junit: text, summary: text, jobs: text, update: flag, coverage: flag, json: flag };
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${testUsage}`);
  }
}
