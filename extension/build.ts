/**
 * Builds the extension: one bundle for editors with Node, one for browsers, and the programs that either starts. `package`
 * makes the .vsix of it, with the packager that has a folder of its own (packaging/).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { buildEditorPages } from '@asaql/webview/build';
import { type BuildOptions, build } from 'esbuild';
import { buildFunctionsApp } from '../runtime/build.ts';

const here = import.meta.dirname;
const dist = join(here, 'dist');

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: here,
  // Names of classes tell people what went wrong.
  keepNames: false,
};
/** What the oldest editor that is supported runs on. */
const node: BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  // Some packages' CommonJS finds its parts at run time, where a bundle has none.
  mainFields: ['module', 'main'],
};
const browser: BuildOptions = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'cjs',
  external: ['vscode'],
  // One protocol library, two carriers: the server's own imports name Node's.
  alias: { 'vscode-languageserver/node': 'vscode-languageserver/browser' },
};

/** The local pipeline's programs, all beside each other, with what they share in chunks; and the Functions app that they run. */
async function buildPipeline(outdir: string): Promise<void> {
  const source = join(here, '..', 'pipeline', 'src');
  await build({
    ...node,
    absWorkingDir: source,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    outdir,
    entryPoints: {
      'attended-process': 'attended/attended-process.ts',
      emulators: 'local-services/emulators-process.ts',
      functions: 'functions-host/functions-process.ts',
      job: 'job/job-process.ts',
      generator: 'generate/generate-process.ts',
      'functions-core': 'functions-host/functions-core.ts',
    },
    define: { 'import.meta.main': 'true' },
    // Packages in CommonJS ask for Node's own modules at run time.
    banner: { js: "import { createRequire as requireMaker } from 'node:module'; const require = requireMaker(import.meta.url);" },
  });
  const bundle = await buildFunctionsApp(join(outdir, 'functions-app'));
  rmSync(`${bundle}.map`, { force: true });
  const project = join(here, '..', 'stream-analytics');
  cpSync(project, join(dist, 'stream-analytics'), { recursive: true });
}

export async function buildExtension(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  await Promise.all([
    buildEditorPages(join(dist, 'pages')),
    buildPipeline(join(dist, 'pipeline')),
    build({
      ...node,
      entryPoints: {
        extension: 'src/extension.ts',
        'language-server': 'src/server/language-server-node.ts',
        'run-worker': 'src/query-run/worker-node.ts',
      },
      outdir: dist,
    }),
    build({ ...browser, entryPoints: { extension: 'src/browser.ts' }, outdir: join(dist, 'browser') }),
    build({
      ...browser,
      format: 'iife',
      entryPoints: {
        'language-server': 'src/server/language-server-browser.ts',
        'run-worker': 'src/query-run/worker-browser.ts',
      },
      outdir: join(dist, 'browser'),
    }),
  ]);
}

/** Makes the .vsix and returns its path. */
export async function packageExtension(): Promise<string> {
  await buildExtension();
  const packaging = join(here, 'packaging');
  const vsce = join(packaging, 'node_modules', '@vscode', 'vsce', 'vsce');
  if (!existsSync(vsce)) installLocked(packaging);
  const file = join(dist, 'asaql-studio.vsix');
  const result = spawnSync(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', file],
    {
      cwd: here,
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) throw new Error(`vsce package ended with ${result.status}: ${result.stdout}`);
  return file;
}

/** Installs a folder that keeps its own lockfile. */
export function installLocked(folder: string): void {
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error(`npm ci in ${folder} failed: see its message above.`);
}

if (import.meta.main) {
  const startedMs = performance.now();
  const file = await packageExtension();
  const size = (statSync(file).size / (1 << 20)).toFixed(2);
  console.log(`${relative(process.cwd(), file)}  ${size} MB  in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}
