/**
 * JSON events from bytes to columns: one pass over the bytes that checks all of the text, but makes values of the wanted
 * fields only. No objects are made for an event. What is rare (escapes, large numbers, records) takes a slower way.
 */
import { type Column, Tag } from '../batch/column.ts';
import { parseDateTimeText } from '../expressions/datetime-text.ts';
import { DateTime } from '../expressions/value.ts';
import type { SourceSlot } from '../plan/nodes.ts';
import type { CompatibilityLevel } from '../plan/options.ts';
import { FieldTree, type KnownKey, type Wanted } from './field-tree.ts';
import { isUtf8 } from './is-utf8.ts';
import { JsonScanner, JsonSyntaxError } from './json-scanner.ts';
import { lazyRecord, readJson, readNumber, readText } from './read-json.ts';

export class JsonDecoder {
  readonly #scanner = new JsonScanner();
  readonly #tree = new FieldTree();
  readonly #level: CompatibilityLevel;
  #columns: readonly Column[] = [];
  #row = 0;
  /** Columns of whole events. */
  readonly #recordColumns: number[] = [];
  readonly #fieldColumns: number[] = [];

  constructor(slots: readonly SourceSlot[], level: CompatibilityLevel) {
    this.#level = level;
    slots.forEach((slot, column) => {
      if (slot.kind === 'record') this.#recordColumns.push(column);
      else if (slot.kind !== 'metadata' && slot.kind !== 'property') {
        this.#fieldColumns.push(column);
        this.#tree.add(slot, column);
      }
    });
  }

  /** Reads the event `bytes[start, end)` into a row of the columns. The reason why it cannot be read, or null. */
  decode(bytes: Uint8Array, start: number, end: number, columns: readonly Column[], row: number): string | null {
    const scanner = this.#scanner;
    this.#columns = columns;
    this.#row = row;
    for (const column of this.#fieldColumns) (columns[column] as Column).tags[row] = Tag.null;
    try {
      scanner.open(bytes, start, end);
      if (scanner.peek() !== 123) return 'The event is not a JSON object.';
      this.#object(this.#tree);
      scanner.close();
    } catch (error) {
      if (error instanceof JsonSyntaxError || error instanceof RangeError) return error.message;
      throw error;
    }
    if (scanner.sawHighBytes && !isUtf8(bytes, start, end)) return 'The event is not valid UTF-8.';
    if (this.#recordColumns.length > 0) {
      const record = lazyRecord(scanner.text(start, end), this.#level);
      for (const column of this.#recordColumns) (columns[column] as Column).setOther(row, record);
    }
    return null;
  }

  #object(tree: FieldTree): void {
    const scanner = this.#scanner;
    scanner.at += 1;
    if (scanner.skipSpace() === 125) {
      scanner.at += 1;
      return;
    }
    let key: KnownKey = tree.before;
    for (;;) {
      key = this.#key(tree, key);
      scanner.colon();
      if (key.tree === null) scanner.skipValue();
      else this.#value(key.tree);
      if (!scanner.moreInObject()) return;
    }
  }

  /** Reads the key after another one. */
  #key(tree: FieldTree, previous: KnownKey): KnownKey {
    const scanner = this.#scanner;
    const guess = previous.next;
    if (guess !== null && scanner.skipIfKey(guess.bytes, guess.words)) return guess;
    const start = scanner.at;
    const plain = scanner.skipString();
    const end = scanner.at;
    if (!plain) return { ...tree.before, tree: tree.findText(scanner.stringText(start, end)), next: null };
    const key = tree.key(scanner.bytes, start, end);
    previous.next = key;
    return key;
  }

  #value(field: FieldTree): void {
    const scanner = this.#scanner;
    const { wanted } = field;
    const first = scanner.peek();
    if (wanted.length === 0) {
      if (first === 123) this.#object(field);
      else scanner.skipValue();
      return;
    }
    if (first === 34) {
      this.#string(wanted);
      return;
    }
    const start = scanner.at;
    if (first === 123 || first === 91) {
      if (first === 123 && field.hasChildren) this.#object(field);
      else scanner.skipValue();
      this.#structure(wanted, first === 123, start, scanner.at);
      return;
    }
    if (first === 45 || (first >= 48 && first <= 57)) {
      this.#number(wanted);
      return;
    }
    scanner.skipValue();
    this.#word(wanted, first);
  }

