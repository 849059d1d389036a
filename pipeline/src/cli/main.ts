/** The `asaql` command: finds the subcommand, and is the one border where what went wrong is told. */
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { SettingsError } from '../config/settings.ts';
import { commands, overview } from './commands.ts';
import { UsageError } from './usage-error.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Runs a command line and sets the exit code: 0 done, 1 findings or a failure, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(`${overview()}\n`);
    return;
  }
  const command = commands[name];
  if (!command) {
    process.stderr.write(`asaql: ${name} is no command. Known: ${Object.keys(commands).join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.usage}\n${command.does}\n`);
    return;
  }
  try {
    process.exitCode = await command.run({ root, argv: rest });
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof SettingsError || (error as Error).name === 'ProjectError';
    process.stderr.write(
      `asaql ${name}: ${isUsage || !process.env.ASAQL_DEBUG ? (error as Error).message : (error as Error).stack}\n`,
    );
    process.exitCode = isUsage ? 2 : 1;
  }
}
