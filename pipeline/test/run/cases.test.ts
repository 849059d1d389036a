/** Every documented case through the code of `asaql run`: files written, options read, rows taken from the JSON document. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { differenceOf } from '../../../asaql-engine/test/cases/compare-rows.ts';
import { runAsaql } from '../cli/asaql-process.ts';
import { type Case, caseFiles, caseOptions } from './documented-case.ts';
import { runInProcess } from './run-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-cases-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const cases = readFileSync(new URL('../../../asaql-engine/test/cases/cases.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as Case);

/** Cases that print a choice which another rule contradicts; docs/language.md says what was chosen. */
const otherChoice = new Set([
  'W02-hopping-10-5',
  'W08-hopping-topone-periodic',
  'D11b-session-gap-equals-timeout-W05-reading',
  'S14-match-recognize',
]);

/** Some of each kind also through a process of their own. */
const inProcessOfItsOwn = new Set([
  'W03-sliding-10s-having3',
  'T04-watermark-drop',
  'J11-ref-join-dynamic-threshold',
  'S13-udf-hex',
]);

function check(one: Case, rows: Readonly<Record<string, readonly never[]>>): void {
  const options = { prefix: one.expectedIsPrefix === true, unorderedArrays: one.unorderedArrays === true };
  for (const [output, expected] of Object.entries(one.expected)) {
    const entry = Object.entries(rows).find(([name]) => name.toLowerCase() === output.toLowerCase());
    assert.ok(entry, `There is no output ${output}.`);
    const difference = differenceOf(entry[1], expected, options);
    if (otherChoice.has(one.id)) assert.notEqual(difference, null);
    else assert.equal(difference, null);
  }
}

for (const [number, one] of cases.entries()) {
  test(`case ${one.id}`, async () => {
    for (const format of ['ndjson', 'array', 'gzip'] as const) {
      const files = caseFiles(one, join(folder, `${number}-${format}`), format);
      check(one, JSON.parse(await runInProcess(caseOptions(one, files))));
    }
  });
}

for (const one of cases.filter(({ id }) => inProcessOfItsOwn.has(id))) {
  test(`case ${one.id} as a command`, async () => {
    const files = caseFiles(one, join(folder, one.id), 'ndjson');
    const { code, output, errors } = await runAsaql(['run', ...caseOptions(one, files)]);
    assert.equal(code, 0, errors);
    check(one, JSON.parse(output));
  });
}

test('rows of two files of one input are merged by arrival', async () => {
  const query = join(folder, 'merged.asaql');
  writeFileSync(query, 'SELECT n, System.Timestamp() AS at FROM i TIMESTAMP BY at');
  const write = (name: string, rows: readonly object[]) => {
    writeFileSync(join(folder, name), JSON.stringify(rows));
    return `i=${join(folder, name)}`;
  };
  const minute = (text: string) => `2026-01-15T12:${text}Z`;
  const a = write('a.json', [
    { n: 1, at: minute('00:10'), came: minute('00:10') },
    { n: 3, at: minute('00:20'), came: minute('00:30') },
  ]);
  const b = write('b.json', [{ n: 2, at: minute('00:25'), came: minute('00:25') }]);
  const run = async (...options: string[]) =>
    JSON.parse(await runInProcess([query, '--input', a, '--input', b, '--json', ...options])).output;
  const full = (text: string) => `2026-01-15T12:${text}.0000000Z`;
  assert.deepEqual(await run('--arrival', 'came', '--late', '60'), [
    { n: 1, at: full('00:10') },
    { n: 2, at: full('00:25') },
    { n: 3, at: full('00:25') },
  ]);
  assert.deepEqual(await run(), [
    { n: 1, at: full('00:10') },
    { n: 3, at: full('00:20') },
    { n: 2, at: full('00:25') },
  ]);
});
