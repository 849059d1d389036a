/** Options of a command, by Node's parser; what is wrong is one line with the usage. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Throws a UsageError. */
export function readOptions<const Asked extends Options>(argv: readonly string[], options: Asked, usage: string) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Usage: ${usage}`);
  }
}

/** A whole number from 1; `otherwise` where it is not given. Throws a UsageError. */
export function countFrom(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a whole number from 1, not "${text}".`);
}
