/** `asaql test`: runs the tests of projects, tells what failed, and writes what build servers read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import {
  type CaseResult,
  isTestConfig,
  junitXml,
  printedCase,
  printedCoverage,
  printedSummary,
  readTests,
  summaryOf,
  type TestProblem,
  testResultSummary,
  updateExpectations,
} from '@asaql/project';
import { UsageError } from '../cli/usage-error.ts';
import { diskFiles } from '../project/disk-files.ts';
import { runTestJobs, type TestMessage } from './parallel-tests.ts';
import { parseTestArguments, type TestArguments } from './test-arguments.ts';
import { type TestedFile, testedFiles } from './tested-project.ts';

/** What a shell expects of a program that Ctrl-C ended. */
const interruptedCode = 130;

/** Resolves with the exit code: 0 all passed, 1 a case failed or a test file has errors. Throws a UsageError. */
export async function testCommand(argv: readonly string[]): Promise<number> {
  const given = parseTestArguments(argv);
  const files = await testedFiles(given.paths);
  const first = await runAll(files, given);
  if (first === null) return interruptedCode;
  let run = first;
  if (given.update) {
    const updated = files.filter((file) => update(file, first.results));
    for (const { folder, path } of updated) process.stderr.write(`updated ${shown(folder, path)}\n`);
    if (updated.length > 0) {
      const again = await runAll(files, given);
      if (again === null) return interruptedCode;
      run = again;
    }
  }
  tell(run, given);
  if (given.junitFile !== null) write(given.junitFile, junitXml(run.results, run.problems));
  if (given.summaryFile !== null) await writeSummary(given.summaryFile, files, run.results);
  return run.problems.length > 0 || run.results.some(({ status }) => status !== 'passed') ? 1 : 0;
}

interface TestRun {
  readonly results: readonly CaseResult[];
  readonly problems: readonly TestProblem[];
}

/** null: it was stopped. In order of files and cases, however they came. */
async function runAll(files: readonly TestedFile[], { filter, jobs }: TestArguments): Promise<TestRun | null> {
  const results: CaseResult[] = [];
  const problems: TestProblem[] = [];
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  const screen = process.stderr.isTTY ? process.stderr : null;
  const tellMessage = (message: TestMessage) => {
    if (message.kind === 'read') problems.push(...message.problems);
    if (message.kind !== 'case') return;
    results.push(message.result);
    screen?.write(`\r${results.length} cases\u001b[K`);
  };
  try {
    await runTestJobs(
      files.map((file) => ({ ...file, filter })),
      jobs,
      stop.signal,
      tellMessage,
    );
  } finally {
    screen?.write('\r\u001b[K');
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
  }
  if (stop.signal.aborted) return null;
  const byPlace = (a: { file: string; line: number }, b: { file: string; line: number }) =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
  results.sort((a, b) => byPlace({ file: a.file, line: a.place.line }, { file: b.file, line: b.place.line }));
  return { results, problems };
}

function update({ folder, path }: TestedFile, results: readonly CaseResult[]): boolean {
  const own = results.filter(({ file }) => file === path);
  if (isTestConfig(path) || own.every(({ status }) => status === 'passed')) return false;
  const full = join(folder, path);
  const before = readFileSync(full, 'utf8');
  const after = updateExpectations(path, before, own);
  if (after === before) return false;
  writeFileSync(full, after);
  return true;
}

function tell(run: TestRun, { json, coverage }: TestArguments): void {
  const summary = summaryOf(run.results);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ summary, problems: run.problems, results: run.results.map(({ reached: _, ...result }) => result) })}\n`,
    );
    return;
  }
  const { isTTY } = process.stdout;
  const options = {
    colour: process.env.NO_COLOR === undefined && (isTTY === true || process.env.FORCE_COLOR === '1'),
    folder: '',
  };
  for (const { path, line, column, message } of run.problems)
    process.stdout.write(`${path}:${line}:${column} error ${message}\n`);
  for (const result of run.results) process.stdout.write(printedCase(result, options));
  if (coverage) process.stdout.write(printedCoverage(summary.coverage, options));
  process.stdout.write(printedSummary(summary, options));
}

/** testResultSummary.json and, beside it, the rows of each case. */
async function writeSummary(path: string, files: readonly TestedFile[], results: readonly CaseResult[]): Promise<void> {
  const config = files.find((file) => isTestConfig(file.path));
  if (config === undefined) throw new UsageError('--summary is for test/testConfig.json, and the project has none.');
  const file = await readTests(diskFiles(config.folder), config.path);
  const own = results.filter((result) => result.file === config.path);
  const rowsPath = (name: string, output: string) => join(dirname(path), name.replace(/[^\w.-]+/g, '_'), `${output}.json`);
  for (const { name, actual } of own)
    for (const [output, rows] of Object.entries(actual))
      if (rows.length > 0) write(rowsPath(name, output), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const script = own[0]?.reached?.query ?? '';
  write(path, `${JSON.stringify(testResultSummary(file, own, join(config.folder, script), rowsPath), null, 2)}\n`);
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}

function shown(folder: string, path: string): string {
  return relative(process.cwd(), join(folder, path)) || path;
}
