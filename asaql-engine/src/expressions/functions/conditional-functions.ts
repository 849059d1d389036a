/** Functions that choose: https://learn.microsoft.com/stream-analytics-query/coalesce-azure-stream-analytics */
import type { ScalarFunction } from './signature.ts';

/** The first argument that is not NULL; arguments may differ in type. */
const coalesce: ScalarFunction = {
  name: 'COALESCE',
  minArguments: 2,
  maxArguments: Number.POSITIVE_INFINITY,
  unitFirst: false,
  evaluate: (args) => args.find((argument) => argument !== null) ?? null,
};

export const conditionalFunctions: readonly ScalarFunction[] = [coalesce];
