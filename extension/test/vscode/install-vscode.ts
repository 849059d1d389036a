/**
 * Installs the VS Code of the end-to-end tests: code-server, the same workbench and extension host behind a web server, from
 * the npm registry. Its own packages are pinned by its shrinkwrap; of its native modules only two are compiled, without
 * which the output channels stay empty and the log fills with noise.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;
const server = join(here, 'node_modules', 'code-server');
const stamp = join(here, 'node_modules', '.installed');

export interface InstalledVsCode {
  /** The program of the server. */
  readonly entry: string;
  /** Where mocha stands, for the suite inside the extension host. */
  readonly mocha: string;
}

/** Does nothing where it was done for this very lockfile. Throws an error with npm's last words. */
export function installVsCode(): InstalledVsCode {
  const wanted = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .update(process.version)
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    console.log('Installing VS Code for the tests (about two minutes, once) …');
    const vscode = join(server, 'lib', 'vscode');
    npm(here, 'ci', '--ignore-scripts');
    npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
    npm(join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
    npm(vscode, 'rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
    writeFileSync(stamp, wanted);
  }
  return { entry: join(server, 'out', 'node', 'entry.js'), mocha: join(here, 'node_modules', 'mocha') };
}

function npm(folder: string, ...args: string[]): void {
  const node = dirname(dirname(process.execPath));
  const result = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      // Compiled against the headers of the very Node that loads it.
      ...(existsSync(join(node, 'include', 'node', 'node.h')) ? { npm_config_nodedir: node } : {}),
    },
  });
  if (result.status !== 0)
    throw new Error(`npm ${args[0]} in ${folder} failed:\n${`${result.stdout}${result.stderr}`.slice(0, 2000)}`);
}
