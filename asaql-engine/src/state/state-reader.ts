/** The bytes of a checkpoint, read back. The counterpart of state-writer.ts. */
import { type Column, Tag } from '../batch/column.ts';
import { DateTime, RecordValue, type Value } from '../expressions/value.ts';
import { valueKind } from './state-writer.ts';

/** What of TextDecoder is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string);
  decode(bytes: Uint8Array): string;
}

const utf8 = new TextDecoder('utf-8');

export class StateReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #texts: string[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = this.uint();
    for (let index = 0; index < count; index += 1) {
      const length = this.uint();
      this.#texts.push(utf8.decode(bytes.subarray(this.#at, this.#at + length)));
      this.#at += length;
    }
  }

  uint(): number {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('The checkpoint ends too early.');
      result += (byte & 127) * scale;
      if (byte < 128) return result;
      scale *= 128;
    }
  }

  number(): number {
    const packed = this.uint();
    if (packed === 0) return this.float();
    return packed % 4 === 1 ? (packed - 1) / 4 : -(packed + 1) / 4;
  }

  float(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  floats(): Float64Array<ArrayBuffer> {
    const values = new Float64Array(this.uint());
    let previous = 0;
    for (let index = 0; index < values.length; index += 1) {
      const base = this.uint() === 1 ? previous : 0;
      previous = base + this.number();
      values[index] = previous;
    }
    return values;
  }

  text(): string {
    const text = this.#texts[this.uint()];
    if (text === undefined) throw new RangeError('The checkpoint names a text it does not hold.');
    return text;
  }

  value(): Value {
    switch (this.uint()) {
      case valueKind.null:
        return null;
      case valueKind.false:
        return false;
      case valueKind.true:
        return true;
      case valueKind.bigint:
        return BigInt(this.text());
      case valueKind.float:
        return this.float();
      case valueKind.text:
        return this.text();
      case valueKind.datetime:
        return new DateTime(this.float(), this.uint());
      case valueKind.array:
        return Array.from({ length: this.uint() }, () => this.value());
      default:
        return new RecordValue(Array.from({ length: this.uint() }, () => [this.text(), this.value()] as const));
    }
  }

  column(column: Column, at: number, count: number): void {
    column.reserve(at + count);
    for (let row = at; row < at + count; ) {
      const tag = this.uint();
      for (let left = this.uint(); left > 0; left -= 1) {
        this.#cellValue(column, row, tag);
        row += 1;
      }
    }
  }

  cell(column: Column, row: number): void {
    this.#cellValue(column, row, this.uint());
  }

  #cellValue(column: Column, row: number, tag: number): void {
    if (tag === Tag.text) column.set(row, Tag.text, column.dictionary.intern(this.text()));
    else if (tag === Tag.other) column.setOther(row, this.value());
    else column.set(row, tag, tag === Tag.null ? 0 : this.number());
  }
}
