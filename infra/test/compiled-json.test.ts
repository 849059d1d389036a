/** Whether the committed template, parameters and predictions are those of the committed sources: by hash, with no compiler. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pinnedVersion } from '../src/bicep-compiler.ts';
import { bicepFolder, digest, sourceFiles } from '../src/compiled-files.ts';

const root = dirname(dirname(import.meta.dirname));
const record = JSON.parse(readFileSync(join(bicepFolder, 'compiled.json'), 'utf8')) as {
  compiler: string;
  sources: Record<string, string>;
  compiled: Record<string, string>;
};
const remedy = 'run: dotnet restore infra/compiler/bicep.csproj && node infra/src/compile.ts';
const changed = (digests: Record<string, string>) =>
  Object.entries(digests)
    .filter(([file, known]) => digest(readFileSync(join(root, file), 'utf8')) !== known)
    .map(([file]) => file);

test('what is committed was compiled from the sources that are committed', () => {
  assert.deepEqual(sourceFiles(), Object.keys(record.sources), remedy);
  assert.deepEqual(changed(record.sources), [], remedy);
  assert.equal(record.compiler, pinnedVersion, remedy);
});

test('nobody has edited what is compiled', () => {
  assert.deepEqual(changed(record.compiled), [], remedy);
});
