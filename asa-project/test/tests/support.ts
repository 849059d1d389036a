/** Runs test files over a project in memory. */
import { noUserFunctions } from '@asaql/engine';
import {
  type CaseResult,
  memoryFiles,
  openProject,
  printedCase,
  readTests,
  runTests,
  type TestEnvironment,
} from '@asaql/project';

export async function environmentOf(contents: Readonly<Record<string, string | Uint8Array>>): Promise<TestEnvironment> {
  const files = memoryFiles(contents);
  let clock = 0;
  return {
    files,
    project: (await openProject(files)).project,
    functions: async () => noUserFunctions,
    generate: ({ seed, eventsPerSecond, durationMs }, startMs) =>
      Array.from({ length: (eventsPerSecond * durationMs) / 1000 }, (_, index) => {
        const arrivalTimeMs = startMs + (index * 1000) / eventsPerSecond;
        return { text: JSON.stringify({ t: new Date(arrivalTimeMs).toISOString(), k: seed }), arrivalTimeMs, partition: 0 };
      }),
    unzip: (bytes) => bytes,
    nowMs: () => clock++,
  };
}

export async function resultsOf(
  path: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<readonly CaseResult[]> {
  const environment = await environmentOf(contents);
  const file = await readTests(environment.files, path);
  if (file.problems.length > 0) throw new Error(file.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const results: CaseResult[] = [];
  for await (const result of runTests(file, environment)) results.push(result);
  return results;
}

/** What a terminal without colours shows of the cases that did not pass. */
export async function messagesOf(yaml: string, query: string, others: Readonly<Record<string, string>> = {}): Promise<string> {
  const results = await resultsOf('tests/q.test.yaml', { 'tests/q.test.yaml': yaml, 'queries/q.asaql': query, ...others });
  return results
    .filter(({ status }) => status !== 'passed')
    .map((result) => printedCase(result, { colour: false, folder: '' }))
    .join('');
}
