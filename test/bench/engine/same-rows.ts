/** Whether two folders hold the same final rows: numbers within 1e-9, datetimes as instants, in any order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Row = Record<string, unknown>;

/** Throws an Error that names the first row that differs; the number of rows of each output. */
export function assertSameRows(leftFolder: string, rightFolder: string): Readonly<Record<string, number>> {
  const names = [...new Set([...readdirSync(leftFolder), ...readdirSync(rightFolder)])].sort();
  return Object.fromEntries(names.map((name) => [name.replace('.ndjson', ''), assertSameOutput(leftFolder, rightFolder, name)]));
}

function assertSameOutput(leftFolder: string, rightFolder: string, name: string): number {
  const left = sortedRows(join(leftFolder, name));
  const right = sortedRows(join(rightFolder, name));
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined || !sameRow(a, b))
      throw new Error(`${name}: the rows differ:\n${JSON.stringify(a)}\n${JSON.stringify(b)}`);
  }
  return left.length;
}

function sortedRows(path: string): readonly Row[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const keyed = lines.slice(0, -1).map((line) => {
    const row = JSON.parse(line) as Row;
    return { row, key: `${row.id} ${instant(row.window_end)}` };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

function sameRow(left: Row, right: Row): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => same(name, left[name], right[name]));
}

function same(name: string, left: unknown, right: unknown): boolean {
  if (name === 'window_start' || name === 'window_end') return instant(left) === instant(right);
  // DuckDB gives its 64-bit integers as texts.
  const [a, b] = [typeof left === 'number' ? left : Number.NaN, Number(right)];
  if (Number.isNaN(a)) return left === right;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** `2026-01-15T12:00:10.0000000Z` and `2026-01-15 12:00:10` are one instant. */
function instant(value: unknown): string {
  const [seconds = '', fraction = ''] = String(value).replace('T', ' ').replace('Z', '').split('.');
  return `${seconds}.${fraction.padEnd(7, '0')}`;
}
