/** A line of a CSV file to columns: every field is a text (RFC 4180 quoting); records and arrays do not occur. */
import { type Column, Tag } from '../batch/column.ts';
import { RecordValue } from '../expressions/value.ts';
import type { SourceSlot } from '../plan/nodes.ts';
import { isUtf8 } from './is-utf8.ts';

/** What of TextDecoder is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string);
  decode(bytes: Uint8Array): string;
}

const utf8 = new TextDecoder('utf-8');

export class CsvDecoder {
  readonly #slots: readonly SourceSlot[];
  readonly #names: readonly string[];
  readonly #delimiter: string;

  constructor(slots: readonly SourceSlot[], names: readonly string[], delimiter: string) {
    this.#slots = slots;
    this.#names = names;
    this.#delimiter = delimiter;
  }

  decode(bytes: Uint8Array, start: number, end: number, columns: readonly Column[], row: number): string | null {
    if (!isUtf8(bytes, start, end)) return 'The line is not valid UTF-8.';
    const fields = splitLine(utf8.decode(bytes.subarray(start, end)), this.#delimiter);
    if (fields === null) return 'A quoted field does not end.';
    if (fields.length > this.#names.length) return `The line has ${fields.length} fields, the header ${this.#names.length}.`;
    this.#slots.forEach((slot, index) => {
      const column = columns[index] as Column;
      if (slot.kind === 'metadata' || slot.kind === 'property') return;
      if (slot.kind === 'record') {
        column.setOther(row, new RecordValue(this.#names.map((name, position) => [name, fields[position] ?? null])));
        return;
      }
      const position =
        slot.path.length > 1 ? -1 : this.#names.findIndex((name) => name.toLowerCase() === slot.path[0]?.toLowerCase());
      const field = fields[position];
      if (field === undefined) column.set(row, Tag.null, 0);
      else column.set(row, Tag.text, column.dictionary.intern(field));
    });
    return null;
  }
}

/** The fields of a line; null when a quoted one does not end. */
export function splitLine(line: string, delimiter: string): readonly string[] | null {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (line.charAt(at) === '"') {
      for (at += 1; ; at += 1) {
        const quote = line.indexOf('"', at);
        if (quote === -1) return null;
        field += line.slice(at, quote);
        at = quote + 1;
        if (line.charAt(at) !== '"') break;
        field += '"';
      }
    }
    const next = line.indexOf(delimiter, at);
    field += line.slice(at, next === -1 ? line.length : next);
    fields.push(field);
    if (next === -1) return fields;
    at = next + delimiter.length;
  }
}
