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

  // An open-addressing table from bytes to codes, so that the decoder need not make a string to find its code.
  #slots = new Int32Array(1024).fill(-1);
  #entryCount = 0;
  #entryCodes = new Int32Array(512);
  #entryHashes = new Int32Array(512);
  #entryStarts = new Int32Array(513);
  #arena = new Uint8Array(16384);

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

  /** The code of the UTF-8 text `bytes[start, end)`, whose `hash` the caller worked out with `hashStep`. */
  internBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry === -1) return this.#addBytes(bytes, start, end, hash, slot);
      if (this.#entryHashes[entry] === hash && this.#sameBytes(entry, bytes, start, end))
        return this.#entryCodes[entry] as number;
      slot = (slot + 1) & mask;
    }
  }

  #sameBytes(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#entryStarts[entry] as number;
    const length = end - start;
    if ((this.#entryStarts[entry + 1] as number) - from !== length) return false;
    const arena = this.#arena;
    for (let index = 0; index < length; index += 1) if (arena[from + index] !== bytes[start + index]) return false;
    return true;
  }

  #addBytes(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const entry = this.#entryCount;
    const code = this.intern(utf8.decode(bytes.subarray(start, end)));
    if (entry + 1 >= this.#entryCodes.length) this.#growEntries();
    const from = this.#entryStarts[entry] as number;
    const until = from + end - start;
    if (until > this.#arena.length) {
      const grown = new Uint8Array(Math.max(this.#arena.length * 2, until));
      grown.set(this.#arena);
      this.#arena = grown;
    }
    this.#arena.set(bytes.subarray(start, end), from);
    this.#entryStarts[entry + 1] = until;
    this.#entryCodes[entry] = code;
    this.#entryHashes[entry] = hash;
    this.#entryCount = entry + 1;
    this.#slots[slot] = entry;
    if (this.#entryCount * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #growEntries(): void {
    const capacity = this.#entryCodes.length * 2;
    this.#entryCodes = grownInt32(this.#entryCodes, capacity);
    this.#entryHashes = grownInt32(this.#entryHashes, capacity);
    this.#entryStarts = grownInt32(this.#entryStarts, capacity + 1);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#entryCount; entry += 1) {
      const hash = this.#entryHashes[entry] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

/** One step of the hash of a text's bytes; start with `hashSeed`. */
export const hashSeed = 0x811c9dc5 | 0;
export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

function grownInt32(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}
