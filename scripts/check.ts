/** What a merge must pass besides the tests: types of every room, format and lint. `--write` formats instead. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const root = dirname(import.meta.dirname);
process.chdir(root);

function run(name: string, program: string, args: string[]): boolean {
  const script = join(root, 'node_modules', program);
  const result = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  console.log(`${result.status === 0 ? 'passed' : 'FAILED'}  ${name}`);
  return result.status === 0;
}

const biome = '@biomejs/biome/bin/biome';
if (process.argv.includes('--write')) {
  process.exitCode = run('format', biome, ['check', '--write', '.']) ? 0 : 1;
} else {
  const projects = globSync(['*/tsconfig.json', '*/tsconfig.test.json']).sort();
  const results = [
    ...projects.map((project) => run(`types of ${project}`, 'typescript/bin/tsc', ['-p', project])),
    run('format and lint', biome, ['ci', '--error-on-warnings', '.']),
  ];
  const failed = results.filter((passed) => !passed).length;
  console.log(`checks: ${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
