/**
 * Where a row of a file output goes: the path pattern with `{date}`, `{time}`, `{datetime:yyyy-MM}`, `{partition}` and fields
 * of the row put in, all of the row's own time in UTC, so that the same rows always give the same paths:
 * https://learn.microsoft.com/azure/stream-analytics/stream-analytics-custom-path-patterns-blob-storage-output
 */
import type { OutputRow, OutputValue } from '@asaql/engine';

export interface PathFormats {
  /** As in the settings of an output: `YYYY-MM-DD`, `yyyy/MM/dd`, … */
  readonly date: string;
  readonly time: string;
}

type Part = string | ((row: OutputRow, timestampMs: number, partition: number) => string);

export class OutputPath {
  readonly #parts: readonly Part[];

  constructor(pattern: string, formats: PathFormats = { date: 'yyyy-MM-dd', time: 'HH' }) {
    this.#parts = pattern
      .split(/(\{[^{}]+\})/)
      .map((text) => (/^\{.+\}$/.test(text) ? partOf(text.slice(1, -1), formats) : text));
  }

  of(row: OutputRow, timestampMs: number, partition = 0): string {
    return this.#parts.map((part) => (typeof part === 'string' ? part : part(row, timestampMs, partition))).join('');
  }
}

function partOf(name: string, { date, time }: PathFormats): Part {
  const lower = name.toLowerCase();
  const formats: { readonly [token: string]: string } = { date, time };
  const format = lower.startsWith('datetime:') ? name.slice('datetime:'.length) : formats[lower];
  if (format !== undefined) return (_row, timestampMs) => formatted(format, timestampMs);
  if (lower === 'partition' || lower === 'partitionid') return (_row, _timestampMs, partition) => String(partition);
  return (row) => fieldText(fieldOf(row, name));
}

/** `yyyy`, `MM`, `M`, `dd`, `d`, `HH`, `H`, `mm`, `m`, `ss`, `s`; upper-case YYYY and DD as the settings write them. */
function formatted(format: string, timestampMs: number): string {
  const at = new Date(timestampMs);
  const values: { readonly [letter: string]: number } = {
    M: at.getUTCMonth() + 1,
    d: at.getUTCDate(),
    H: at.getUTCHours(),
    m: at.getUTCMinutes(),
    s: at.getUTCSeconds(),
  };
  return format
    .replaceAll('Y', 'y')
    .replaceAll('D', 'd')
    .replace(/yyyy|yy|MM?|dd?|HH?|mm?|ss?/g, (token) => {
      if (token.startsWith('y')) return String(at.getUTCFullYear()).padStart(4, '0').slice(-token.length);
      return String(values[token.charAt(0)] ?? 0).padStart(token.length, '0');
    });
}

/** Names are found whatever their case; `a.b` is a property of a record. */
function fieldOf(row: OutputRow, path: string): OutputValue {
  let value: OutputValue = row;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const record: { readonly [name: string]: OutputValue } = value;
    const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === name.trim().toLowerCase());
    value = key === undefined ? null : (record[key] ?? null);
  }
  return value;
}

/** A value is one name of the path: what would make it several, or lead out of the folder, is replaced. */
function fieldText(value: OutputValue): string {
  const text = value === null || typeof value === 'object' ? 'null' : String(value);
  const safe = text.replace(/[\\/:*?"<>|]/g, '_');
  return safe === '' || /^\.+$/.test(safe) ? safe.replaceAll('.', '_') || '_' : safe;
}
