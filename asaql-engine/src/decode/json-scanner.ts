/** Walks over the bytes of one JSON text and checks its grammar (RFC 8259). Makes no values. Knows no columns. */
import { bytesBefore, hashEnd, hashOfBytes, hashSeed, hashStep, specialBytes } from '../batch/text-hash.ts';
import { isUtf8 } from './is-utf8.ts';

/** What of TextDecoder is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string);
  decode(bytes: Uint8Array): string;
}

const utf8 = new TextDecoder('utf-8');

export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

const depthMax = 512;

export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  start = 0;
  /** A string was seen whose bytes are no UTF-8. */
  sawNoUtf8 = false;
  /** Of the number skipped last: no fraction, no exponent. */
  numberIsInteger = false;
  /** Of the string skipped last by `skipOddString`. */
  escaped = false;
  /** Of the string whose end was found last. */
  hash = 0;
  #depth = 0;
  view: DataView = new DataView(new ArrayBuffer(0));

  open(bytes: Uint8Array, start: number, end: number): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.start = start;
    this.at = start;
    this.end = end;
    this.sawNoUtf8 = false;
    this.#depth = 0;
  }

  /** Nothing but space may follow. */
  close(): void {
    this.skipSpace();
    if (this.at < this.end) this.fail('there is more behind the object');
  }

  fail(what: string): never {
    throw new JsonSyntaxError(`The event is not valid JSON: ${what} at byte ${this.at - this.start}.`);
  }

  /** Skips space; the byte that stands there, -1 at the end. */
  skipSpace(): number {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte > 32) {
        this.at = at;
        return byte;
      }
      if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) {
        this.at = at;
        this.fail('a control character');
      }
      at += 1;
    }
    this.at = at;
    return -1;
  }

  peek(): number {
    return this.skipSpace();
  }

  colon(): void {
    if (this.skipSpace() !== 58) this.fail("':' is missing");
    this.at += 1;
  }

  /** After a member: true when a comma and a key follow, false behind the closing brace. */
  moreInObject(): boolean {
    const byte = this.skipSpace();
    this.at += 1;
    if (byte === 125) return false;
    if (byte !== 44) {
      this.at -= 1;
      this.fail("',' or '}' is missing");
    }
    if (this.skipSpace() !== 34) this.fail('a key is missing');
    return true;
  }

  /** Skips a string; true when it holds neither escapes nor bytes beyond ASCII. */
  skipString(): boolean {
    if (this.bytes[this.at] !== 34) this.fail('a text is missing');
    const from = this.at;
    this.at = this.plainEnd(from);
    if (this.at !== -1) return true;
    this.at = from;
    return this.skipOddString();
  }

  /** The position behind the string at `from`; -1 when it does not end, or holds anything but plain ASCII. */
  plainEnd(from: number): number {
    const { view } = this;
    const last = this.end - 4;
    for (let at = from + 1; at <= last; at += 4) {
      const special = specialBytes(view.getInt32(at, true));
      if (special === 0) continue;
      const stop = at + bytesBefore(special);
      return view.getUint8(stop) === 34 ? stop + 1 : -1;
    }
    return -1;
  }

  /** As `plainEnd`; leaves a hash of the text's bytes in `hash`. */
  hashedEnd(from: number): number {
    const { view } = this;
    const last = this.end - 4;
    let hash = hashSeed;
    for (let at = from + 1; at <= last; at += 4) {
      const word = view.getInt32(at, true);
      const special = specialBytes(word);
      if (special === 0) {
        hash = hashStep(hash, word);
        continue;
      }
      const before = bytesBefore(special);
      if (view.getUint8(at + before) !== 34) return -1;
      this.hash = hashEnd(hash, word & ((1 << (before * 8)) - 1));
      return at + before + 1;
    }
    return -1;
  }

  /** Skips any string, byte by byte; leaves in `escaped` whether it holds escapes, and else its hash. */
  skipOddString(): boolean {
    const { bytes, end } = this;
    const from = this.at + 1;
    let at = from;
    let high = 0;
    let escaped = false;
    for (;;) {
      if (at >= end) {
        this.at = end;
        this.fail('a text does not end');
      }
      const byte = bytes[at] as number;
      if (byte === 34) break;
      if (byte < 32) {
        this.at = at;
        this.fail('a control character in a text');
      }
      if (byte === 92) {
        escaped = true;
        at = this.#escape(at);
        continue;
      }
      high |= byte;
      at += 1;
    }
    if (high > 127 && !isUtf8(bytes, from, at)) this.sawNoUtf8 = true;
    this.at = at + 1;
    this.escaped = escaped;
    if (!escaped) this.hash = hashOfBytes(this.view, from, at - from);
    return !escaped && high < 128;
  }

  /** The position behind the escape at `at`. */
  #escape(at: number): number {
    const letter = this.bytes[at + 1];
    if (at + 1 < this.end && letter !== undefined && '"\\/bfnrt'.includes(String.fromCharCode(letter))) return at + 2;
    if (letter === 117 && at + 6 <= this.end) {
      for (let index = at + 2; index < at + 6; index += 1)
        if (!isHex(this.bytes[index] as number)) this.fail('an escape is not \\uXXXX');
      return at + 6;
    }
    this.at = at;
    return this.fail('an unknown escape');
  }

  /** Skips a number; its value where doubles hold it exactly as written, else NaN. */
  skipNumber(): number {
    const { bytes, end } = this;
    let at = this.at;
    const negative = bytes[at] === 45;
    if (negative) at += 1;
    const first = at;
    let mantissa = 0;
    while (at < end && isDigit(bytes[at] as number)) mantissa = mantissa * 10 + (bytes[at++] as number) - 48;
    let count = at - first;
    if (count === 0 || (count > 1 && bytes[first] === 48)) this.fail('a number is malformed');
    let decimals = 0;
    this.numberIsInteger = true;
    if (at < end && bytes[at] === 46) {
      this.numberIsInteger = false;
      const point = at;
      at += 1;
      while (at < end && isDigit(bytes[at] as number)) mantissa = mantissa * 10 + (bytes[at++] as number) - 48;
      decimals = at - point - 1;
      count += decimals;
      if (decimals === 0) this.fail('a number is malformed');
    }
    if (at < end && ((bytes[at] as number) | 32) === 101) {
      this.numberIsInteger = false;
      at += 1;
      if (bytes[at] === 43 || bytes[at] === 45) at += 1;
      const from = at;
      while (at < end && isDigit(bytes[at] as number)) at += 1;
      if (at === from) this.fail('a number is malformed');
      count = 99;
    }
    this.at = at;
    if (count > 15) return Number.NaN;
    // Both are exact below 2^53 and 10^22, so that the quotient is correctly rounded. -0 is left to the careful way.
    if (negative && mantissa === 0) return this.numberIsInteger ? 0 : Number.NaN;
    const value = decimals === 0 ? mantissa : mantissa / (powersOfTen[decimals] as number);
    return negative ? -value : value;
  }

  skipValue(): void {
    const byte = this.skipSpace();
    if (byte === 34) this.skipString();
    else if (byte === 123) this.#skipObject();
    else if (byte === 91) this.#skipArray();
    else if (byte === 116) this.#word('true');
    else if (byte === 102) this.#word('false');
    else if (byte === 110) this.#word('null');
    else if (byte === 45 || isDigit(byte)) this.skipNumber();
    else this.fail('a value is missing');
  }

  #skipObject(): void {
    this.#deeper();
    this.at += 1;
    if (this.skipSpace() === 125) this.at += 1;
    else {
      do {
        this.skipString();
        this.colon();
        this.skipValue();
      } while (this.moreInObject());
    }
    this.#depth -= 1;
  }

  #skipArray(): void {
    this.#deeper();
    this.at += 1;
    if (this.skipSpace() === 93) this.at += 1;
    else {
      for (;;) {
        this.skipValue();
        const byte = this.skipSpace();
        if (byte !== 44 && byte !== 93) this.fail("',' or ']' is missing");
        this.at += 1;
        if (byte === 93) break;
      }
    }
    this.#depth -= 1;
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > depthMax) this.fail(`it is nested deeper than ${depthMax} levels`);
  }

  #word(word: string): void {
    for (let index = 0; index < word.length; index += 1) {
      if (this.at + index >= this.end || this.bytes[this.at + index] !== word.charCodeAt(index)) this.fail('a value is missing');
    }
    this.at += word.length;
  }

  text(start: number, end: number): string {
    return utf8.decode(this.bytes.subarray(start, end));
  }

  /** The text that a JSON string (with its quotes) means. */
  stringText(start: number, end: number): string {
    return JSON.parse(this.text(start, end)) as string;
  }
}

const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || ((byte | 32) >= 97 && (byte | 32) <= 102);
}
