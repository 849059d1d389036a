/** Types and columns in a few words, for people. */
import type { Column, ValueType } from '../semantics/types.ts';

/** `float`, `record (a, b, …)`; nothing is claimed of what is not known. */
export function typeText(type: ValueType): string {
  if (type.name === 'null') return 'NULL';
  if (type.name !== 'record' || type.fields === undefined || type.fields.length === 0) return type.name;
  const names = type.fields.slice(0, 6).map((field) => field.name);
  return `record (${names.join(', ')}${type.fields.length > names.length || type.open === true ? ', …' : ''})`;
}

export function columnText(column: Column): string {
  return column.type.name === 'any' ? column.name : `${column.name}: ${typeText(column.type)}`;
}
