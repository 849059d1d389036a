/** What a built-in function is to the compiler, and the check of its arguments' number. */
import type { Value } from '../values.ts';

/** `nowMs` is the time at which the query began. */
export type FunctionContext = { nowMs: number };

export type BuiltIn = {
  argsMin: number;
  argsMax: number;
  run: (args: readonly Value[], context: FunctionContext) => Value;
};

export type Family = Record<string, BuiltIn>;

export function builtIn(argsMin: number, argsMax: number, run: BuiltIn['run']): BuiltIn {
  return { argsMin, argsMax, run };
}

/** A function of numbers that is undefined for anything else, and where the result is no finite number. */
export function numeric(args: number, compute: (...values: number[]) => number): BuiltIn {
  return builtIn(args, args, (values) => {
    if (!values.every((value) => typeof value === 'number')) return undefined;
    const result = compute(...(values as number[]));
    return Number.isFinite(result) ? result : undefined;
  });
}

/** A function of strings that is undefined for anything else. */
export function textual(args: number, compute: (...values: string[]) => Value): BuiltIn {
  return builtIn(args, args, (values) =>
    values.every((value) => typeof value === 'string') ? compute(...(values as string[])) : undefined,
  );
}
