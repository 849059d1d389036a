/** The built-in scalar functions, one file a family. */
import { conditionalFunctions } from './conditional-functions.ts';
import { datetimeFunctions } from './datetime-functions.ts';
import { mathFunctions } from './math-functions.ts';
import type { ScalarFunction } from './signature.ts';
import { textFunctions } from './text-functions.ts';

export type { FunctionContext, PlainFunction, ScalarFunction, UnitFunction } from './signature.ts';

/** By lower-case name. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [conditionalFunctions, datetimeFunctions, mathFunctions, textFunctions]
    .flat()
    .map((implementation) => [implementation.name.toLowerCase(), implementation]),
);
