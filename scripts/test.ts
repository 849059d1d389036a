/**
 * Runs the tests: `unit` (needs nothing but Node) or `e2e` (a real browser, other languages' SDKs). Further arguments
 * are passed on to Node's test runner, files among them.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';

const root = dirname(import.meta.dirname);
process.chdir(root);

const [suite = 'unit', ...rest] = process.argv.slice(2);
const patterns: Record<string, string> = { unit: '**/test/**/*.test.ts', e2e: '**/test/**/*.{e2e,compat}.ts' };
const pattern = patterns[suite];
if (!pattern) {
  console.error(`Unknown suite "${suite}". Known: ${Object.keys(patterns).join(', ')}.`);
  process.exit(2);
}

/** What a test of another language's SDK needs beyond Node, by the name in its file name. */
const foreign: readonly { readonly part: string; readonly name: string; readonly probe: readonly [string, ...string[]] }[] = [
  {
    part: '.python.',
    name: "Python's azure-eventhub and azure-storage",
    probe: ['/usr/bin/python3', '-c', 'import azure.eventhub, azure.storage.filedatalake'],
  },
  { part: 'dotnet', name: 'the .NET SDK', probe: ['dotnet', '--version'] },
  {
    part: 'bicep-compiler',
    name: 'the Bicep compiler: dotnet restore infra/compiler/bicep.csproj',
    probe: [process.execPath, 'infra/src/compile.ts', '--available'],
  },
  { part: 'shellcheck', name: 'shellcheck', probe: ['shellcheck', '--version'] },
  { part: 'deploy-bash', name: 'bash and zip', probe: ['bash', '-c', 'command -v zip'] },
  {
    part: 'deploy-powershell',
    name: 'PowerShell: dotnet tool update --tool-path infra/compiler/tools PowerShell --version 7.6.9',
    probe: [process.execPath, 'infra/src/powershell.ts'],
  },
  {
    part: 'azurerm-provider',
    name: 'the bindings of the azurerm provider: npm ci --prefix infra/terraform-schema',
    probe: [process.execPath, 'infra/terraform-schema/extract-schema.ts', '--available'],
  },
];

function isRunnable(file: string): boolean {
  const missing = foreign.find(
    ({ part, probe: [program, ...args] }) => file.includes(part) && spawnSync(program, args).status !== 0,
  );
  if (missing) console.log(`left out: ${file} (it needs ${missing.name})`);
  return missing === undefined;
}

const files = globSync(pattern, { exclude: (name) => name === 'node_modules' || name === 'dist' || name === '.node' })
  .filter(isRunnable)
  .sort();
const asked = rest.filter((argument) => argument.endsWith('.ts'));
const flags = rest.filter((argument) => !argument.endsWith('.ts'));
const concurrency = suite === 'e2e' ? 1 : availableParallelism();
const result = spawnSync(
  process.execPath,
  ['--test', `--test-concurrency=${concurrency}`, '--test-reporter=spec', ...flags, ...(asked.length > 0 ? asked : files)],
  { stdio: 'inherit', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
);
process.exitCode = result.status ?? 1;
