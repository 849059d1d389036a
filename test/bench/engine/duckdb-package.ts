/** Installs DuckDB into the folder of its own, by its own lockfile, when the bench first needs it: no part of `npm start`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const folder = join(dirname(import.meta.dirname), 'duckdb');

export function ensureDuckdb(): void {
  if (existsSync(join(folder, 'node_modules', '@duckdb', 'node-api'))) return;
  console.error('Installing DuckDB for the comparison …');
  // Under `npm run bench`, npm says where its own program is: no shell is needed, on any platform.
  const program = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: folder, stdio: ['ignore', 2, 2] as ['ignore', number, number] };
  const result = program?.endsWith('.js')
    ? spawnSync(process.execPath, [program, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`npm ci failed in ${folder}: see its message above.`);
}
