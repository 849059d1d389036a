/** `asaql test` from the command line: what it shows and writes, and its exit codes. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();
const at = (name: string) => join(folder.path, name);

const query = "SELECT udf.twice(v) AS v, k INTO out FROM i TIMESTAMP BY t WHERE k <> 'x'\n";
const yaml = (v: number) =>
  `cases:\n  - name: doubles # it does\n    inputs:\n      i: [{ t: +1s, k: a, v: 2 }]\n    expect:\n      outputs:\n        out:\n          - { k: a, v: ${v} }\n`;

folder.write('p/asaproj.json', '{ "name": "p", "startFile": "p.asaql" }');
folder.write('p/p.asaql', query);
folder.write('p/Functions/twice.js', 'function main(v) { return 2 * v; }\n');
folder.write('p/tests/good.test.yaml', yaml(4));
folder.write('p/tests/wrong.test.yaml', yaml(5));

test('a failing case: exit 1, the difference, JUnit; the other file passes beside it', async () => {
  const { code, output } = await runAsaql(['test', at('p'), '--junit', at('out/junit.xml'), '--coverage', '--jobs', '2']);
  assert.equal(code, 1);
  assert.match(output, /✔ tests\/good.test.yaml › doubles/);
  assert.match(output, /✖ tests\/wrong.test.yaml › doubles[\s\S]*- v {2}5\n\s+\+ v {2}4/);
  assert.match(output, /not reached line 1: condition WHERE false: k <> 'x'/);
  assert.match(output, /2 cases: 1 passed, 1 failed/);
  assert.match(folder.read('out/junit.xml'), /<testsuites tests="2" failures="1" errors="0"/);
});

test('--filter takes some of them, --json gives one document', async () => {
  const { code, output } = await runAsaql(['test', at('p'), '--filter', 'GOOD', '--json']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(output).summary.total, 1);
});

test('--update mends the expectation in place, comments stay', async () => {
  folder.write('p/tests/old.test.yaml', yaml(7));
  const { code, errors } = await runAsaql(['test', at('p/tests/old.test.yaml'), '--update']);
  assert.equal(code, 0);
  assert.match(errors, /updated .*old.test.yaml/);
  assert.equal(folder.read('p/tests/old.test.yaml'), yaml(4));
});

test('the generator: a seed gives the same events, a scenario that there is not is told', async () => {
  const generated = (scenario: string) =>
    `policies: { late: any, early: any }\ncases:\n  - name: g\n    inputs: { i: { generate: { seed: 1, eps: 10, duration: 5s, users: 20, scenarios: [${scenario}] } } }\n    query: count.asaql\n    expect: { outputs: { out: { columns: [n], rows: [{ n: 1 }, { n: 49 }] } } }\n`;
  folder.write(
    'p/tests/count.asaql',
    'SELECT COUNT(*) AS n INTO out FROM i TIMESTAMP BY timestamp GROUP BY TumblingWindow(minute, 1)\n',
  );
  folder.write('p/tests/generated.test.yaml', generated('duplicates'));
  assert.equal((await runAsaql(['test', at('p/tests/generated.test.yaml')])).code, 0);
  folder.write('p/tests/generated.test.yaml', generated('flood'));
  const { code, output } = await runAsaql(['test', at('p/tests/generated.test.yaml')]);
  assert.equal(code, 1);
  assert.match(output, /The generator has no scenario 'flood'. It has late,/);
});

test('testConfig.json: as it is, with its summary', async () => {
  folder.write('c/asaproj.json', '{ "name": "c", "startFile": "c.asaql" }');
  folder.write('c/c.asaql', 'SELECT k INTO out FROM i');
  folder.write('c/test/in.json', '{"k":1}\n{"k":2}\n');
  folder.write('c/test/out.json', '[{"k":2},{"k":1}]');
  const inputs = [{ InputAlias: 'i', Type: 'Data Stream', Format: 'JSON', FilePath: 'in.json', ScriptType: 'InputMock' }];
  const outputs = [{ OutputAlias: 'out', FilePath: 'out.json', Required: true }];
  folder.write(
    'c/test/testConfig.json',
    JSON.stringify({ Script: '', TestCases: [{ Name: 'Case 1', Inputs: inputs, ExpectedOutputs: outputs }] }),
  );
  const { code, output } = await runAsaql(['test', at('c'), '--summary', at('c/bin/testResultSummary.json')]);
  assert.equal(code, 0, output);
  const summary = JSON.parse(folder.read('c/bin/testResultSummary.json'));
  assert.deepEqual([summary.Total, summary.Passed, summary.Results[0].OutputMatched[0].OutputAlias], [1, 1, 'out']);
  assert.equal(folder.read('c/bin/Case_1/out.json'), '{"k":1}\n{"k":2}\n');
});

test('exit 2 in one line where nothing can be tested, exit 1 with places for a test file with errors', async () => {
  const missing = await runAsaql(['test', at('nowhere')]);
  assert.deepEqual([missing.code, missing.errors], [2, `asaql test: ${at('nowhere')} does not exist.\n`]);
  folder.write('empty/asaproj.json', '{}');
  assert.match((await runAsaql(['test', at('empty')])).errors, /has no tests: write tests\/NAME.test.yaml/);
  folder.write('bad/a.test.yaml', 'cases:\n  - nmae: a\n');
  const bad = await runAsaql(['test', at('bad')]);
  assert.equal(bad.code, 1);
  assert.match(bad.output, /a.test.yaml:2:5 error A case has no key 'nmae'. Did you mean 'name'\?/);
});
