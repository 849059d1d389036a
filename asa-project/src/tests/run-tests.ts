/** Finds, reads and runs the tests of a project: results one by one, as they come. Knows no disk and prints nothing. */
import { caselessPath, filesIn } from '../files/caseless-path.ts';
import { type ProjectFiles, readText } from '../files/project-files.ts';
import type { CaseResult } from './case-result.ts';
import { CoverageCollector, type QueryCoverage } from './coverage.ts';
import { isTestConfig, readTestConfig } from './read-test-config.ts';
import { isTestFile, readTestFile } from './read-test-file.ts';
import { runTestCase } from './run-test-case.ts';
import type { TestFile } from './test-case.ts';
import type { TestEnvironment } from './test-environment.ts';

const testFolders = ['', 'tests', 'test', 'queries'] as const;

/** Paths of test files: beside the query, under tests/, test/ or queries/, and test/testConfig.json. In order. */
export async function findTests(files: ProjectFiles): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const folder of testFolders) {
    for (const ending of ['.test.yaml', '.test.yml', '.asaql-test.yaml', '.asaql-test.yml'])
      for (const path of await filesIn(files, folder, ending)) found.add(path);
  }
  const config = await caselessPath(files, 'test/testConfig.json');
  if (config !== null) found.add(config);
  return [...found].sort();
}

/** Rejects with an error of one line where the file cannot be read at all. */
export async function readTests(files: ProjectFiles, path: string): Promise<TestFile> {
  const text = await readText(files, path);
  if (text === null) throw new Error(`${path} does not exist.`);
  if (isTestConfig(path)) return readTestConfig(path, text);
  if (isTestFile(path) || /\.ya?ml$/i.test(path)) return readTestFile(path, text);
  throw new Error(`${path} is no test file: it ends with .test.yaml, or is called testConfig.json.`);
}

export interface RunTestsOptions {
  /** Only cases whose file or name holds this text, whatever its case; '' for all. */
  readonly filter?: string;
  /** Only the cases of these names, where given. */
  readonly names?: readonly string[];
  readonly signal?: { readonly aborted: boolean };
}

export async function* runTests(
  file: TestFile,
  environment: TestEnvironment,
  options: RunTestsOptions = {},
): AsyncGenerator<CaseResult> {
  for (const test of selectedCases(file, options)) {
    if (options.signal?.aborted) return;
    yield await runTestCase(file.path, test, environment);
  }
}

export function selectedCases({ path, cases }: TestFile, { filter = '', names }: RunTestsOptions): TestFile['cases'] {
  const wanted = filter.toLowerCase();
  return cases.filter(
    ({ name }) => `${path} ${name}`.toLowerCase().includes(wanted) && (names === undefined || names.includes(name)),
  );
}

export interface TestSummary {
  readonly total: number;
  readonly passed: number;
  /** Broken ones included. */
  readonly failed: number;
  readonly durationMs: number;
  readonly coverage: readonly QueryCoverage[];
}

export function summaryOf(results: readonly CaseResult[]): TestSummary {
  const passed = results.filter(({ status }) => status === 'passed').length;
  const byQuery = new Map<string, { readonly text: string; readonly collector: CoverageCollector; readonly query: string }>();
  for (const { reached } of results) {
    if (reached === null) continue;
    const key = `${reached.query}\n${reached.text}`;
    const known = byQuery.get(key) ?? { query: reached.query, text: reached.text, collector: new CoverageCollector() };
    known.collector.add(reached.keys);
    byQuery.set(key, known);
  }
  return {
    total: results.length,
    passed,
    failed: results.length - passed,
    durationMs: results.reduce((sum, { durationMs }) => sum + durationMs, 0),
    coverage: [...byQuery.values()].map(({ query, text, collector }) => collector.report(query, text)),
  };
}