  #string(wanted: readonly Wanted[]): void {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    const start = scanner.at;
    scanner.skipHashedString();
    if (scanner.escaped) {
      this.#escapedString(wanted, start);
      return;
    }
    const { hash } = scanner;
    const at = scanner.at - 1;
    for (const { column, kind } of wanted) {
      const target = this.#columns[column] as Column;
      if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
      else if (kind === 'time') this.#time(target, start + 1, at, hash);
      else if (this.#level === '1.0') target.setValue(this.#row, readText(scanner.text(start + 1, at)));
      else target.set(this.#row, Tag.text, target.dictionary.internBytes(bytes, this.#scanner.view, start + 1, at, hash));
    }
  }

  #escapedString(wanted: readonly Wanted[], start: number): void {
    const scanner = this.#scanner;
    const text = scanner.stringText(start, scanner.at);
    for (const { column, kind } of wanted) {
      const target = this.#columns[column] as Column;
      if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
      else if (kind === 'path' && this.#level !== '1.0') target.set(this.#row, Tag.text, target.dictionary.intern(text));
      else target.setValue(this.#row, kind === 'time' ? timeOrText(text) : readText(text));
    }
  }

  #time(target: Column, start: number, end: number, hash: number): void {
    const { bytes } = this.#scanner;
    const us = fastTimeUs(bytes, start, end);
    if (!Number.isNaN(us)) {
      target.set(this.#row, Tag.time, us);
      return;
    }
    const value = timeOrText(this.#scanner.text(start, end));
    if (typeof value === 'string')
      target.set(this.#row, Tag.text, target.dictionary.internBytes(bytes, this.#scanner.view, start, end, hash));
    else target.setValue(this.#row, value);
  }

  #number(wanted: readonly Wanted[]): void {
    const scanner = this.#scanner;
    const start = scanner.at;
    const plain = scanner.skipNumber();
    for (const { column, kind } of wanted) {
      const target = this.#columns[column] as Column;
      if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
      else if (Number.isNaN(plain)) target.setValue(this.#row, readNumber(scanner.text(start, scanner.at)));
      else target.set(this.#row, scanner.numberIsInteger ? Tag.int : Tag.float, plain);
    }
  }

  #structure(wanted: readonly Wanted[], isRecord: boolean, start: number, end: number): void {
    for (const { column, kind } of wanted) {
      const target = this.#columns[column] as Column;
      if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
      else {
        const text = this.#scanner.text(start, end);
        target.setOther(this.#row, isRecord ? lazyRecord(text, this.#level) : readJson(text, this.#level));
      }
    }
  }

  /** true, false and null; `first` is the first letter. */
  #word(wanted: readonly Wanted[], first: number): void {
    for (const { column, kind } of wanted) {
      const target = this.#columns[column] as Column;
      if (first === 110) target.set(this.#row, Tag.null, 0);
      else if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
      else target.set(this.#row, this.#level === '1.2' ? Tag.bit : Tag.int, first === 116 ? 1 : 0);
    }
  }
}

function timeOrText(text: string): DateTime | string {
  const parsed = parseDateTimeText(text);
  return parsed === null ? text : new DateTime(parsed.ms, parsed.ticks);
}

let lastDay = Number.NaN;
let lastDayUs = 0;

/** `2026-01-15T12:00:10.123Z` and the like, up to µs, in UTC; NaN for every other form. */
function fastTimeUs(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (
    length < 20 ||
    length > 28 ||
    bytes[end - 1] !== 90 ||
    bytes[start + 10] !== 84 ||
    bytes[start + 4] !== 45 ||
    bytes[start + 7] !== 45
  )
    return Number.NaN;
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return Number.NaN;
  const date = digits(bytes, start, 4) * 10000 + digits(bytes, start + 5, 2) * 100 + digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  let fractionUs = 0;
  if (length > 20) {
    const count = length - 21;
    if (bytes[start + 19] !== 46 || count < 1) return Number.NaN;
    const fraction = digits(bytes, start + 20, count) * 10 ** (7 - count);
    if (!(fraction % 10 === 0)) return Number.NaN;
    fractionUs = fraction / 10;
  }
  if (date !== lastDay) {
    const day = parseDateTimeText(
      `${Math.floor(date / 10000)}`.padStart(4, '0') +
        `-${String(Math.floor(date / 100) % 100).padStart(2, '0')}-${String(date % 100).padStart(2, '0')}`,
    );
    if (day === null) return Number.NaN;
    lastDay = date;
    lastDayUs = day.ms * 1000;
  }
  return lastDayUs + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fractionUs;
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = (bytes[index] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
