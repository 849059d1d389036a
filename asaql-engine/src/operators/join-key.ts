/**
 * A text for the key of a join. It may be equal for keys that are not (the whole ON is checked afterwards), but never
 * different for keys that `=` calls equal: texts count without case, and as the number or datetime they spell.
 */
import type { Column } from '../batch/column.ts';
import { parseDateTimeText } from '../expressions/datetime-text.ts';
import { DateTime, type Value, valueText } from '../expressions/value.ts';

/** null: a part of the key is NULL, which equals nothing. */
export function cellKey(columns: readonly Column[], row: number): string | null {
  let key = '';
  for (const column of columns) {
    const value = column.value(row);
    if (value === null) return null;
    key += `${keyText(value)}|`;
  }
  return key;
}

function keyText(value: Exclude<Value, null>): string {
  if (typeof value === 'string') return textKey(value);
  if (typeof value === 'boolean') return value ? 'n1' : 'n0';
  if (typeof value === 'bigint' || typeof value === 'number') return `n${Number(value)}`;
  if (value instanceof DateTime) return `t${value.ms}`;
  return valueText(value);
}

function textKey(text: string): string {
  const folded = text.toLowerCase();
  if (/^\s*[+-]?[\d.]/.test(text)) {
    const moment = parseDateTimeText(text);
    if (moment !== null && /\D/.test(text.trim())) return `t${moment.ms}`;
    const number = Number(text);
    if (!Number.isNaN(number)) return `n${number}`;
  }
  if (folded === 'true') return 'n1';
  return folded === 'false' ? 'n0' : `s${folded}`;
}
