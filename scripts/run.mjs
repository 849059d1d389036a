// The project's commands, from a clone with nothing installed: sees to Node 24 and to the packages, then does what is asked.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode, npm, root, runAs } from './node-runtime.mjs';

const commands = {
  up: ['pipeline/bin/asaql.mjs', 'up'],
  test: ['scripts/test.ts', 'unit'],
  'test:e2e': ['scripts/test.ts', 'e2e'],
  'test:desktop': ['extension/test/desktop.ts'],
  build: ['scripts/build.ts'],
  package: ['extension/build.ts'],
  check: ['scripts/check.ts'],
  format: ['scripts/check.ts', '--write'],
  bench: ['test/bench/bench.ts'],
};

/** Installs the packages that the lockfile names, unless that was done for this very lockfile. */
function ensurePackages(node) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(process.platform).update(process.arch).digest('hex');
  const stamp = join(root, 'node_modules', '.asaql-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages …');
  const result = npm(node, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.status !== 0) throw new Error('npm ci failed: see its message above.');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted);
}

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`Unknown command "${name}". Known: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}
try {
  const node = ensureNode();
  ensurePackages(node);
  process.exitCode = await runAs(node, [...command, ...rest], { cwd: root });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
