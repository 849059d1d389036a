/** Where PowerShell is: on the path, or where `dotnet tool update --tool-path infra/compiler/tools PowerShell --version 7.6.9` puts it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export function findPowerShell(): string | null {
  const installed = join(import.meta.dirname, '..', 'compiler', 'tools', 'pwsh');
  if (existsSync(installed)) return installed;
  return spawnSync('pwsh', ['-NoProfile', '-Command', '$null']).status === 0 ? 'pwsh' : null;
}

if (import.meta.main) process.exitCode = findPowerShell() === null ? 1 : 0;
