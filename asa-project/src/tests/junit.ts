/** Results as JUnit XML, the form that build servers publish. Writes no file. */
import type { CaseResult } from './case-result.ts';
import { failureText } from './print-results.ts';
import type { TestProblem } from './test-case.ts';

/** One suite a file; a file that cannot be read is a suite with an error. */
export function junitXml(results: readonly CaseResult[], problems: readonly TestProblem[]): string {
  const files = new Set([...results.map(({ file }) => file), ...problems.map(({ path }) => path)]);
  const suites = [...files].sort().map((file) =>
    suite(
      file,
      results.filter((result) => result.file === file),
      problems.filter(({ path }) => path === file),
    ),
  );
  const failures = results.filter(({ status }) => status === 'failed').length;
  const errors = results.filter(({ status }) => status === 'broken').length + problems.length;
  const head = `tests="${results.length + problems.length}" failures="${failures}" errors="${errors}" time="${seconds(results)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${head}>\n${suites.join('')}</testsuites>\n`;
}

function suite(file: string, results: readonly CaseResult[], problems: readonly TestProblem[]): string {
  const failures = results.filter(({ status }) => status === 'failed').length;
  const errors = results.filter(({ status }) => status === 'broken').length + problems.length;
  const head = `name=${quoted(file)} tests="${results.length + problems.length}" failures="${failures}" errors="${errors}" time="${seconds(results)}"`;
  const cases = results.map((result) => testCase(result));
  const broken = problems.map(
    ({ message, line, column }) =>
      `    <testcase name=${quoted(`line ${line}`)} classname=${quoted(file)} file=${quoted(file)} line="${line}" time="0">\n      <error message=${quoted(message)}>${escaped(`${file}:${line}:${column} ${message}`)}</error>\n    </testcase>\n`,
  );
  return `  <testsuite ${head}>\n${cases.join('')}${broken.join('')}  </testsuite>\n`;
}

function testCase(result: CaseResult): string {
  const { name, file, place, status, failures } = result;
  const head = `name=${quoted(name)} classname=${quoted(file)} file=${quoted(file)} line="${place.line}" time="${seconds([result])}"`;
  if (status === 'passed') return `    <testcase ${head}/>\n`;
  const element = status === 'broken' ? 'error' : 'failure';
  const body = failures.map((failure) => failureText(failure)).join('');
  const first = body.trim().split('\n')[0] ?? '';
  return `    <testcase ${head}>\n      <${element} message=${quoted(first)}>${escaped(body)}</${element}>\n    </testcase>\n`;
}

function seconds(results: readonly CaseResult[]): string {
  return (results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(3);
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`;
}

/** What XML cannot hold at all is left out. */
function escaped(text: string): string {
  return [...text]
    .filter((sign) => sign >= ' ' || sign === '\n' || sign === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
