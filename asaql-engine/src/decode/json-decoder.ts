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
import { JsonScanner, JsonSyntaxError } from './json-scanner.ts';
import { lazyRecord, readJson, readNumber, readText } from './read-json.ts';

export class JsonDecoder {
  readonly #scanner = new JsonScanner();
  readonly #tree = new FieldTree(true);
  readonly #level: CompatibilityLevel;
  #columns: readonly Column[] = [];
  #row = 0;
  /** Columns of whole events. */
  readonly #recordColumns: number[] = [];

  constructor(slots: readonly SourceSlot[], level: CompatibilityLevel) {
    this.#level = level;
    slots.forEach((slot, column) => {
      if (slot.kind === 'record') this.#recordColumns.push(column);
      else this.#tree.add(slot, column);
    });
  }

  /**
   * Reads the event `bytes[start, end)` into a row of the columns, whose tags are null before. The reason why it cannot be
   * read, or null; then the row's cells mean nothing.
   */
  decode(bytes: Uint8Array, start: number, end: number, columns: readonly Column[], row: number): string | null {
    const scanner = this.#scanner;
    this.#columns = columns;
    this.#row = row;
    try {
      scanner.open(bytes, start, end);
      if (scanner.peek() !== 123) return 'The event is not a JSON object.';
      scanner.at = this.#object(this.#tree, scanner.at);
      scanner.close();
    } catch (error) {
      if (error instanceof JsonSyntaxError || error instanceof RangeError) return error.message;
      throw error;
    }
    if (scanner.sawNoUtf8) return 'The event is not valid UTF-8.';
    if (this.#recordColumns.length > 0) {
      const record = lazyRecord(scanner.text(start, end), this.#level);
      for (const column of this.#recordColumns) (columns[column] as Column).setOther(row, record);
    }
    return null;
  }

  /** Reads the object at `from`; the position behind it. */
  #object(tree: FieldTree, from: number): number {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    scanner.at = from + 1;
    if (scanner.skipSpace() === 125) return scanner.at + 1;
    let at = scanner.at;
    let key: KnownKey = tree.before;
    for (;;) {
      const guess: KnownKey | null = key.next;
      if (guess !== null && isAt(guess, scanner, at)) {
        key = guess;
        at += guess.bytes.length;
      } else {
        scanner.at = at;
        key = this.#key(tree, key);
        at = scanner.at;
      }
      if (bytes[at] === 32) at += 1;
      at = this.#value(key, at);
      if (bytes[at] === 44) {
        at += 1;
        if (bytes[at] === 32) at += 1;
        if (bytes[at] === 34) continue;
        at -= 1;
      }
      scanner.at = at;
      if (!scanner.moreInObject()) return scanner.at;
      at = scanner.at;
    }
  }

  /** Reads the key after another one, and its colon. */
  #key(tree: FieldTree, previous: KnownKey): KnownKey {
    const scanner = this.#scanner;
    const start = scanner.at;
    const plain = scanner.skipString();
    const end = scanner.at;
    scanner.colon();
    if (!plain) return { ...tree.before, tree: tree.findText(scanner.stringText(start, end)), next: null };
    const key = tree.key(scanner.bytes, start, end);
    previous.next = key;
    return key;
  }

