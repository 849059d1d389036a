/** Text functions: https://learn.microsoft.com/stream-analytics-query/string-functions-azure-stream-analytics */
import { textOf } from '../conversion.ts';
import type { ScalarFunction } from './signature.ts';

/** NULLs count as empty texts: https://learn.microsoft.com/stream-analytics-query/concat-azure-stream-analytics */
const concat: ScalarFunction = {
  name: 'CONCAT',
  minArguments: 2,
  maxArguments: Number.POSITIVE_INFINITY,
  unitFirst: false,
  evaluate: (args) => args.map((argument) => (argument === null ? '' : textOf(argument))).join(''),
};

export const textFunctions: readonly ScalarFunction[] = [concat];
