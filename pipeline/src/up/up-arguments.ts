/** The options of `asaql up`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { scenarioNames } from '@asaql/generator';
import { UsageError } from '../cli/usage-error.ts';
import type { Settings } from '../config/settings.ts';

export interface UpOptions {
  readonly eventsPerSecond: number;
  readonly users: number;
  /** Null: until it is stopped. */
  readonly durationSeconds: number | null;
  readonly seed: number;
  readonly scenarios: readonly string[];
  /** 0: any free one, for the emulators too. */
  readonly dashboardPort: number;
  readonly dataDir: string;
}

export const upUsage = 'asaql up [--eps N] [--users N] [--duration S] [--seed N] [--scenario NAME]… [--port N] [--data DIR]';

export function parseUpArguments(argv: readonly string[], settings: Settings): UpOptions {
  const { values } = readArguments(argv);
  for (const name of values.scenario ?? []) {
    if (!scenarioNames.some((known) => known === name)) {
      throw new UsageError(`--scenario ${name} is not known: write one of ${scenarioNames.join(', ')}.`);
    }
  }
  return {
    eventsPerSecond: number('--eps', values.eps, settings.eventsPerSecond, 0.1, 100_000),
    users: wholeNumber('--users', values.users, settings.users, 1, 1_000_000),
    durationSeconds: values.duration === undefined ? null : number('--duration', values.duration, 0, 0.1, 1e9),
    seed: wholeNumber('--seed', values.seed, 1, 0, 2 ** 32 - 1),
    scenarios: values.scenario ?? [],
    dashboardPort: wholeNumber('--port', values.port, settings.dashboardPort, 0, 65_535),
    // A folder given here is the person's; one in the settings lies beside them.
    dataDir: values.data === undefined ? settings.dataDir : resolve(values.data),
  };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        eps: text,
        users: text,
        duration: text,
        seed: text,
        scenario: { type: 'string', multiple: true },
        port: text,
        data: text,
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${upUsage}`);
  }
}

function number(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UsageError(`${name} ${text} is not possible: write a number from ${min} to ${max}.`);
}

function wholeNumber(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  const value = number(name, text, fallback, min, max);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`${name} ${text} is not possible: write a whole number from ${min} to ${max}.`);
}
