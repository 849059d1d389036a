/** The types of ASAQL values. Knows no tree. Source: the reference's page on data types. */
import { entryOf } from '../text/word-entry.ts';

/** The seven types of the language, plus what is not known before the query runs and the type of a bare NULL. */
export type TypeName = 'bigint' | 'float' | 'nvarchar(max)' | 'datetime' | 'bit' | 'record' | 'array' | 'any' | 'null';

/** A type. Records may know their fields; `open` ones may have more than those listed. */
export interface ValueType {
  readonly name: TypeName;
  readonly fields?: readonly Column[];
  readonly open?: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: ValueType;
}

export const anyType: ValueType = { name: 'any' };
export const nullType: ValueType = { name: 'null' };
export const bigint: ValueType = { name: 'bigint' };
export const float: ValueType = { name: 'float' };
export const text: ValueType = { name: 'nvarchar(max)' };
export const datetime: ValueType = { name: 'datetime' };
export const bit: ValueType = { name: 'bit' };
export const record: ValueType = { name: 'record' };
export const array: ValueType = { name: 'array' };

const byName: Readonly<Record<string, ValueType>> = { bigint, float, datetime, bit, record, array };

/** The type that a CAST or a column of CREATE TABLE names, or null if the language has none of that name. */
export function declaredType(typeName: string, argument: string | null): ValueType | null {
  if (typeName === 'nvarchar') return argument?.trim().toLowerCase() === 'max' ? text : null;
  return argument === null ? (entryOf(byName, typeName) ?? null) : null;
}

/** Whether two types are surely the same. Records are if they share their fields. */
export function isSameType(a: ValueType, b: ValueType): boolean {
  return a === b || (a.name === b.name && a.fields === b.fields && a.open === b.open);
}

export function isNumeric(type: ValueType): boolean {
  return type.name === 'bigint' || type.name === 'float' || type.name === 'bit';
}

/** Whether a type says something for sure. */
export function isKnown(type: ValueType): boolean {
  return type.name !== 'any' && type.name !== 'null';
}

/** The type of what may be either. Numbers widen to float; what else differs is not known. */
export function commonType(a: ValueType, b: ValueType): ValueType {
  if (a.name === b.name) return a.fields === b.fields ? a : { name: a.name };
  if (a.name === 'null') return b;
  if (b.name === 'null') return a;
  if (isNumeric(a) && isNumeric(b)) return a.name === 'float' || b.name === 'float' ? float : bigint;
  return anyType;
}
