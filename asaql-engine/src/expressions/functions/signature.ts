/**
 * The shape of a built-in scalar function. Must not know the tree, columns or batches.
 *
 * A function is pure: value in, value out. It decides itself what NULL means (arguments may be null) and throws an
 * `EvaluationError` in the service's words when an argument cannot be used; the engine adds the place in the query.
 * Implicit conversions of arguments are the function's business too (`tryConvert` of conversion.ts).
 */
import type { TimeUnit } from '@asaql/parser';
import type { Value } from '../value.ts';

/** What a function may ask about the job. */
export interface FunctionContext {
  readonly compatibilityLevel: '1.0' | '1.1' | '1.2';
}

interface FunctionBase {
  /** As documented, e.g. `DATEADD`. The table's key is the lower-case name. */
  readonly name: string;
  readonly minArguments: number;
  /** Infinity when open-ended. With `unitFirst` the unit does not count. */
  readonly maxArguments: number;
}

export interface PlainFunction extends FunctionBase {
  readonly unitFirst: false;
  readonly evaluate: (args: readonly Value[], context: FunctionContext) => Value;
}

/** `DATEADD(minute, …)`: the first argument is a bare unit word, given apart in its long form; `args` are the rest. */
export interface UnitFunction extends FunctionBase {
  readonly unitFirst: true;
  readonly evaluate: (unit: TimeUnit, args: readonly Value[], context: FunctionContext) => Value;
}

export type ScalarFunction = PlainFunction | UnitFunction;
