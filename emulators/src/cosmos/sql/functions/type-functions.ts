/** Type checking and conditional functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/system-functions#type-checking-functions */
import { isObject } from '../../json.ts';
import type { Value } from '../values.ts';
import { type BuiltIn, builtIn, type Family } from './built-in.ts';

/** Type tests are false for undefined, never undefined. */
function is(test: (value: Value) => boolean): BuiltIn {
  return builtIn(1, 1, ([value]) => test(value));
}

export const typeFunctions: Family = {
  IS_DEFINED: is((value) => value !== undefined),
  IS_NULL: is((value) => value === null),
  IS_NUMBER: is((value) => typeof value === 'number'),
  IS_INTEGER: is((value) => Number.isInteger(value)),
  IS_FINITE_NUMBER: is((value) => Number.isFinite(value)),
  IS_STRING: is((value) => typeof value === 'string'),
  IS_BOOL: is((value) => typeof value === 'boolean'),
  IS_ARRAY: is(Array.isArray),
  IS_OBJECT: is(isObject),
  IS_PRIMITIVE: is((value) => value === null || ['string', 'number', 'boolean'].includes(typeof value)),
  IIF: builtIn(3, 3, ([condition, then, otherwise]) => (condition === true ? then : otherwise)),
};
