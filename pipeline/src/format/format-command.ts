/** `asaql format`: puts query files into the one layout, or says which are not in it. */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { format } from '@asaql/parser';
import { queryFilesIn } from '../check/query-files.ts';
import { UsageError } from '../cli/usage-error.ts';

export const formatUsage = 'asaql format PATH… [--check]';

/** Resolves with the exit code: 1 where --check found a file that differs. Names each file that was or would be changed. */
export async function formatCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv);
  if (positionals.length === 0) throw new UsageError(`asaql format takes files or folders. Usage: ${formatUsage}`);
  const files = positionals.flatMap(queryFilesIn);
  let different = 0;
  for (const path of files) {
    const text = read(path);
    const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const plain = text.slice(mark.length);
    const lineEnd = plain.includes('\r\n') ? '\r\n' : '\n';
    const formatted = mark + format(plain.replaceAll('\r\n', '\n')).replaceAll('\n', lineEnd);
    if (formatted === text) continue;
    different += 1;
    process.stdout.write(`${path}\n`);
    if (!values.check) write(path, formatted);
  }
  const done = values.check ? 'would be formatted' : 'formatted';
  process.stderr.write(`${different} of ${files.length} files ${done}.\n`);
  return values.check && different > 0 ? 1 : 0;
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { check: { type: 'boolean' } } as const });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${formatUsage}`);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}
