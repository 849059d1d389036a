/** Aggregate functions: https://learn.microsoft.com/azure/cosmos-db/nosql/query/aggregate-functions. Undefined values are never counted. */
import { canonicalText, type Json } from '../json.ts';
import { compare, type Value } from './values.ts';

export type Accumulator = { add(value: Value): void; result(): Value };

function count(): Accumulator {
  let total = 0;
  return {
    add(value) {
      if (value !== undefined) total += 1;
    },
    result: () => total,
  };
}

function countIf(): Accumulator {
  let total = 0;
  return {
    add(value) {
      if (value === true) total += 1;
    },
    result: () => total,
  };
}

/** A sum, and what can be made of it; undefined once a value was no number. */
function sum(finish: (total: number, values: number) => Value): Accumulator {
  let total = 0;
  let values = 0;
  let numbersOnly = true;
  return {
    add(value) {
      if (typeof value === 'number') {
        total += value;
        values += 1;
      } else if (value !== undefined) numbersOnly = false;
    },
    result: () => (numbersOnly ? finish(total, values) : undefined),
  };
}

/** The least or greatest of null, Booleans, numbers and strings, in this order; undefined once a value was an array or object. */
function extreme(sign: 1 | -1): Accumulator {
  let best: Value;
  let scalarsOnly = true;
  return {
    add(value) {
      if (value === undefined) return;
      if (typeof value === 'object' && value !== null) scalarsOnly = false;
      else if (best === undefined || sign * compare(value, best) < 0) best = value;
    },
    result: () => (scalarsOnly ? best : undefined),
  };
}

function list(distinct: boolean): Accumulator {
  const items = new Map<string | number, Json>();
  return {
    add(value) {
      if (value !== undefined) items.set(distinct ? canonicalText(value) : items.size, value);
    },
    result: () => [...items.values()],
  };
}

export const aggregates: Record<string, () => Accumulator> = {
  COUNT: count,
  COUNTIF: countIf,
  SUM: () => sum((total) => total),
  AVG: () => sum((total, values) => (values === 0 ? undefined : total / values)),
  MIN: () => extreme(1),
  MAX: () => extreme(-1),
  MAKELIST: () => list(false),
  MAKESET: () => list(true),
};
