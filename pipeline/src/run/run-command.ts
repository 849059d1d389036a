/** `asaql run`: reads the options, finds the query, runs it over the files and writes what comes of it. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { type CompileResult, noUserFunctions, type TimePolicies, type UserFunctions } from '@asaql/engine';
import { locate, printed } from '../check/print-diagnostics.ts';
import { UsageError } from '../cli/usage-error.ts';
import { RejectedFile, RejectedLines, type RejectedReport } from './rejected-report.ts';
import { FolderWriter, JsonDocument, Listing, type RowWriter, type WriteText } from './row-writers.ts';
import { defaultPolicies, parseRunArguments, type RunArguments } from './run-arguments.ts';
import { type InputFiles, type RunOutcome, type RunRequest, type RunStatistics, runQuery } from './run-query.ts';
import { type RunnableQuery, runnableQuery } from './runnable-query.ts';
import { withSnapshots } from './snapshot-files.ts';

/** What a shell expects of a program that Ctrl-C ended. */
const interruptedCode = 130;

/** Resolves with the exit code. Throws a UsageError where options, files and query do not fit. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const given = parseRunArguments(argv);
  const query = await runnableQuery(given.path);
  process.stderr.write(query.problems);
  const request = await requestFrom(given, query);
  const writer = writerFor(given);
  const report = given.errorsFile === null ? terminalReport() : new RejectedFile(given.errorsFile);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  // A reader that has seen enough (`| head`) ends the run.
  process.stdout.on('error', onSignal);
  try {
    const startedMs = performance.now();
    const outcome = await follow(request, writer, report, stop.signal);
    if (outcome.kind === 'refused') {
      tellDiagnostics(query, given, outcome.diagnostics);
      return 1;
    }
    await writer.finish(writeOut);
    if (given.stats) tellStatistics(outcome.statistics, (performance.now() - startedMs) / 1000);
    if (!outcome.statistics.stopped) {
      if (given.record !== null) await record(given.record, given, request);
      return 0;
    }
    process.stderr.write('asaql run: stopped before the end of the data; windows that were open gave no rows.\n');
    return interruptedCode;
  } finally {
    writer.close();
    report.close();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
    process.stdout.off('error', onSignal);
  }
}

async function record(name: string, { path, functionsFolder }: RunArguments, request: RunRequest): Promise<void> {
  if (functionsFolder !== null)
    throw new UsageError("--record takes the project's own functions: put them into its folder Functions.");
  const { recordRun } = await import('../test-queries/record-run.ts');
  const recorded = await recordRun(name, path, statSync(path).isDirectory(), request);
  process.stderr.write(`recorded as ${recorded.path}\n`);
}

/** What is to be run, from options and project together. */
export async function requestFrom(given: RunArguments, query: RunnableQuery): Promise<RunRequest> {
  const inputs = withProject(given.inputs, query.inputs, given);
  return {
    query: query.text,
    inputs,
    references: withProject(given.references, query.references, given).map(withSnapshots),
    compatibilityLevel: given.compatibilityLevel ?? query.compatibilityLevel,
    policies: policiesOf(given, query.policies),
    arrivalColumn: given.arrivalColumn,
    functions: await functionsOf(given, query),
    startMs: Date.now(),
    cores: availableParallelism() > 1 && sizeOf(inputs) >= twoCoresBytes ? 2 : 1,
  };
}

/** What is shorter is done before a second thread has started. */
const twoCoresBytes = 32 << 20;

/** A file that is not there is told of when it is opened. */
function sizeOf(inputs: readonly InputFiles[]): number {
  const sizes = inputs.flatMap(({ paths }) => paths.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What the project brings, but for the inputs that options name. */
function withProject(given: readonly InputFiles[], own: readonly InputFiles[], all: RunArguments): readonly InputFiles[] {
  const named = new Set([...all.inputs, ...all.references].map(({ name }) => name.toLowerCase()));
  return [...given, ...own.filter(({ name }) => !named.has(name.toLowerCase()))];
}

function policiesOf(given: RunArguments, own: TimePolicies | null): TimePolicies | null {
  if (own === null && Object.keys(given.policies).length === 0) return null;
  return { ...(own ?? defaultPolicies), ...given.policies };
}

async function functionsOf(given: RunArguments, query: RunnableQuery): Promise<UserFunctions> {
  if (given.functionsFolder === null && query.functions.length === 0) return noUserFunctions;
  const { functionsIn, loadFunctions } = await import('./load-functions.ts');
  return loadFunctions(given.functionsFolder === null ? query.functions : functionsIn(given.functionsFolder));
}

function writerFor({ json, outputFolder }: RunArguments): RowWriter {
  if (json) return new JsonDocument();
  return outputFolder === null ? new Listing() : new FolderWriter(outputFolder);
}

function terminalReport(): RejectedReport {
  return new RejectedLines((text) => process.stderr.write(text), process.stderr.isTTY === true);
}

const writeOut: WriteText = (text) =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });

/** Runs the query; on a terminal one line says how far it is. */
async function follow(request: RunRequest, writer: RowWriter, report: RejectedReport, signal: AbortSignal): Promise<RunOutcome> {
  const screen = process.stderr.isTTY ? process.stderr : null;
  let nextMs = performance.now() + 500;
  try {
    return await runQuery(request, {
      outputs: (names) => writer.outputs(names),
      rows: (output, rows) => writer.rows(output, rows),
      rejected: (rejected) => report.tell(rejected),
      progress: (fraction, events) => {
        if (screen === null || performance.now() < nextMs) return;
        nextMs = performance.now() + 200;
        screen.write(`\r${Math.floor(fraction * 100)} %, ${events.toLocaleString('en')} events\u001b[K`);
      },
      signal,
    });
  } finally {
    screen?.write('\r\u001b[K');
  }
}

type Refused = Extract<CompileResult, { ok: false }>['diagnostics'];

function tellDiagnostics(query: RunnableQuery, given: RunArguments, diagnostics: Refused): void {
  const level = given.compatibilityLevel ?? query.compatibilityLevel;
  const found = query.diagnose?.(level) ?? [];
  if (found.length > 0)
    for (const { path, text, diagnostics: own } of found) process.stderr.write(printed(path, locate(text, own)));
  else process.stderr.write(printed(query.path, locate(query.text, diagnostics)));
}

function tellStatistics({ events, rows, dropped, adjusted }: RunStatistics, seconds: number): void {
  process.stderr.write(
    `${events} events, ${rows} rows, ${seconds.toFixed(3)} seconds, ${dropped} dropped, ${adjusted} adjusted\n`,
  );
}
