/** `asaql format` changes what differs and nothing else; with --check it changes nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from '../run/command-folder.ts';

const folder = commandFolder();

test('--check says which files differ and leaves them; without it they are formatted, and then none differs', async () => {
  const untidy = folder.write('a/untidy.asaql', 'select a   into o from i -- why\n');
  const windows = folder.write('a/windows.asaql', 'select a\r\ninto o\r\nfrom i');
  const tidy = folder.write('a/tidy.asaql', 'SELECT a\nINTO o\nFROM i\n');
  const before = await runAsaql(['format', '--check', join(folder.path, 'a')]);
  assert.equal(before.code, 1);
  assert.equal(before.output, `${untidy}\n${windows}\n`);
  assert.equal(folder.read('a/untidy.asaql'), 'select a   into o from i -- why\n');
  const formatted = await runAsaql(['format', untidy, windows, tidy]);
  assert.equal(formatted.code, 0);
  assert.equal(folder.read('a/untidy.asaql'), 'SELECT a\nINTO o\nFROM i -- why\n');
  assert.equal(folder.read('a/windows.asaql'), 'SELECT a\r\nINTO o\r\nFROM i\r\n');
  const after = await runAsaql(['format', '--check', join(folder.path, 'a')]);
  assert.deepEqual([after.code, after.output], [0, '']);
});

test('a text with errors keeps them', async () => {
  const broken = folder.write('broken.asaql', 'select from where');
  assert.equal((await runAsaql(['format', broken])).code, 0);
  assert.match(folder.read('broken.asaql').replace(/\s+/g, ' ').trim(), /^select from where$/i);
});

for (const [argv, message] of [
  [[], /takes files or folders/],
  [[join(folder.path, 'none.asaql')], /does not exist/],
  [['--fast'], /--fast/],
] as const) {
  test(`asaql format ${argv.map((one) => one.replace(folder.path, '')).join(' ')} is wrong usage`, async () => {
    const { code, errors } = await runAsaql(['format', ...argv]);
    assert.equal(code, 2);
    assert.match(errors, message);
  });
}
