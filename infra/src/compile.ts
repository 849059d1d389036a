/**
 * `node infra/src/compile.ts`: compiles the Bicep sources into the files that are committed beside them (`--check`: only says
 * whether they differ; `--available`: only whether the compiler is here). Needs the compiler: `dotnet restore infra/compiler/bicep.csproj`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { CompilerError, findCompiler, pinnedVersion } from './bicep-compiler.ts';
import { compileAll } from './compiled-files.ts';

const root = join(import.meta.dirname, '..', '..');

function compile(check: boolean): number {
  const compiler = findCompiler();
  if (compiler === null) {
    console.error(`The Bicep compiler ${pinnedVersion} is not here: run dotnet restore infra/compiler/bicep.csproj.`);
    return 2;
  }
  if (process.argv.includes('--available')) return 0;
  let differing = 0;
  for (const [file, text] of compileAll(compiler)) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    differing += 1;
    if (!check) writeFileSync(path, text);
    console.log(`${check ? 'differs' : 'written'}: ${file}`);
  }
  return check && differing > 0 ? 1 : 0;
}

try {
  process.exitCode = compile(process.argv.includes('--check'));
} catch (error) {
  if (!(error instanceof CompilerError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
