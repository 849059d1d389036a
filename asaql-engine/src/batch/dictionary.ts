/**
 * Texts as small numbers: every text of a job that sits in a column has one code here. Must not know columns or JSON.
 *
 * Equality of texts is decided on folded codes (see `fold`): the language compares texts without regard to case
 * (semantics.md: the documented examples need it).
 */

import { hashOfBytes } from './text-hash.ts';

/** What of the text coders is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string, options?: { ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encodeInto(text: string, bytes: Uint8Array): { written: number };
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export class Dictionary {
  /** The texts that somebody wanted to see. */
  readonly #texts: (string | undefined)[] = [];
  /** Texts that no UTF-8 can carry: those with half a surrogate pair. */
  readonly #odd = new Map<string, number>();
  /** Code of the lower-case form, -1 while unknown. */
  #folds = new Int32Array(256).fill(-1);
  #count = 0;

  // An open-addressing table from bytes to codes, so that the decoder need not make a string to find its code. An entry
  // is three numbers side by side: hash, start in the arena, length. The entry of code c starts at 3c.
  #slots = new Int32Array(1024).fill(-1);
  #entries = new Int32Array(1536);
  #arena = new Uint8Array(16384);
  #arenaView = new DataView(this.#arena.buffer);
  #arenaEnd = 0;
  #scratch = new Uint8Array(1024);
  #scratchView = new DataView(this.#scratch.buffer);

  get size(): number {
    return this.#count;
  }

  text(code: number): string {
    const known = this.#texts[code];
    if (known !== undefined) return known;
    const from = this.#entries[code * 3 + 1] as number;
    const text = decoder.decode(this.#arena.subarray(from, from + (this.#entries[code * 3 + 2] as number)));
    this.#texts[code] = text;
    return text;
  }

  intern(text: string): number {
    if (!text.isWellFormed()) return this.#internOdd(text);
    if (text.length * 3 > this.#scratch.length) {
      this.#scratch = new Uint8Array(text.length * 3);
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    const { written } = encoder.encodeInto(text, this.#scratch);
    return this.internBytes(this.#scratch, this.#scratchView, 0, written, hashOfBytes(this.#scratchView, 0, written));
  }

  #internOdd(text: string): number {
    const known = this.#odd.get(text);
    if (known !== undefined) return known;
    const code = this.#newCode(0, 0, 0);
    this.#texts[code] = text;
    this.#odd.set(text, code);
    return code;
  }

  #newCode(hash: number, start: number, length: number): number {
    const code = this.#count;
    this.#count += 1;
    const entry = code * 3;
    if (entry + 3 > this.#entries.length) this.#entries = grownInt32(this.#entries, this.#entries.length * 2);
    this.#entries[entry] = hash;
    this.#entries[entry + 1] = start;
    this.#entries[entry + 2] = length;
    if (code >= this.#folds.length) {
      const grown = new Int32Array(this.#folds.length * 2).fill(-1);
      grown.set(this.#folds);
      this.#folds = grown;
    }
    return code;
  }

  /** Two texts are equal in the language when their folds are. */
  fold(code: number): number {
    const known = this.#folds[code] as number;
    if (known !== -1) return known;
    const folded = this.intern(this.text(code).toLowerCase());
    this.#folds[code] = folded;
    return folded;
  }

  /** The code of the UTF-8 text `bytes[start, end)`, whose `hash` the scanner worked out; `view` is over the same bytes. */
  internBytes(bytes: Uint8Array, view: DataView, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    const entries = this.#entries;
    const length = end - start;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot] as number;
      if (code === -1) return this.#addBytes(bytes, start, end, hash, slot);
      const entry = code * 3;
      if (
        entries[entry] === hash &&
        entries[entry + 2] === length &&
        this.#sameBytes(entries[entry + 1] as number, view, start, length)
      )
        return code;
    }
  }

  #sameBytes(from: number, view: DataView, start: number, length: number): boolean {
    const arena = this.#arenaView;
    let index = 0;
    for (; index + 4 <= length; index += 4)
      if (arena.getInt32(from + index, true) !== view.getInt32(start + index, true)) return false;
    for (; index < length; index += 1) if (arena.getUint8(from + index) !== view.getUint8(start + index)) return false;
    return true;
  }

  #addBytes(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const from = this.#arenaEnd;
    const until = from + end - start;
    if (until > this.#arena.length) {
      const grown = new Uint8Array(Math.max(this.#arena.length * 2, until));
      grown.set(this.#arena);
      this.#arena = grown;
      this.#arenaView = new DataView(grown.buffer);
    }
    const arena = this.#arena;
    for (let index = 0; index < end - start; index += 1) arena[from + index] = bytes[start + index] as number;
    this.#arenaEnd = until;
    const code = this.#newCode(hash, from, end - start);
    this.#slots[slot] = code;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 4).fill(-1);
    const mask = slots.length - 1;
    for (const code of old) {
      if (code === -1) continue;
      let slot = (this.#entries[code * 3] as number) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

function grownInt32(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}
