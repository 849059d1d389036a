/** `asaql check` as text, JSON and SARIF, for files on their own and within a project. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckedFile } from '../../src/check/check-files.ts';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();
const root = join(import.meta.dirname, '..', '..', '..');
const clean = folder.write('clean.asaql', 'SELECT a INTO o FROM i TIMESTAMP BY t\n');
const faulty = folder.write(
  'faulty.asaql',
  'SELECT a, COUNT(*) AS n\nINTO o\nFROM i TIMESTAMP BY t\nGROUP BY b, TumblingWindow(second, 5)\n',
);

async function checked(...argv: string[]): Promise<{ readonly code: number | null; readonly files: readonly CheckedFile[] }> {
  const { code, output, errors } = await runAsaql(['check', '--json', ...argv]);
  assert.notEqual(code, 2, errors);
  return { code, files: JSON.parse(output).files };
}
const codesOf = (file: CheckedFile | undefined, severity: string) =>
  (file?.diagnostics ?? []).filter((one) => one.severity === severity).map(({ code }) => code);

test('JSON: files as named, lines and columns from 1', async () => {
  const { code, files } = await checked(faulty, clean);
  assert.equal(code, 1);
  assert.deepEqual(
    files.map(({ file }) => file),
    [faulty, clean],
  );
  const error = files[0]?.diagnostics.find(({ severity }) => severity === 'error');
  assert.ok(error);
  const { startLine, startColumn, endLine, endColumn } = error;
  assert.deepEqual({ startLine, startColumn, endLine, endColumn }, { startLine: 1, startColumn: 8, endLine: 1, endColumn: 9 });
  assert.match(error.code, /^ASA\d{4}$/);
  assert.deepEqual(Object.keys(error), ['code', 'severity', 'message', 'startLine', 'startColumn', 'endLine', 'endColumn']);
});

test('text: a line each, as compilers print it', async () => {
  const { code, output, errors } = await runAsaql(['check', faulty]);
  assert.equal(code, 1);
  assert.match(output, /^.*faulty\.asaql:1:8 error ASA\d{4} .+\n/);
  assert.match(errors, /^1 file, 1 error, /);
});

test('what is clean exits with 0, with warnings too', async () => {
  assert.equal((await runAsaql(['check', clean])).code, 0);
  const warned = folder.write('warned.asaql', 'SELECT a INTO o FROM i TIMESTAMP BY t WHERE a = NULL\n');
  const { code, files } = await checked(warned);
  assert.equal(code, 0);
  assert.equal(codesOf(files[0], 'warning').length, 1);
});

test('outside a project a join without DATEDIFF is no error: its right side may be reference data', async () => {
  const { code, files } = await checked(
    folder.write('join.asaql', 'SELECT i.a, r.b INTO o FROM i TIMESTAMP BY t JOIN r ON i.a = r.a\n'),
  );
  assert.equal(code, 0);
  assert.equal(codesOf(files[0], 'error').length, 0);
  assert.ok(codesOf(files[0], 'warning').length > 0);
});

test('SARIF: a rule for each code, places relative to the working folder', async () => {
  const { code } = await runAsaql(['check', faulty, '--sarif', join(folder.path, 'log.sarif')]);
  assert.equal(code, 1);
  const log = JSON.parse(folder.read('log.sarif'));
  assert.equal(log.version, '2.1.0');
  const [run] = log.runs;
  const result = run.results.find(({ level }: { level: string }) => level === 'error');
  assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  assert.deepEqual(result.locations[0].physicalLocation.region, { startLine: 1, startColumn: 8, endLine: 1, endColumn: 9 });
  assert.match(result.locations[0].physicalLocation.artifactLocation.uri, /faulty\.asaql$/);
});

function project(name: string, query: string): string {
  const write = (file: string, content: unknown) =>
    folder.write(join(name, file), typeof content === 'string' ? content : JSON.stringify(content));
  write('asaproj.json', {
    name,
    startFile: 'job.asaql',
    configurations: [{ filePath: 'Inputs\\Local_I.json', subType: 'InputMock' }],
  });
  write('JobConfig.json', { ScriptType: 'JobConfig', CompatibilityLevel: '1.2', EventsLateArrivalMaxDelayInSeconds: 7 });
  write('Inputs/I.json', { ScriptType: 'Input', Name: 'I', Type: 'Data Stream' });
  write('Inputs/R.json', { ScriptType: 'Input', Name: 'R', Type: 'Reference data' });
  write('Inputs/Local_I.json', {
    ScriptType: 'InputMock',
    InputAlias: 'I',
    Type: 'Data Stream',
    Format: 'Json',
    FilePath: 'i.json',
  });
  write('Inputs/Local_R.json', { ScriptType: 'InputMock', Name: 'R', Type: 'Reference data', FilePath: 'r.csv' });
  write('Inputs/i.json', '{"t":"2026-01-15T12:00:00Z","a":1,"inner":{"b":2}}\n{"t":"2026-01-15T12:00:01Z","a":1.5}\n');
  write('Inputs/r.csv', 'key,name\n1,one\n');
  write('Outputs/O.json', {
    ScriptType: 'Output',
    Name: 'O',
    DataSourceType: 'DocumentDB',
    DocumentDbProperties: { PartitionKey: 'a' },
  });
  write('Functions/F.js', 'function main(x) { return x + 1; }');
  write('Functions/F.js.json', { ScriptType: 'JSFunction', Name: 'F', Type: 'Scalar', FunctionInputs: [{ DataType: 'any' }] });
  return write('job.asaql', query);
}

test('a project declares inputs with their columns, outputs and functions', async () => {
  const fine = project('fine', 'SELECT I.a, udf.F(I.a) AS f, R.name INTO O FROM I TIMESTAMP BY t JOIN R ON I.a = R.key\n');
  const { code, files } = await checked(join(folder.path, 'fine'));
  assert.deepEqual(
    files.map(({ file }) => file),
    [fine],
  );
  assert.deepEqual([codesOf(files[0], 'error'), code], [[], 0]);
  for (const query of ['SELECT a INTO O FROM J', 'SELECT a INTO P FROM I', 'SELECT udf.G(a) AS a INTO O FROM I']) {
    const strange = project('strange', query);
    assert.equal((await checked(strange)).code, 1, query);
    assert.equal((await checked(strange, '--project', join(folder.path, 'strange'))).code, 1);
  }
});

test('a project runs with its own inputs, reference data, functions and policies', async () => {
  project('runs', 'SELECT I.a, udf.F(I.a) AS f, R.name INTO O FROM I TIMESTAMP BY t JOIN R ON I.a = TRY_CAST(R.key AS float)');
  const { code, output, errors } = await runAsaql(['run', join(folder.path, 'runs'), '--json']);
  assert.equal(code, 0, errors);
  assert.deepEqual(JSON.parse(output), { O: [{ a: 1, f: 2, name: 'one' }] });
});

test('our own project is clean, as a whole and file by file', async () => {
  const { code, files } = await checked(join(root, 'stream-analytics'));
  assert.equal(code, 0);
  assert.ok(files.length >= 8);
  assert.deepEqual(
    files.flatMap((file) => [...codesOf(file, 'error'), ...codesOf(file, 'warning')]),
    [],
  );
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /takes files or folders/],
  [[join(folder.path, 'missing.asaql')], /missing\.asaql does not exist/],
  [[clean, '--project', join(folder.path, 'none')], /none is no folder/],
  [[clean, '--sarif', join(clean, 'x')], /cannot be written/],
  [[clean, '--fast'], /--fast/],
];
for (const [argv, message] of wrong) {
  test(`asaql check ${argv.map((one) => one.replace(folder.path, '')).join(' ')} is wrong usage`, async () => {
    const { code, errors } = await runAsaql(['check', ...argv]);
    assert.equal(code, 2);
    assert.match(errors, message);
    assert.equal(errors.trimEnd().split('\n').length, 1);
  });
}