  /** Reads the value at `from`; the position behind it. */
  #value({ tree, unwanted }: KnownKey, from: number): number {
    const scanner = this.#scanner;
    const first = scanner.bytes[from];
    if (tree !== null && tree.wanted.length > 0) {
      if (first === 34) return this.#string(tree.wanted, from);
      scanner.at = from;
      this.#wantedValue(tree);
      return scanner.at;
    }
    if (first === 34) {
      const end = scanner.plainEnd(from);
      if (end !== -1) return end;
    } else if (first === 123) {
      const inner = tree ?? unwanted;
      if (inner !== null) return this.#object(inner, from);
    }
    scanner.at = from;
    if (tree !== null && scanner.peek() === 123) return this.#object(tree, scanner.at);
    scanner.skipValue();
    return scanner.at;
  }

  /** What is no string, or has space before it. */
  #wantedValue(field: FieldTree): void {
    const scanner = this.#scanner;
    const { wanted } = field;
    const first = scanner.peek();
    const start = scanner.at;
    if (first === 34) scanner.at = this.#string(wanted, start);
    else if (first === 123 || first === 91) {
      if (first === 123 && field.hasChildren) scanner.at = this.#object(field, start);
      else scanner.skipValue();
      this.#structure(wanted, first === 123, start, scanner.at);
    } else if (first === 45 || (first >= 48 && first <= 57)) this.#number(wanted);
    else {
      scanner.skipValue();
      this.#word(wanted, first);
    }
  }

  #string(wanted: readonly Wanted[], start: number): number {
    const scanner = this.#scanner;
    const only = wanted[0] as Wanted;
    if (wanted.length === 1 && only.kind === 'presence') {
      scanner.at = start;
      scanner.skipString();
      (this.#columns[only.column] as Column).set(this.#row, Tag.bit, 1);
      return scanner.at;
    }
    let behind = scanner.hashedEnd(start);
    if (behind === -1) {
      scanner.at = start;
      scanner.skipOddString();
      behind = scanner.at;
      if (scanner.escaped) {
        this.#escapedString(wanted, start);
        return behind;
      }
    }
    for (let index = 0; index < wanted.length; index += 1)
      this.#text(wanted[index] as Wanted, start + 1, behind - 1, scanner.hash);
    return behind;
  }

  #text({ column, kind }: Wanted, start: number, end: number, hash: number): void {
    const scanner = this.#scanner;
    const target = this.#columns[column] as Column;
    if (kind === 'presence') target.set(this.#row, Tag.bit, 1);
    else if (kind === 'time') this.#time(target, start, end, hash);
    else if (this.#level === '1.0') target.setValue(this.#row, readText(scanner.text(start, end)));
    else target.set(this.#row, Tag.text, target.dictionary.internBytes(scanner.bytes, scanner.view, start, end, hash));
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
    const { bytes, view } = this.#scanner;
    const us = fastTimeUs(bytes, view, start, end);
    if (!Number.isNaN(us)) {
      target.set(this.#row, Tag.time, us);
      return;
    }
    const value = timeOrText(this.#scanner.text(start, end));
    if (typeof value === 'string') target.set(this.#row, Tag.text, target.dictionary.internBytes(bytes, view, start, end, hash));
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

/** Whether the key stands at `at`. */
function isAt({ bytes: key, words }: KnownKey, { bytes, view, end }: JsonScanner, at: number): boolean {
  const length = key.length;
  if (at + length > end) return false;
  const count = words.length;
  for (let index = 0; index < count; index += 1) if (view.getInt32(at + index * 4, true) !== words[index]) return false;
  for (let index = count * 4; index < length; index += 1) if (bytes[at + index] !== key[index]) return false;
  return true;
}

/** The last minute that was read, `2026-01-15T12:00`, as words: most events lie in the same. */
const lastMinute = new Int32Array(4);
let lastMinuteUs = Number.NaN;

/** `2026-01-15T12:00:10.123Z` and the like, up to µs, in UTC; NaN for every other form. */
function fastTimeUs(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const length = end - start;
  if (length < 20 || length > 28 || bytes[end - 1] !== 90 || bytes[start + 16] !== 58) return Number.NaN;
  const minuteUs = fastMinuteUs(bytes, view, start);
  const second = digits(bytes, start + 17, 2);
  if (!(second < 60)) return Number.NaN;
  if (length === 20) return minuteUs + second * 1_000_000;
  const count = length - 21;
  if (bytes[start + 19] !== 46 || count < 1) return Number.NaN;
  const fraction = digits(bytes, start + 20, count) * (powersOfTen[7 - count] as number);
  return fraction % 10 === 0 ? minuteUs + second * 1_000_000 + fraction / 10 : Number.NaN;
}

const powersOfTen = Array.from({ length: 8 }, (_, exponent) => 10 ** exponent);

function fastMinuteUs(bytes: Uint8Array, view: DataView, start: number): number {
  const [a, b] = [view.getInt32(start, true), view.getInt32(start + 4, true)];
  const [c, d] = [view.getInt32(start + 8, true), view.getInt32(start + 12, true)];
  if (a === lastMinute[0] && b === lastMinute[1] && c === lastMinute[2] && d === lastMinute[3]) return lastMinuteUs;
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 84 || bytes[start + 13] !== 58)
    return Number.NaN;
  const date = [digits(bytes, start, 4), digits(bytes, start + 5, 2), digits(bytes, start + 8, 2)];
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  if (!(hour < 24 && minute < 60)) return Number.NaN;
  const day = parseDateTimeText(date.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-'));
  if (day === null) return Number.NaN;
  lastMinute.set([a, b, c, d]);
  lastMinuteUs = day.ms * 1000 + (hour * 60 + minute) * 60_000_000;
  return lastMinuteUs;
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
