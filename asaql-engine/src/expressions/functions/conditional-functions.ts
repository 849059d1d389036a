/** Functions that choose between values. */
import { compare } from '../operations.ts';
import type { ScalarFunction } from './signature.ts';

/**
 * The first argument that is not NULL; arguments may differ in type.
 * https://learn.microsoft.com/stream-analytics-query/coalesce-azure-stream-analytics
 */
const coalesce: ScalarFunction = {
  name: 'COALESCE',
  minArguments: 2,
  maxArguments: Number.POSITIVE_INFINITY,
  unitFirst: false,
  evaluate: (args) => args.find((argument) => argument !== null) ?? null,
};

/**
 * NULL where the two are equal, else the first. Equal is what `=` says ("equivalent to a searched CASE expression"), so that
 * texts count without regard to case and nothing equals NULL.
 * https://learn.microsoft.com/stream-analytics-query/nullif-azure-stream-analytics
 */
const nullIf: ScalarFunction = {
  name: 'NULLIF',
  minArguments: 2,
  maxArguments: 2,
  unitFirst: false,
  evaluate: ([value = null, other = null]) => (compare('=', value, other) ? null : value),
};

export const conditionalFunctions: readonly ScalarFunction[] = [coalesce, nullIf];
