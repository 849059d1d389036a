/** Array and object functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/system-functions#array-functions */
import { canonicalText, isObject, type Json } from '../../json.ts';
import { same } from '../values.ts';
import { builtIn, type Family } from './built-in.ts';

/** Whether `whole` has all that `part` has, to any depth of objects. */
function matchesPart(whole: Json | undefined, part: Json): boolean {
  if (!isObject(part) || !isObject(whole)) return same(whole, part);
  return Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && matchesPart(whole[key], value));
}

function unique(items: Json[]): Json[] {
  return [...new Map(items.map((item) => [canonicalText(item), item])).values()];
}

export const arrayFunctions: Family = {
  ARRAY_CONCAT: builtIn(2, Number.POSITIVE_INFINITY, (arrays) =>
    arrays.every(Array.isArray) ? (arrays as Json[][]).flat() : undefined,
  ),
  ARRAY_CONTAINS: builtIn(2, 3, ([array, wanted, partial]) => {
    if (!Array.isArray(array) || wanted === undefined) return undefined;
    return array.some((item) => (partial === true ? matchesPart(item, wanted) : same(item, wanted)));
  }),
  ARRAY_CONTAINS_ANY: builtIn(2, Number.POSITIVE_INFINITY, ([array, ...wanted]) =>
    Array.isArray(array) ? wanted.some((one) => array.some((item) => same(item, one))) : undefined,
  ),
  ARRAY_CONTAINS_ALL: builtIn(2, Number.POSITIVE_INFINITY, ([array, ...wanted]) =>
    Array.isArray(array) ? wanted.every((one) => array.some((item) => same(item, one))) : undefined,
  ),
  ARRAY_LENGTH: builtIn(1, 1, ([array]) => (Array.isArray(array) ? array.length : undefined)),
  ARRAY_SLICE: builtIn(2, 3, ([array, start, length]) => {
    if (!Array.isArray(array) || typeof start !== 'number' || (length !== undefined && typeof length !== 'number'))
      return undefined;
    const from = start < 0 ? Math.max(0, array.length + start) : start;
    return length === undefined ? array.slice(from) : length <= 0 ? [] : array.slice(from, from + length);
  }),
  SETINTERSECT: builtIn(2, 2, ([left, right]) => {
    if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
    const others = new Set(right.map(canonicalText));
    return unique(left).filter((item) => others.has(canonicalText(item)));
  }),
  SETUNION: builtIn(2, 2, ([left, right]) =>
    Array.isArray(left) && Array.isArray(right) ? unique([...left, ...right]) : undefined,
  ),
  CHOOSE: builtIn(2, Number.POSITIVE_INFINITY, ([index, ...values]) =>
    typeof index === 'number' ? values[index - 1] : undefined,
  ),
  OBJECTTOARRAY: builtIn(1, 1, ([object]) => (isObject(object) ? Object.entries(object).map(([k, v]) => ({ k, v })) : undefined)),
};
