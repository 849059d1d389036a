/** Runs one case and holds what came against what it expects. Prints nothing. */
import { type CompatibilityLevel, noUserFunctions, type OutputRow, type TimePolicies, type UserFunctions } from '@asaql/engine';
import { analyze, type Diagnostic, lineIndex, parse, unknownJob } from '@asaql/parser';
import { folderOf, relativePath } from '../files/project-path.ts';
import type { CaseResult, Failure, MessageFailure } from './case-result.ts';
import { checkEvents } from './check-events.ts';
import { checkRows, expectedRows, type RowsChecked } from './check-rows.ts';
import { CoverageCollector } from './coverage.ts';
import { RowExplainer } from './explain-rows.ts';
import { type PreparedEvent, prepareEvents } from './prepare-events.ts';
import { queryOfCase } from './query-of-case.ts';
import { type RunResult, type RunSettings, runEvents, type TimedRow } from './run-events.ts';
import { stepOutput, stepsOf, withStepOutputs } from './steps-query.ts';
import type { DiagnosticExpectation, RowsExpectation, TestCase } from './test-case.ts';
import type { TestEnvironment } from './test-environment.ts';
import { clockText } from './time-text.ts';

type Done = Extract<RunResult, { kind: 'done' }>;

/** Never rejects for what is wrong with a test, a query or data: that is in the result. */
export async function runTestCase(file: string, test: TestCase, environment: TestEnvironment): Promise<CaseResult> {
  const startedMs = environment.nowMs();
  const run = new CaseRun(file, test, environment);
  try {
    await run.all();
  } catch (error) {
    if (!isSetupError(error)) throw error;
    run.broken((error as Error).message);
  }
  return run.result(environment.nowMs() - startedMs);
}

function isSetupError(error: unknown): boolean {
  return error instanceof Error && ['TestSetupError', 'CombineError', 'UsageError', 'UserFunctionError'].includes(error.name);
}

class CaseRun {
  readonly #file: string;
  readonly #test: TestCase;
  readonly #environment: TestEnvironment;
  readonly #failures: Failure[] = [];
  #isBroken = false;
  #query: { readonly path: string; readonly text: string } | null = null;
  #events: readonly PreparedEvent[] = [];
  #done: Done | null = null;
  #watched: Done | null = null;
  #keys: readonly string[] = [];

  constructor(file: string, test: TestCase, environment: TestEnvironment) {
    this.#file = file;
    this.#test = test;
    this.#environment = environment;
  }

  broken(message: string): void {
    this.#isBroken = true;
    this.#fail(message);
  }

