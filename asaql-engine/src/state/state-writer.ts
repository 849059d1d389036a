/**
 * The bytes of a checkpoint, written. Texts stand in a table of their own, once each. Knows no operator.
 * The layout's version is `stateVersion`; whoever changes what is written changes it.
 */
import { type Column, Tag } from '../batch/column.ts';
import { DateTime, isArray, type RecordValue, type Value } from '../expressions/value.ts';

export const stateVersion = 3;

/** What of TextEncoder is used; the room has no platform types. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

const utf8 = new TextEncoder();

export const valueKind = { null: 0, false: 1, true: 2, bigint: 3, float: 4, text: 5, datetime: 6, record: 7, array: 8 } as const;

export class StateWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #texts = new Map<string, number>();

  /** A whole number from 0 to 2^53. */
  uint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number within ±2^52 small, any other double in full. */
  number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 50 && !Object.is(value, -0))
      this.uint(value < 0 ? -4 * value - 1 : 4 * value + 1);
    else {
      this.uint(0);
      this.float(value);
    }
  }

  float(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Numbers that lie close to each other, as timestamps do: each as the difference from the one before. */
  floats(values: Float64Array, from: number, to: number): void {
    this.uint(to - from);
    let previous = 0;
    for (let index = from; index < to; index += 1) {
      const value = values[index] as number;
      // A difference that does not lead back to the value exactly (infinities, fractions) is not used.
      const difference = value - previous;
      const exact = previous + difference === value;
      this.uint(exact ? 1 : 0);
      this.number(exact ? difference : value);
      previous = value;
    }
  }

  text(value: string): void {
    let index = this.#texts.get(value);
    if (index === undefined) {
      index = this.#texts.size;
      this.#texts.set(value, index);
    }
    this.uint(index);
  }

  value(value: Value): void {
    if (value === null) {
      this.uint(valueKind.null);
      return;
    }
    switch (typeof value) {
      case 'boolean':
        this.uint(value ? valueKind.true : valueKind.false);
        return;
      case 'bigint':
        this.uint(valueKind.bigint);
        this.text(String(value));
        return;
      case 'number':
        this.uint(valueKind.float);
        this.float(value);
        return;
      case 'string':
        this.uint(valueKind.text);
        this.text(value);
        return;
      default:
        this.#object(value);
        return;
    }
  }

  #object(value: DateTime | RecordValue | readonly Value[]): void {
    if (value instanceof DateTime) {
      this.uint(valueKind.datetime);
      this.float(value.ms);
      this.uint(value.ticks);
      return;
    }
    if (isArray(value)) {
      this.uint(valueKind.array);
      this.uint(value.length);
      for (const item of value) this.value(item);
      return;
    }
    const entries = (value as RecordValue).entries();
    this.uint(valueKind.record);
    this.uint(entries.length);
    for (const [name, item] of entries) {
      this.text(name);
      this.value(item);
    }
  }

  column(column: Column, from: number, to: number): void {
    for (let row = from; row < to; ) {
      const tag = column.tags[row] as number;
      let end = row + 1;
      while (end < to && column.tags[end] === tag) end += 1;
      this.uint(tag);
      this.uint(end - row);
      for (; row < end; row += 1) this.#cellValue(column, row, tag);
    }
  }

  cell(column: Column, row: number): void {
    const tag = column.tags[row] as number;
    this.uint(tag);
    this.#cellValue(column, row, tag);
  }

  #cellValue(column: Column, row: number, tag: number): void {
    if (tag === Tag.text) this.text(column.dictionary.text(column.nums[row] as number));
    else if (tag === Tag.other) this.value(column.value(row));
    else if (tag !== Tag.null) this.number(column.nums[row] as number);
  }

  /** The table of texts, then what was written. */
  finish(): Uint8Array {
    const table = new StateWriter();
    table.uint(this.#texts.size);
    for (const text of this.#texts.keys()) {
      const bytes = utf8.encode(text);
      table.uint(bytes.length);
      table.#append(bytes);
    }
    table.#append(this.#bytes.subarray(0, this.#length));
    return table.#bytes.slice(0, table.#length);
  }

  #append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
