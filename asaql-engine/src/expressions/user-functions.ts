/** Functions that the user brings (JavaScript UDFs and UDAs), as the engine sees them. Knows no sandbox. */
import type { Value } from './value.ts';

/** One aggregation of a user-defined aggregate: init has been called. */
export interface UserAggregate {
  accumulate(value: Value, timestampUs: number): void;
  computeResult(): Value;
}

/** Names are looked up without regard to case. Errors thrown by a function are `EvaluationError`s. */
export interface UserFunctions {
  scalar(name: string): ((args: readonly Value[]) => Value) | null;
  aggregate(name: string): (() => UserAggregate) | null;
}

export const noUserFunctions: UserFunctions = { scalar: () => null, aggregate: () => null };
