/** The built-in scalar functions, one file a family. */
import { conditionalFunctions } from './conditional-functions.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { datetimeFunctions } from './datetime-functions.ts';
import { geospatialFunctions } from './geospatial-functions.ts';
import { mathFunctions } from './math-functions.ts';
import { recordFunctions } from './record-functions.ts';
import type { ScalarFunction } from './signature.ts';
import { textFunctions } from './text-functions.ts';
import { textSearchFunctions } from './text-search-functions.ts';

export type { FunctionContext, PlainFunction, ScalarFunction, UnitFunction } from './signature.ts';

/** By lower-case name. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [
    conditionalFunctions,
    conversionFunctions,
    datetimeFunctions,
    geospatialFunctions,
    mathFunctions,
    recordFunctions,
    textFunctions,
    textSearchFunctions,
  ]
    .flat()
    .map((implementation) => [implementation.name.toLowerCase(), implementation]),
);
