/**
 * Equality and order of Cosmos SQL values. `undefined` (no such property) differs from null throughout.
 * It must not know queries.
 */
import { canonicalText, isObject, type Json } from '../json.ts';

export type Value = Json | undefined;

/** `=`: undefined as soon as one side is; different types are unequal. */
export function equals(left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  return same(left, right);
}

export function same(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return canonicalText(left) === canonicalText(right);
}

/** For `<` and its kin: undefined unless both are of one scalar type. */
export function compareAlike(left: Value, right: Value): number | undefined {
  const rank = rankOf(left);
  if (rank !== rankOf(right) || rank === 0 || rank > 4) return undefined;
  return compare(left, right);
}

/** The total order of ORDER BY: undefined, null, false, true, numbers, strings, arrays, objects. */
export function compare(left: Value, right: Value): number {
  const rank = rankOf(left);
  const difference = rank - rankOf(right);
  if (difference !== 0) return difference;
  switch (rank) {
    case 2:
      return Number(left) - Number(right);
    case 3: {
      const [a, b] = [left as number, right as number];
      return a < b ? -1 : a > b ? 1 : 0;
    }
    case 4:
      return compareText(left as string, right as string);
    case 5:
    case 6:
      return compareText(canonicalText(left), canonicalText(right));
    default:
      return 0;
  }
}

function rankOf(value: Value): number {
  switch (typeof value) {
    case 'undefined':
      return 0;
    case 'boolean':
      return 2;
    case 'number':
      return 3;
    case 'string':
      return 4;
    default:
      return value === null ? 1 : Array.isArray(value) ? 5 : 6;
  }
}

/** By code point, as UTF-8 bytes compare; JavaScript's own order differs beyond the basic plane. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    if (left.charCodeAt(index) !== right.charCodeAt(index)) return weightAt(left, index) - weightAt(right, index);
  }
  return left.length - right.length;
}

/** A unit's weight: one of a surrogate pair stands for a code point above every unit that stands alone. */
function weightAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const paired = unit < 0xdc00 ? isLow(text.charCodeAt(index + 1)) : isHigh(text.charCodeAt(index - 1));
  return paired ? unit + 0x10000 : unit;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

export function memberOf(value: Value, key: Value): Value {
  if (typeof key === 'string') return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof key === 'number') return Array.isArray(value) ? value[key] : undefined;
  return undefined;
}
