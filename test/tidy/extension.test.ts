/** The extension's own walls: who may speak to VS Code, and that features stay apart. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const source = join(dirname(dirname(import.meta.dirname)), 'extension', 'src');
const files = globSync('**/*.ts', { cwd: source }).map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));

/** Files of the room that a file imports, from the room's sources on; types do not count. */
function importsOf({ file, text }: (typeof files)[number]): readonly string[] {
  return [...text.matchAll(/^\s*(?:import|export)\s(?!type\b)[^'";]*?from\s+'(\.[^']+)'/gm)].map((match) =>
    relative(source, resolve(source, dirname(file), match[1] as string)),
  );
}

const featureOf = (file: string) => /^features\/([^/]+)\//.exec(file)?.[1] ?? null;

test('only the entries, the features and the platform know VS Code', () => {
  const found = files.filter(
    ({ file, text }) =>
      /from 'vscode(-languageclient[^']*)?'/.test(text) && !/^(extension|browser)\.ts$|^(features|platform)\//.test(file),
  );
  assert.deepEqual(
    found.map(({ file }) => file),
    [],
  );
});

test('a feature imports no sibling, and has one door', () => {
  const found = files.flatMap((each) =>
    importsOf(each)
      .filter((target) => featureOf(target) !== null && featureOf(target) !== featureOf(each.file))
      .filter((target) => featureOf(each.file) !== null || !target.endsWith('/index.ts'))
      .map((target) => `${each.file} → ${target}`),
  );
  assert.deepEqual(found, []);
});

test('the platform and the programs know no feature', () => {
  const found = files.flatMap((each) =>
    featureOf(each.file) !== null || /^(extension|browser)\.ts$/.test(each.file)
      ? []
      : importsOf(each)
          .filter((target) => featureOf(target) !== null)
          .map((target) => `${each.file} → ${target}`),
  );
  assert.deepEqual(found, []);
});
