/** The options of `asaql run`. */
import { parseArgs } from 'node:util';
import type { CompatibilityLevel, TimePolicies } from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import type { InputFiles } from './run-query.ts';

export const runUsage =
  'asaql run FILE|PROJECT --input NAME=FILE… [--reference NAME=FILE|FOLDER|PATTERN…] [--json | --output DIR] [--compat 1.0|1.1|1.2] [--late SECONDS] [--out-of-order SECONDS] [--early SECONDS|off] [--policy adjust|drop] [--arrival COLUMN] [--functions DIR] [--errors FILE] [--stats] [--record NAME]';

export interface RunArguments {
  /** The file of the query, or the folder of a project. */
  readonly path: string;
  readonly inputs: readonly InputFiles[];
  readonly references: readonly InputFiles[];
  readonly json: boolean;
  readonly outputFolder: string | null;
  /** undefined: the project's, or 1.2. */
  readonly compatibilityLevel: CompatibilityLevel | undefined;
  /** Only what was given. */
  readonly policies: Partial<TimePolicies>;
  readonly arrivalColumn: string | null;
  readonly functionsFolder: string | null;
  readonly errorsFile: string | null;
  readonly stats: boolean;
  /** The name of a test that the run becomes. */
  readonly record: string | null;
}

/** Policies of a query outside a project, once one of them is given. */
export const defaultPolicies: TimePolicies = {
  lateArrivalMs: 5000,
  outOfOrderMs: 0,
  earlyArrivalMs: 300_000,
  action: 'adjust',
};

/** The highest late tolerance that a job takes: 20 days, 23:59:59. */
const lateSecondsMax = 1_814_399;

/** Reads what follows `asaql run`. Throws a UsageError of one line. */
export function parseRunArguments(argv: readonly string[]): RunArguments {
  const { values, positionals } = readArguments(argv);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1)
    throw new UsageError(`asaql run takes one query file or project, not ${positionals.length}. Usage: ${runUsage}`);
  if (values.json && values.output !== undefined) throw new UsageError('--json and --output exclude each other.');
  const inputs = filesByName('--input', values.input);
  const references = filesByName('--reference', values.reference);
  const both = inputs.find(({ name }) => references.some((other) => other.name.toLowerCase() === name.toLowerCase()));
  if (both !== undefined) throw new UsageError(`'${both.name}' is given as --input and as --reference: it can be only one.`);
  return {
    path,
    inputs,
    references,
    json: values.json ?? false,
    outputFolder: given('--output', values.output),
    compatibilityLevel: oneOf('--compat', values.compat, ['1.0', '1.1', '1.2'] as const),
    policies: policiesFrom(values),
    arrivalColumn: given('--arrival', values.arrival),
    functionsFolder: given('--functions', values.functions),
    errorsFile: given('--errors', values.errors),
    stats: values.stats ?? false,
    record: given('--record', values.record),
  };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    ...{ input: list, reference: list, json: flag, output: text, compat: text, late: text, 'out-of-order': text },
    ...{ early: text, policy: text, arrival: text, functions: text, errors: text, stats: flag, record: text },
  };
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${runUsage}`);
  }
}

function policiesFrom(values: ReturnType<typeof readArguments>['values']): Partial<TimePolicies> {
  const { late, early, policy } = values;
  const outOfOrder = values['out-of-order'];
  return {
    ...(late === undefined ? {} : { lateArrivalMs: secondsInMs('--late', late, lateSecondsMax) }),
    ...(outOfOrder === undefined ? {} : { outOfOrderMs: secondsInMs('--out-of-order', outOfOrder, lateSecondsMax) }),
    ...(early === undefined
      ? {}
      : { earlyArrivalMs: early === 'off' ? Number.POSITIVE_INFINITY : secondsInMs('--early', early, 1e12) }),
    ...(policy === undefined ? {} : { action: oneOf('--policy', policy, ['adjust', 'drop'] as const) ?? 'adjust' }),
  };
}

/** `NAME=FILE`, a name as often as there are files of it. */
function filesByName(option: string, values: readonly string[] | undefined): readonly InputFiles[] {
  const files = new Map<string, { readonly name: string; readonly paths: string[] }>();
  for (const value of values ?? []) {
    const at = value.indexOf('=');
    const [name, path] = [value.slice(0, Math.max(0, at)), value.slice(at + 1)];
    if (name === '' || path === '') throw new UsageError(`${option} takes NAME=FILE, not "${value}".`);
    const known = files.get(name.toLowerCase());
    if (known === undefined) files.set(name.toLowerCase(), { name, paths: [path] });
    else known.paths.push(path);
  }
  return [...files.values()];
}

function secondsInMs(option: string, text: string, most: number): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds <= most) return seconds * 1000;
  throw new UsageError(`${option} takes a number of seconds from 0 to ${most}, not "${text}".`);
}

function oneOf<Name extends string>(option: string, text: string | undefined, names: readonly Name[]): Name | undefined {
  if (text === undefined) return undefined;
  const name = names.find((each) => each === text.toLowerCase());
  if (name !== undefined) return name;
  throw new UsageError(`${option} takes one of ${names.join(', ')}, not "${text}".`);
}

function given(option: string, text: string | undefined): string | null {
  if (text === '') throw new UsageError(`${option} needs a value.`);
  return text ?? null;
}
