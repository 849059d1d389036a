/** Runs the commands of docs/testing.md over the files that it shows, and gives the page with what they print. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

const program = join(dirname(import.meta.dirname), 'pipeline', 'bin', 'asaql.mjs');

/** Blocks below `<!-- file: PATH -->` are files; lines with `$` in blocks of `console` are run, in the order of the page. */
export function executedPage(page: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-page-'));
  try {
    return page.replace(
      /(?:<!-- file: (\S+) -->\n)?```(\w+)\n([\s\S]*?)```/g,
      (block, path: string | undefined, kind: string, content: string) => {
        if (path !== undefined) writeAt(join(folder, path), content);
        if (kind !== 'console') return block;
        const commands = content.split('\n').filter((line) => line.startsWith('$ '));
        return `\`\`\`console\n${commands.map((command) => `${command}\n${printed(command.slice(2), folder)}`).join('')}\`\`\``;
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeAt(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function printed(command: string, folder: string): string {
  const [name, ...argv] = command.split(' ');
  if (name === 'cat') return execFileSync('cat', argv, { cwd: folder, encoding: 'utf8' });
  if (name !== 'asaql') throw new Error(`The page runs asaql and cat only, not ${name}.`);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, FORCE_COLOR: undefined };
  const { stdout, stderr, error } = spawnSync(process.execPath, [program, ...argv], { cwd: folder, encoding: 'utf8', env });
  if (error) throw error;
  return `${stdout}${stderr}`;
}

/** Without what differs from run to run. */
export function withoutTimes(page: string): string {
  return page.replace(/\b\d+ ms\n/g, '# ms\n').replace(/\(\d+\.\d+ s\)/g, '(# s)');
}
