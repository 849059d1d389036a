/** A test of what was seen, with what the query makes of it now as its expectation. Writes no file. */
import { compile } from '@asaql/engine';
import { readText } from '../files/project-files.ts';
import type { CaseResult } from './case-result.ts';
import { queryOfCase } from './query-of-case.ts';
import { readTestFile } from './read-test-file.ts';
import { type RecordedCase, recordCase } from './record-case.ts';
import { runTestCase } from './run-test-case.ts';
import { type TestEnvironment, TestSetupError } from './test-environment.ts';
import { updateExpectations } from './update-expectations.ts';

/** An event more is no test that somebody reads. */
export const recordedEventsMax = 1000;

export type Recording = Omit<RecordedCase, 'outputs' | 'dropped'>;

export interface RecordedTest {
  /** Of the whole test file. */
  readonly text: string;
  /** What the case gives from now on. */
  readonly result: CaseResult;
}

/** Adds a case to the file at `path`, or makes the file. Rejects with an Error of one line where that cannot be. */
export async function recordTest(path: string, recording: Recording, environment: TestEnvironment): Promise<RecordedTest> {
  const count = Object.values(recording.inputs).reduce((sum, events) => sum + events.length, 0);
  if (count > recordedEventsMax)
    throw new TestSetupError(`${count} events are too many for a test that is read: give at most ${recordedEventsMax}.`);
  const before = await readText(environment.files, path);
  if (before !== null && readTestFile(path, before).cases.some(({ name }) => name === recording.name))
    throw new TestSetupError(`${path} has a case '${recording.name}' already: give another name.`);
  const blank = recordCase(before, { ...recording, outputs: await outputsOf(path, recording, environment), dropped: 0 });
  const [problem] = readTestFile(path, blank).problems;
  if (problem !== undefined) throw new TestSetupError(`${path}:${problem.line}: ${problem.message}`);
  const run = async (text: string): Promise<CaseResult> => {
    const test = readTestFile(path, text).cases.find(({ name }) => name === recording.name);
    if (test === undefined) throw new TestSetupError(`${path} has no case '${recording.name}'.`);
    return runTestCase(path, test, environment);
  };
  const text = updateExpectations(path, blank, [await run(blank)]);
  return { text, result: await run(text) };
}

/** Every output of the query, without rows yet. */
async function outputsOf(path: string, { query }: Recording, environment: TestEnvironment): Promise<RecordedCase['outputs']> {
  const { text } = await queryOfCase(path, query, environment);
  const compiled = compile(text, { functions: await environment.functions() });
  if (!compiled.ok) throw new TestSetupError(`The query has errors: ${compiled.diagnostics[0]?.message}`);
  return Object.fromEntries(compiled.plan.outputs.map((output) => [output, []]));
}
