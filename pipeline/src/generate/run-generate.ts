/** `asaql generate`: reads the options and the configuration, and lets the generator run until it is done or Ctrl-C is pressed. */
import process from 'node:process';
import { eventHubName } from '@asaql/runtime';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { describeDryRun, dryRun } from './dry-run.ts';
import { generateCommand } from './generate-command.ts';
import type { GenerateOptions, GenerateTarget } from './generate-options.ts';
import { parseGenerateArguments } from './parse-generate-arguments.ts';

/** Resolves with the exit code. Throws a UsageError where the options or the file are wrong. */
export async function runGenerate(root: string, argv: readonly string[]): Promise<number> {
  const given = parseGenerateArguments(argv);
  const settings = loadSettings(root, process.env);
  const asked = {
    ...given,
    eventsPerSecond: given.eventsPerSecond ?? settings.eventsPerSecond,
    users: given.users ?? settings.users,
  };
  if (asked.dryRun) {
    const startTimeMs = asked.startTimeMs ?? Date.now();
    process.stdout.write(describeDryRun(dryRun({ ...asked, startTimeMs }, asked.durationSeconds)));
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // A reader of the screen that has seen enough (`| head`) ends the run; that is no failure.
  process.stdout.on('error', () => stop.abort());
  await generate({ ...asked, target: targetOf(asked.out, settings), signal: stop.signal });
  return 0;
}

async function generate(options: GenerateOptions): Promise<void> {
  try {
    await generateCommand(options);
  } catch (error) {
    if (options.target.kind === 'screen' && options.signal?.aborted) return;
    if (options.target.kind !== 'file') throw error;
    throw new UsageError(`${options.target.path} cannot be written: ${(error as Error).message}.`);
  }
}

function targetOf(out: string | undefined, settings: Settings): GenerateTarget {
  if (out !== undefined) return out === '-' ? { kind: 'screen' } : { kind: 'file', path: out };
  if (settings.eventHubs !== null) return { kind: 'hub', connection: settings.eventHubs, hub: eventHubName };
  process.stderr.write('No Event Hub is configured (EVENTHUB_CONNECTION_STRING): events go to the screen.\n');
  return { kind: 'screen' };
}
