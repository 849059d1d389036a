/** What columns an input has, as its local sample shows. Must not know the query. */
import type { Column, ValueType } from '@asaql/parser';
import { EventFile } from '../run/event-file.ts';

const rowsMax = 1000;

/** null where the sample shows nothing. Others may exist. */
export async function sampleColumns(path: string): Promise<readonly Column[] | null> {
  const file = await EventFile.open(path);
  try {
    if (file.csv !== null) return file.csv.columns.map((name) => ({ name, type: { name: 'nvarchar(max)' } }));
    const rows: unknown[] = [];
    while (rows.length < rowsMax) {
      const chunk = await file.next();
      if (chunk === null) break;
      for (let index = 0; index < chunk.count && rows.length < rowsMax; index += 1) {
        const row = parsed(chunk.bytes.toString('utf8', chunk.starts[index], chunk.ends[index]));
        if (typeof row === 'object' && row !== null) rows.push(row);
      }
    }
    return rows.length === 0 ? null : columnsOf(rows as readonly Readonly<Record<string, unknown>>[]);
  } finally {
    await file.close();
  }
}

/** A row that is no JSON shows no column; running the query tells of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function columnsOf(rows: readonly Readonly<Record<string, unknown>>[]): readonly Column[] {
  const values = new Map<string, unknown[]>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return [...values].map(([name, all]) => ({ name, type: typeOf(all.filter((value) => value !== null)) }));
}

/** One type where all agree; whole numbers and others are floats; what else differs is not known. */
function typeOf(values: readonly unknown[]): ValueType {
  const names = new Set(values.map(nameOf));
  const [name, ...others] = names;
  if (name === undefined) return { name: 'any' };
  if (others.length > 0) return { name: names.size === 2 && names.has('bigint') && names.has('float') ? 'float' : 'any' };
  if (name !== 'record') return { name };
  return { name, fields: columnsOf(values as readonly Readonly<Record<string, unknown>>[]), open: true };
}

function nameOf(value: unknown): ValueType['name'] {
  if (typeof value === 'string') return 'nvarchar(max)';
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'number') return Number.isInteger(value) ? 'bigint' : 'float';
  return Array.isArray(value) ? 'array' : 'record';
}
