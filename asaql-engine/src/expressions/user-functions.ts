/** Functions that the user brings (JavaScript UDFs and UDAs), as the engine sees them. Knows no sandbox. */
import type { Value } from './value.ts';

/** One aggregation of a user-defined aggregate: init has been called. */
export interface UserAggregate {
  accumulate(value: Value, timestampUs: number): void;
  /** Takes away the value that was accumulated first; false where the function cannot: then it is made anew from the rest. */
  deaccumulate?(value: Value, timestampUs: number): boolean;
  computeResult(): Value;
  /** Nothing more will be asked of it. */
  close?(): void;
}

/** `removable`: values will be taken away again, and results asked for in between. */
export type MakeUserAggregate = (removable?: boolean) => UserAggregate;

/** Names are looked up without regard to case. Errors thrown by a function are `EvaluationError`s. */
export interface UserFunctions {
  scalar(name: string): ((args: readonly Value[]) => Value) | null;
  aggregate(name: string): MakeUserAggregate | null;
}

export const noUserFunctions: UserFunctions = { scalar: () => null, aggregate: () => null };