  #fail(message: string, details: readonly string[] = [], place = this.#test.place): void {
    const failure: MessageFailure = { kind: 'message', place, message, details };
    this.#failures.push(failure);
  }

  async all(): Promise<void> {
    const query = await this.#queryOf();
    this.#query = query;
    const level = this.#test.compatibilityLevel ?? this.#environment.project.job?.compatibilityLevel ?? '1.2';
    const prepared = await prepareEvents(this.#test, query.text, this.#environment);
    this.#events = prepared.events;
    const settings: RunSettings = {
      query: query.text,
      policies: this.#policies(),
      compatibilityLevel: level,
      functions: await this.#functions(query.text),
      inputs: prepared.options,
      startMs: this.#test.startMs,
      momentsMs: this.#test.expect.by.map(({ atMs }) => atMs),
      watch: null,
    };
    const run = runEvents(settings, this.#events);
    if (this.#checkDiagnostics(query, level, run)) return;
    if (run.kind === 'refused') return;
    this.#done = run;
    this.#watch(settings);
    this.#checkError(run);
    await this.#checkAll(run, settings);
  }

  async #queryOf(): Promise<{ readonly path: string; readonly text: string }> {
    const { query } = this.#test;
    if (query !== null && 'text' in query) return { path: this.#file, text: query.text };
    const named = query === null ? null : relativePath(folderOf(this.#file), query.path);
    return queryOfCase(this.#file, named, this.#environment);
  }

  #policies(): TimePolicies | null {
    const { policies } = this.#test;
    return policies === 'project' ? (this.#environment.project.job?.policies ?? null) : policies;
  }

  async #functions(text: string): Promise<UserFunctions> {
    return /\bud[fa]\s*\./i.test(text) ? this.#environment.functions() : noUserFunctions;
  }

  /** Whether the case ends here. */
  #checkDiagnostics(query: { readonly path: string; readonly text: string }, level: CompatibilityLevel, run: RunResult): boolean {
    const expected = this.#test.expect.diagnostics;
    const found = diagnosticsOf(query.text, level, run, this.#test);
    const lineOf = (diagnostic: Diagnostic) => lineIndex(query.text).positionOf(diagnostic.span.start).line;
    const told = (diagnostic: Diagnostic) => `${query.path}:${lineOf(diagnostic)} ${diagnostic.code} ${diagnostic.message}`;
    const isMeant = (diagnostic: Diagnostic, { code, line }: DiagnosticExpectation) =>
      diagnostic.code === code && (line === null || line === lineOf(diagnostic));
    for (const wanted of expected ?? []) {
      if (found.some((diagnostic) => isMeant(diagnostic, wanted))) continue;
      const where = wanted.line === null ? '' : ` in line ${wanted.line}`;
      this.#fail(`The query has no diagnostic ${wanted.code}${where}.`, found.map(told), wanted.place);
    }
    const errors = found.filter(({ severity }) => severity === 'error');
    const others = errors.filter((error) => !(expected ?? []).some((wanted) => isMeant(error, wanted)));
    if (others.length > 0) this.#fail('The query has errors.', others.map(told));
    return errors.length > 0;
  }

  #checkError({ error }: Done): void {
    const expected = this.#test.expect.error;
    if (expected === null && error !== null) this.#fail(`The query fails on the data: ${error}`);
    if (expected !== null && error === null) this.#fail('The run did not fail.', [], expected.place);
    if (expected !== null && error !== null && !error.toLowerCase().includes(expected.text.toLowerCase()))
      this.#fail(`The run fails with another message: ${error}`, [], expected.place);
  }

  /** Once more with the rows of steps and what is reached: the plain run stays what is deployed. */
  #watch(settings: RunSettings): void {
    const collector = new CoverageCollector();
    const steps = stepsOf(parse(settings.query).script).map(({ name }) => name.text);
    const query = withStepOutputs(settings.query, steps);
    const watched = runEvents({ ...settings, query, watch: collector, momentsMs: [] }, this.#events);
    if (watched.kind !== 'done') return;
    this.#watched = watched;
    for (const [output, rows] of watched.rows) collector.rows(output, rows.length);
    this.#keys = collector.reached;
  }

  async #checkAll(run: Done, settings: RunSettings): Promise<void> {
    const { expect, startMs } = this.#test;
    let explainer: RowExplainer | null = null;
    const explain = () => {
      explainer ??= new RowExplainer(settings, this.#events, run.fates, run.rows);
      return explainer;
    };
    const check = async (
      expectation: RowsExpectation,
      subject: 'output' | 'step',
      actual: readonly TimedRow[],
      moment: RowsChecked['moment'],
    ) => {
      if (!expectation.required) return;
      const expected = await expectedRows(expectation, this.#environment);
      const failure = checkRows({ expectation, expected, actual, subject, moment, startMs, explainer: explain });
      if (failure !== null) this.#failures.push(failure);
    };
    for (const expectation of expect.outputs) {
      this.#knowsOutput(expectation, run);
      await check(expectation, 'output', run.rows.get(expectation.name.toLowerCase()) ?? [], null);
    }
    for (const expectation of expect.steps) {
      this.#knowsStep(expectation, settings.query);
      await check(expectation, 'step', this.#watched?.rows.get(stepOutput(expectation.name)) ?? [], null);
    }
    for (const [index, { place, atMs, outputs, watermarkMs }] of expect.by.entries()) {
      const moment = run.moments[index];
      if (moment === undefined) continue;
      for (const each of outputs) {
        const actual = moment.rows.get(each.name.toLowerCase()) ?? [];
        await check(each, 'output', actual, { atMs, watermarkMs: moment.watermarkMs });
      }
      if (watermarkMs !== null && watermarkMs !== moment.watermarkMs)
        this.#fail(
          `By ${clockText(atMs, startMs)} the watermark is ${clockText(moment.watermarkMs, startMs)}, not ${clockText(watermarkMs, startMs)}.`,
          [],
          place,
        );
    }
    if (expect.othersEmpty) this.#checkOthers(run);
    if (this.#test.policies !== null || expect.dropped !== null || expect.adjusted !== null)
      this.#failures.push(...checkEvents(expect, this.#events, run.fates, startMs, this.#test.place));
  }

  #knowsOutput({ name, place }: RowsExpectation, { outputs }: Done): void {
    if (!outputs.some((output) => output.toLowerCase() === name.toLowerCase()))
      this.#fail(`The query writes no output '${name}'. It writes ${outputs.join(', ')}.`, [], place);
  }

  #knowsStep({ name, place }: RowsExpectation, query: string): void {
    const steps = stepsOf(parse(query).script).map((step) => step.name.text);
    if (!steps.some((step) => step.toLowerCase() === name.toLowerCase()))
      this.#fail(
        `The query has no step '${name}'. ${steps.length === 0 ? 'It has none.' : `It has ${steps.join(', ')}.`}`,
        [],
        place,
      );
  }

  #checkOthers({ outputs, rows }: Done): void {
    const named = new Set(this.#test.expect.outputs.map(({ name }) => name.toLowerCase()));
    for (const output of outputs) {
      const count = rows.get(output.toLowerCase())?.length ?? 0;
      if (!named.has(output.toLowerCase()) && count > 0)
        this.#fail(`The output '${output}' gave ${count} rows, and the case does not expect any.`);
    }
  }

  result(durationMs: number): CaseResult {
    const { name, place, expect } = this.#test;
    const fates = this.#done?.fates ?? [];
    const plain = (rows: readonly TimedRow[] | undefined): readonly OutputRow[] => (rows ?? []).map(({ row }) => row);
    const outputs = this.#done?.outputs ?? [];
    const byName = (
      names: readonly string[],
      rows: ReadonlyMap<string, readonly TimedRow[]> | undefined,
      key: (name: string) => string,
    ) => Object.fromEntries(names.map((each) => [each, plain(rows?.get(key(each)))]));
    const lower = (text: string) => text.toLowerCase();
    const names = [
      ...new Set([
        ...expect.outputs.map((each) => each.name),
        ...outputs.filter((output) => !expect.outputs.some((each) => lower(each.name) === lower(output))),
      ]),
    ];
    const actual = byName(names, this.#done?.rows, lower);
    return {
      ...{ file: this.#file, name, place, durationMs, failures: this.#failures },
      status: this.#isBroken ? 'broken' : this.#failures.length > 0 ? 'failed' : 'passed',
      counts: {
        events: this.#events.length,
        dropped: fates.filter(({ dropped }) => dropped !== null).length,
        late: fates.filter(({ adjusted }) => adjusted === 'late').length,
        outOfOrder: fates.filter(({ adjusted }) => adjusted === 'outOfOrder').length,
        rows: Object.fromEntries(Object.entries(actual).map(([output, rows]) => [output, rows.length])),
      },
      reached:
        this.#query === null || this.#done === null
          ? null
          : { query: this.#query.path, text: this.#query.text, keys: this.#keys },
      actual,
      actualSteps: byName(
        expect.steps.map((each) => each.name),
        this.#watched?.rows,
        stepOutput,
      ),
      actualMoments: (this.#done?.moments ?? []).map(({ rows }, index) =>
        byName(
          (expect.by[index]?.outputs ?? []).map((each) => each.name),
          rows,
          lower,
        ),
      ),
    };
  }
}

/** Of the language, and what the engine refuses beyond it. */
function diagnosticsOf(
  text: string,
  compatibilityLevel: CompatibilityLevel,
  run: RunResult,
  test: TestCase,
): readonly Diagnostic[] {
  const declared = test.inputs.map(({ name, kind }) => ({ name, kind, columns: null }));
  const analysed = analyze(parse(text), {
    ...unknownJob,
    compatibilityLevel,
    inputs: declared.length > 0 && test.expect.diagnostics !== null ? declared : null,
  }).diagnostics;
  // What the engine refuses follows from what the language says, where that has errors of its own.
  const isRefusedOnly = run.kind === 'refused' && !analysed.some(({ severity }) => severity === 'error');
  const found = isRefusedOnly ? [...analysed, ...run.diagnostics] : analysed;
  // Errors of the analysis of a query that runs are the check's to tell, not the test's.
  const isCheckedOnly = run.kind === 'done' && test.expect.diagnostics === null;
  return isCheckedOnly ? found.filter(({ severity }) => severity !== 'error') : found;
}
