/** testResultSummary.json, as the existing tools write it behind testConfig.json. Writes no file. */
import type { CaseResult } from './case-result.ts';
import type { TestFile } from './test-case.ts';

interface OutputRecord {
  readonly OutputAlias: string;
  readonly ExpectedOutput: string;
  readonly Output: string;
}

export interface TestResultSummary {
  readonly Total: number;
  readonly Passed: number;
  readonly Failed: number;
  readonly Script: string;
  readonly Results: readonly ResultEntry[];
  /** `00:00:01.2340000`. */
  readonly Time: string;
}

interface ResultEntry {
  readonly Name: string;
  readonly Status: 0 | 1;
  readonly Time: string;
  readonly OutputMatched: readonly OutputRecord[];
  readonly OutputNotEqual: readonly OutputRecord[];
  readonly OutputMissing: readonly OutputRecord[];
  readonly OutputUnexpected: readonly OutputRecord[];
  readonly OutputUnrequired: readonly OutputRecord[];
}

/** `pathOf` says where the rows of a case and an output were written. */
export function testResultSummary(
  file: TestFile,
  results: readonly CaseResult[],
  script: string,
  pathOf: (name: string, output: string) => string,
): TestResultSummary {
  const passed = results.filter(({ status }) => status === 'passed').length;
  return {
    Total: results.length,
    Passed: passed,
    Failed: results.length - passed,
    Script: script,
    Results: results.map((result) => entryOf(result, file, pathOf)),
    Time: timeSpan(results.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

function entryOf(result: CaseResult, file: TestFile, pathOf: (name: string, output: string) => string): ResultEntry {
  const { name, actual, failures, status, durationMs } = result;
  const expected = file.cases.find((test) => test.name === name)?.expect.outputs ?? [];
  const wrong = new Set(failures.flatMap((failure) => (failure.kind === 'rows' ? [failure.name.toLowerCase()] : [])));
  const rowsOf = (output: string) => actual[output]?.length ?? 0;
  const record = (output: string, path: string): OutputRecord => ({
    OutputAlias: output,
    ExpectedOutput: path,
    Output: rowsOf(output) > 0 ? pathOf(name, output) : '',
  });
  const required = expected.filter((each) => each.required).map((each) => ({ name: each.name, path: each.file?.path ?? '' }));
  const isWrong = (each: { readonly name: string }) => wrong.has(each.name.toLowerCase()) || status === 'broken';
  const named = new Set(expected.map((each) => each.name.toLowerCase()));
  const records = (list: readonly { readonly name: string; readonly path: string }[]) =>
    list.map((each) => record(each.name, each.path));
  return {
    Name: name,
    Status: status === 'passed' ? 0 : 1,
    Time: timeSpan(durationMs),
    OutputMatched: records(required.filter((each) => !isWrong(each))),
    OutputNotEqual: records(required.filter((each) => isWrong(each) && rowsOf(each.name) > 0)),
    OutputMissing: records(required.filter((each) => isWrong(each) && rowsOf(each.name) === 0)),
    OutputUnexpected: records(
      Object.keys(actual)
        .filter((output) => !named.has(output.toLowerCase()) && rowsOf(output) > 0)
        .map((each) => ({ name: each, path: '' })),
    ),
    OutputUnrequired: records(
      expected.filter((each) => !each.required).map((each) => ({ name: each.name, path: each.file?.path ?? '' })),
    ),
  };
}

function timeSpan(ms: number): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const ticks = Math.round(ms * 10_000);
  const seconds = Math.floor(ticks / 10_000_000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(ticks % 10_000_000, 7)}`;
}
