/**
 * Texts as small numbers: every text of a job that sits in a column has one code here. Must not know columns or JSON.
 *
 * Equality of texts is decided on folded codes (see `fold`): the language compares texts without regard to case
 * (docs/language.md: the documented examples need it).
 */

/** What of TextDecoder is used; the room has no platform types. */
declare class TextDecoder {
  constructor(encoding: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}

const utf8 = new TextDecoder('utf-8');

export class Dictionary {
  readonly #texts: string[] = [];
  readonly #codes = new Map<string, number>();
  /** Code of the lower-case form, -1 while unknown. */
  #folds = new Int32Array(256).fill(-1);

  // An open-addressing table from bytes to codes, so that the decoder need not make a string to find its code. An entry
  // is four numbers side by side: hash, start in the arena, length, code.
  #slots = new Int32Array(1024).fill(-1);
  #entries = new Int32Array(2048);
  #entryCount = 0;
  #arena = new Uint8Array(16384);
  #arenaView = new DataView(this.#arena.buffer);
  #arenaEnd = 0;

  get size(): number {
    return this.#texts.length;
  }

  text(code: number): string {
    return this.#texts[code] as string;
  }

  intern(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.length;
    this.#texts.push(text);
    this.#codes.set(text, code);
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
      const entry = this.#slots[slot] as number;
      if (entry === -1) return this.#addBytes(bytes, start, end, hash, slot);
      if (
        entries[entry] === hash &&
        entries[entry + 2] === length &&
        this.#sameBytes(entries[entry + 1] as number, view, start, length)
      ) {
        return entries[entry + 3] as number;
      }
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
    const code = this.intern(utf8.decode(bytes.subarray(start, end)));
    const entry = this.#entryCount * 4;
    if (entry + 4 > this.#entries.length) this.#entries = grownInt32(this.#entries, this.#entries.length * 2);
    const from = this.#arenaEnd;
    const until = from + end - start;
    if (until > this.#arena.length) {
      const grown = new Uint8Array(Math.max(this.#arena.length * 2, until));
      grown.set(this.#arena);
      this.#arena = grown;
      this.#arenaView = new DataView(grown.buffer);
    }
    this.#arena.set(bytes.subarray(start, end), from);
    this.#arenaEnd = until;
    this.#entries[entry] = hash;
    this.#entries[entry + 1] = from;
    this.#entries[entry + 2] = end - start;
    this.#entries[entry + 3] = code;
    this.#slots[slot] = entry;
    this.#entryCount += 1;
    if (this.#entryCount * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#entryCount * 4; entry += 4) {
      let slot = (this.#entries[entry] as number) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

function grownInt32(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}
