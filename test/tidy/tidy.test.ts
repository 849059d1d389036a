/** House rules that a machine can check: sizes, names, first lines, paths in the map, forbidden words. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const root = dirname(dirname(import.meta.dirname));
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = tracked.filter((file) => /\.(ts|mjs)$/.test(file) && !/\.generated\.ts$/.test(file));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('files stay under 600 lines', () => {
  const long = sources.map((file) => [file, read(file).split('\n').length] as const).filter(([, lines]) => lines > 600);
  assert.deepEqual(long, []);
});

test('functions stay under 70 lines', () => {
  const long: string[] = [];
  for (const file of sources.filter((name) => /\/src\/|^scripts\//.test(name))) {
    const lines = read(file).split('\n');
    lines.forEach((line, start) => {
      const opening =
        /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\b.*|(?:private |protected |public |static |override |readonly |async |get |set |\*)*[#\w]+\(.*\).*)\{$/.exec(
          line,
        );
      if (!opening || /^\s*(?:if|for|while|switch|catch|return|describe|test|do|else)\b/.test(line)) return;
      const end = lines.findIndex(
        (other, index) => index > start && other.startsWith(`${opening[1]}}`) && !/^\s*\} (?:else|catch|finally)/.test(other),
      );
      if (end - start > 70) long.push(`${file}:${start + 1} (${end - start} lines)`);
    });
  }
  assert.deepEqual(long, []);
});

test('file names are kebab-case and name an idea', () => {
  const odd = sources.filter((file) => {
    const name = basename(file).replace(/\.(test|e2e|compat|generated|d)?\.?(ts|mjs)$/, '');
    return !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc)$/.test(name);
  });
  assert.deepEqual(odd, []);
});

test('a source file begins by saying what it is for', () => {
  const silent = sources.filter((file) => !/^(#!.*\n)?(\/\*\*?|\/\/)/.test(read(file)));
  assert.deepEqual(silent, []);
});

test('no test is skipped or left to do', () => {
  const found = sources.filter(
    (file) =>
      file !== 'test/tidy/tidy.test.ts' && /\b(test|it|describe)\.(skip|todo|only)\(|\b(TODO|FIXME|XXX)\b/.test(read(file)),
  );
  assert.deepEqual(found, []);
});

test('every path that the documents name exists', () => {
  const missing: string[] = [];
  for (const file of tracked.filter((name) => name.endsWith('.md'))) {
    const text = read(file);
    for (const match of text.matchAll(/`([\w.-]+(?:\/[\w.*-]+)+\/?)`|\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const path = match[1] ?? match[2] ?? '';
      const rooted = match[1] !== undefined ? join(root, path) : join(root, dirname(file), path);
      const first = path.split('/')[0] ?? '';
      // In code marks only what begins with one of our folders is a path.
      if (match[1] !== undefined && !existsSync(join(root, first))) continue;
      if (path.includes('*') || path.startsWith('node_modules/')) continue;
      if (!existsSync(rooted) && !/(^|\/)(dist|\.asaql|\.node|\.env)(\/|$)/.test(path)) missing.push(`${file}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

test('the lockfile names no registry', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; link?: boolean }> };
  const addresses = Object.entries(lock.packages).filter(
    ([, entry]) => entry.resolved && !entry.link && !entry.resolved.startsWith('https://registry.npmjs.org/'),
  );
  assert.deepEqual(addresses, []);
});
