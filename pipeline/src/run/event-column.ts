/**
 * One column of an event, read from its bytes alone: the time of arrival, or the time that orders a file. Finds a key of a
 * JSON object by a scan that skips everything else. Must not know what the value is for.
 */
import { AvroBytes, avroFields, tryConvert, type Value } from '@asaql/engine';
import { csvFields } from '@asaql/project';
import type { EventReader } from './event-file.ts';
import { jsonEnd } from './event-splitter.ts';

/** The instant that an event has in a column, ms since 1970; NaN where it has none. */
export type TimeOfEvent = (bytes: Buffer, start: number, end: number) => number;

/** Names are found whatever their case, as in a query. */
export function timeOfColumn(column: string, { csv, avroSchema }: Pick<EventReader, 'csv' | 'avroSchema'>): TimeOfEvent {
  if (avroSchema !== null) return timeOfAvroField(column, avroSchema);
  if (csv !== null) {
    const position = csv.columns.findIndex((name) => name.toLowerCase() === column.toLowerCase());
    return (bytes, start, end) => timeMs(csvFields(bytes.toString('utf8', start, end), csv.delimiter)[position]);
  }
  const key = Buffer.from(column.toLowerCase());
  return (bytes, start, end) => {
    const from = valueStart(bytes, start, end, key, column.toLowerCase());
    return from === -1 ? Number.NaN : timeMs(stringAt(bytes, from, end));
  };
}

function timeOfAvroField(column: string, avroSchema: string): TimeOfEvent {
  const fields = avroFields(avroSchema);
  const position = fields.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  const source = new AvroBytes();
  return (bytes, start, end) => {
    source.open(bytes, start, end);
    let value: Value = null;
    for (const { read } of fields.slice(0, position + 1)) value = read(source);
    return timeMs(value);
  };
}

function timeMs(text: Value | undefined): number {
  if (text === null || text === undefined || text === '') return Number.NaN;
  const time = tryConvert(text, 'datetime');
  return time !== null && typeof time === 'object' && 'toUs' in time ? time.toUs() / 1000 : Number.NaN;
}

const quote = 0x22;
const backslash = 0x5c;

/** The offset of the value that a key of the object has, or -1. */
function valueStart(bytes: Buffer, start: number, end: number, key: Buffer, name: string): number {
  let at = skipBlanks(bytes, start, end);
  if (bytes[at] !== 0x7b) return -1;
  at += 1;
  for (;;) {
    at = skipBlanks(bytes, at, end);
    if (at >= end || bytes[at] !== quote) return -1;
    const keyEnd = jsonEnd(bytes, at, end);
    if (keyEnd === -1) return -1;
    const isWanted = sameName(bytes, at + 1, keyEnd - 1, key, name);
    at = skipBlanks(bytes, keyEnd, end);
    if (bytes[at] !== 0x3a) return -1;
    at = skipBlanks(bytes, at + 1, end);
    if (isWanted) return at;
    at = skipValue(bytes, at, end);
    if (at === -1) return -1;
    at = skipBlanks(bytes, at, end);
    if (bytes[at] !== 0x2c) return -1;
    at += 1;
  }
}

function skipBlanks(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] as number) <= 0x20) at += 1;
  return at;
}

function skipValue(bytes: Buffer, from: number, end: number): number {
  const first = bytes[from];
  if (first === quote || first === 0x7b || first === 0x5b) return jsonEnd(bytes, from, end);
  let at = from;
  while (at < end && bytes[at] !== 0x2c && bytes[at] !== 0x7d) at += 1;
  return at;
}

function sameName(bytes: Buffer, from: number, to: number, key: Buffer, name: string): boolean {
  if (to - from === key.length) {
    let at = 0;
    while (at < key.length && lowerCase(bytes[from + at] as number) === key[at]) at += 1;
    if (at === key.length) return true;
  }
  // Escapes and letters beyond ASCII are rare in names of columns: only there a string is made.
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte === backslash || byte > 0x7f) return textOf(bytes, from - 1, to + 1)?.toLowerCase() === name;
  }
  return false;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** The text of a JSON string; null for any other value. */
function stringAt(bytes: Buffer, from: number, end: number): string | null {
  if (bytes[from] !== quote) return null;
  const close = jsonEnd(bytes, from, end);
  return close === -1 ? null : textOf(bytes, from, close);
}

function textOf(bytes: Buffer, from: number, to: number): string | null {
  const raw = bytes.toString('utf8', from + 1, to - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    // What is no JSON string is no time either; the engine rejects the event and says why.
    return null;
  }
}
