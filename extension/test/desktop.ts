/** `npm run test:desktop`: the suite of the extension host in the desktop VS Code, where that can be downloaded. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { packageExtension } from '../build.ts';
import { buildSuite } from './in-host/build-suite.ts';
import { installVsCode } from './vscode/install-vscode.ts';

interface TestElectron {
  downloadAndUnzipVSCode(options: { readonly version: string; readonly cachePath: string }): Promise<string>;
  resolveCliArgsFromVSCodeExecutablePath(executable: string): string[];
  runTests(options: object): Promise<number>;
}

const { mocha } = installVsCode();
const electron = createRequire(join(import.meta.dirname, 'vscode', 'package.json'))('@vscode/test-electron') as TestElectron;
const folder = mkdtempSync(join(tmpdir(), 'asaql-desktop-'));
try {
  const [workspace, driver, extensions] = ['workspace', 'driver', 'extensions'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  cpSync(join(import.meta.dirname, '..', '..', 'stream-analytics'), workspace, { recursive: true });
  mkdirSync(driver);
  writeFileSync(
    join(driver, 'package.json'),
    JSON.stringify({ name: 'driver', publisher: 'asaql-test', version: '0.0.1', engines: { vscode: '*' } }),
  );
  const { runner, suite } = await buildSuite(join(folder, 'suite'));
  const result = join(folder, 'result.json');
  const executable = await electron.downloadAndUnzipVSCode({
    version: 'stable',
    cachePath: join(import.meta.dirname, 'vscode', 'node_modules', '.vscode-test'),
  });
  const [cli = executable] = electron.resolveCliArgsFromVSCodeExecutablePath(executable);
  const folders = [`--extensions-dir=${extensions}`, `--user-data-dir=${join(folder, 'user')}`];
  const installed = spawnSync(cli, ['--install-extension', await packageExtension(), ...folders], { stdio: 'inherit' });
  if (installed.status !== 0) throw new Error('The extension could not be installed: see the message above.');
  await electron.runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: driver,
    extensionTestsPath: runner,
    launchArgs: [workspace, ...folders, '--disable-workspace-trust'],
    extensionTestsEnv: { ASAQL_MOCHA: mocha, ASAQL_SUITE: suite, ASAQL_RESULT: result },
  });
  const told = existsSync(result) ? (JSON.parse(readFileSync(result, 'utf8')) as { name: string; error: string | null }[]) : [];
  for (const { name, error } of told)
    console.log(`${error === null ? 'passed' : 'FAILED'}  ${name}${error === null ? '' : `\n${error}`}`);
  process.exitCode = told.length > 0 && told.every(({ error }) => error === null) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
