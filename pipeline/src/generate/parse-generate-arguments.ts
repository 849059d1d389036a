/** The options of `asaql generate`. */
import { parseArgs } from 'node:util';
import { eventsPerSecondMax, type ScenarioName, scenarioNames, usersMax } from '@asaql/generator';
import { UsageError } from '../cli/usage-error.ts';
import { type LogLevel, logLevels } from './generate-options.ts';

export interface GenerateArguments {
  /** Undefined where the configuration decides. */
  readonly eventsPerSecond: number | undefined;
  readonly users: number | undefined;
  readonly durationSeconds: number | null;
  readonly seed: number;
  readonly scenarios: readonly ScenarioName[];
  /** Undefined: to the hub, where one is configured, else to the screen. `-` is the screen. */
  readonly out: string | undefined;
  readonly dryRun: boolean;
  readonly stateless: boolean;
  readonly logLevel: LogLevel;
  /**
   * When the first event of a file, the screen or a dry run happens; null: now. A given seed fixes it, since a run that
   * can be repeated cannot depend on the day.
   */
  readonly startTimeMs: number | null;
}

export const generateUsage =
  'asaql generate [--eps N] [--users N] [--duration SECONDS] [--seed N] [--scenario NAME]… [--stateless] [--out FILE | --dry-run] [--start TIME] [--log-level LEVEL]';

const defaultSeed = 1;
/** The start of every repeatable run that is not told another one. */
export const repeatableStartTimeMs = Date.UTC(2026, 0, 15, 12);

/** Reads what follows `asaql generate`. Throws a UsageError of one line. */
export function parseGenerateArguments(argv: readonly string[]): GenerateArguments {
  const values = readArguments(argv);
  if (values.out === '') throw new UsageError('--out needs the path of a file, or - for the screen.');
  if (values.out !== undefined && values['dry-run'])
    throw new UsageError('--out and --dry-run exclude each other: a dry run writes nothing.');
  const seed = whole('--seed', values.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return {
    eventsPerSecond: positive('--eps', values.eps, eventsPerSecondMax),
    users: whole('--users', values.users, 1, usersMax),
    durationSeconds: positive('--duration', values.duration, 1e9) ?? null,
    seed: seed ?? defaultSeed,
    scenarios: (values.scenario ?? []).flatMap((text) => text.split(',')).map(scenario),
    out: values.out,
    dryRun: values['dry-run'] ?? false,
    stateless: values.stateless ?? false,
    logLevel: oneOf('--log-level', values['log-level'] ?? 'info', logLevels),
    startTimeMs: startTime(values.start, seed !== undefined),
  };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const scenario = { type: 'string', multiple: true } as const;
  const options = {
    ...{ eps: text, users: text, duration: text, seed: text, scenario, stateless: flag },
    ...{ out: text, 'dry-run': flag, start: text, 'log-level': text },
  };
  try {
    return parseArgs({ args: [...argv], allowPositionals: false, options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${generateUsage}`);
  }
}

function positive(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= most) return value;
  throw new UsageError(`${name} takes a number above 0 and at most ${most}, not "${text}".`);
}

function whole(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const name = names.find((each) => each === text);
  if (name !== undefined) return name;
  throw new UsageError(`${option} takes one of ${names.join(', ')}, not "${text}".`);
}

const scenario = (text: string): ScenarioName => oneOf('--scenario', text.trim(), scenarioNames);

function startTime(text: string | undefined, isRepeatable: boolean): number | null {
  if (text === undefined) return isRepeatable ? repeatableStartTimeMs : null;
  if (text === 'now') return null;
  const timeMs = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(text) && Number.isFinite(timeMs)) return timeMs;
  throw new UsageError(`--start takes "now" or a time such as 2026-01-15T12:00:00Z, not "${text}".`);
}
