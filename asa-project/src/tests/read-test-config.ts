/**
 * test/testConfig.json as the existing tools write it: cases over files, paths relative to the configuration, no time policies.
 * Format: https://learn.microsoft.com/azure/stream-analytics/cicd-tools. Reads no other file and runs nothing.
 */
import { folderOf, joined } from '../files/project-path.ts';
import { JsonDocument } from '../text/json-document.ts';
import type { RowsExpectation, TestCase, TestFile, TestInput } from './test-case.ts';

interface Raw {
  readonly [key: string]: unknown;
}

export function isTestConfig(path: string): boolean {
  return /(^|\/)testconfig\.json$/i.test(path);
}

/** Never throws. */
export function readTestConfig(path: string, text: string): TestFile {
  const document = new JsonDocument(path, text);
  const problems = document.problems.map(({ startLine, startColumn, message }) => ({
    ...{ path, line: startLine, column: startColumn, message },
  }));
  const lines = new Lines(text);
  const tell = (line: number, message: string) => problems.push({ path, line, column: 1, message });
  const { Script, TestCases } = document.value;
  if (!Array.isArray(TestCases)) {
    if (problems.length === 0) tell(1, 'TestCases is no list: write "TestCases": [].');
    return { path, format: 'testConfig', cases: [], problems };
  }
  const folder = folderOf(path);
  const cases = TestCases.map((each, index) => {
    const raw = (each ?? {}) as Raw;
    const name = textIn(raw, 'Name') ?? `Case ${index + 1}`;
    const place = { line: lines.next(`"${name}"`), column: 1 };
    const needed = (part: Raw, key: string, what: string): string => {
      const found = textIn(part, key);
      if (found === null) tell(place.line, `${what} of '${name}' has no ${key}: write a text.`);
      return found ?? '';
    };
    const inputs = listIn(raw, 'Inputs').map((input): TestInput => {
      const file = joined(folder, needed(input, 'FilePath', 'An input'));
      return {
        name: textIn(input, 'InputAlias') ?? textIn(input, 'Name') ?? needed(input, 'InputAlias', 'An input'),
        kind: /reference/i.test(textIn(input, 'Type') ?? '') ? 'reference' : 'stream',
        ...{ place, timeColumns: [], arrivalColumn: null, source: { kind: 'file', path: file, place } },
      };
    });
    const outputs = listIn(raw, 'ExpectedOutputs').map((output): RowsExpectation => {
      const required = output.Required !== false;
      const file = required ? joined(folder, needed(output, 'FilePath', 'An expected output')) : null;
      return {
        name: needed(output, 'OutputAlias', 'An expected output'),
        ...{ place, rows: null, count: null, order: 'any', columns: 'all', tolerance: {}, required },
        file: file === null ? null : { path: file, place },
      };
    });
    return testCase(name, place, typeof Script === 'string' && Script !== '' ? joined(folder, Script) : null, inputs, outputs);
  });
  return { path, format: 'testConfig', cases, problems };
}

function testCase(
  name: string,
  place: TestCase['place'],
  script: string | null,
  inputs: readonly TestInput[],
  outputs: readonly RowsExpectation[],
): TestCase {
  const expect = { outputs, steps: [], by: [], dropped: null, adjusted: null, diagnostics: null, error: null, othersEmpty: true };
  return {
    ...{ name, description: null, place, query: script === null ? null : { path: script }, startMs: 0, policies: null },
    ...{ compatibilityLevel: null, inputs, expect },
  };
}

/** Lines of names, in the order in which they are asked for. */
class Lines {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(part: string): number {
    const found = this.#text.indexOf(part, this.#at);
    if (found !== -1) this.#at = found + part.length;
    return this.#text.slice(0, Math.max(0, found)).split('\n').length;
  }
}

function textIn(raw: Raw, key: string): string | null {
  const value = raw[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

function listIn(raw: Raw, key: string): readonly Raw[] {
  const value = raw[key];
  return Array.isArray(value) ? value.filter((each): each is Raw => typeof each === 'object' && each !== null) : [];
}
