/** Microsoft's Bicep compiler as a program: where it is found, and how it is asked. Knows no template of ours. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const room = join(import.meta.dirname, '..');
const projectFile = join(room, 'compiler', 'bicep.csproj');

/** The version whose output is committed. */
export const pinnedVersion = /Azure\.Bicep\.CommandLine[^>]*Version="\[([\d.]+)\]"/.exec(readFileSync(projectFile, 'utf8'))?.[1];

export class CompilerError extends Error {
  override readonly name = 'CompilerError';
}

/** The compiler that `dotnet restore infra/compiler/bicep.csproj` brings, or `bicep` on the path if it has the same version; or null. */
export function findCompiler(): string | null {
  const restored = join(room, 'compiler', 'packages', 'azure.bicep.commandline.linux-x64', `${pinnedVersion}`, 'tools', 'bicep');
  if (existsSync(restored)) return restored;
  const onPath = spawnSync('bicep', ['--version'], { encoding: 'utf8' });
  return onPath.status === 0 && onPath.stdout.includes(` ${pinnedVersion} `) ? 'bicep' : null;
}

/** Runs the compiler and returns what it wrote. Any word on its standard error, a warning included, is a CompilerError. */
export function runCompiler(compiler: string, args: readonly string[]): string {
  const result = spawnSync(compiler, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.error) throw new CompilerError(`${compiler} cannot be run: ${result.error.message}`);
  if (result.status !== 0 || result.stderr.trim() !== '') {
    throw new CompilerError(`bicep ${args.join(' ')}:\n${result.stderr}${result.stdout}`);
  }
  return result.stdout;
}
