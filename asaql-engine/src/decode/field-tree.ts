/** Which fields of an event are wanted, as a tree of names, with the column of each. Names match whatever their case. */
import type { SourceSlot } from '../plan/nodes.ts';

/** What of TextEncoder is used; the room has no platform types. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

const utf8 = new TextEncoder();

export interface Wanted {
  readonly column: number;
  readonly kind: 'path' | 'presence' | 'time';
}

/** A key as it stands in the bytes, from quote to colon. Keys come in the same order as a rule: `next` came after it last time. */
export interface KnownKey {
  readonly bytes: Uint8Array;
  /** Its bytes as little-endian words, without the last few that fill none. */
  readonly words: Int32Array;
  /** null: nobody wants this field. */
  readonly tree: FieldTree | null;
  /** Keys of the object that stands there, where nobody wants it: so that they too are known when they come again. */
  readonly unwanted: FieldTree | null;
  next: KnownKey | null;
}

/** Keys beyond this many are looked up each time: an object whose keys are data must not fill the memory. */
const knownKeysMax = 1024;

export class FieldTree {
  readonly wanted: Wanted[] = [];
  readonly #children: { readonly folded: string; readonly bytes: Uint8Array; readonly tree: FieldTree }[] = [];
  /** Stands before the first key of an object. */
  readonly before: KnownKey = { bytes: new Uint8Array(0), words: new Int32Array(0), tree: null, unwanted: null, next: null };
  readonly #isWanted: boolean;
  /** Keys that were seen, by length and first letter. */
  readonly #known: KnownKey[][] = [];

  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
  }

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }

  add(slot: SourceSlot, column: number): void {
    if (slot.kind === 'record' || slot.kind === 'metadata' || slot.kind === 'property') return;
    let tree: FieldTree = this;
    for (const part of slot.path) tree = tree.#child(part);
    tree.wanted.push({ column, kind: slot.kind });
  }

  #child(name: string): FieldTree {
    const folded = name.toLowerCase();
    const known = this.#children.find((child) => child.folded === folded);
    if (known !== undefined) return known.tree;
    const tree = new FieldTree(true);
    this.#children.push({ folded, bytes: utf8.encode(folded), tree });
    return tree;
  }

  /** The key `bytes[start, end)` with its quotes, which holds no escapes and only ASCII. */
  key(bytes: Uint8Array, start: number, end: number): KnownKey {
    const bucket = ((end - start) * 31 + (bytes[start + 1] as number)) & 1023;
    const known = this.#known[bucket]?.find((candidate) => isKey(candidate.bytes, bytes, start, end));
    if (known !== undefined) return known;
    // Not `slice`: a Buffer's shares the memory, which its owner uses again.
    const own = new Uint8Array(end - start + 1);
    own.set(bytes.subarray(start, end));
    own[end - start] = colon;
    const tree = this.find(bytes, start + 1, end - 1);
    // One level of what nobody wants is enough: deeper, keys may be data.
    const unwanted = tree === null && this.#isWanted ? new FieldTree(false) : null;
    const key: KnownKey = { bytes: own, words: wordsOf(own), tree, unwanted, next: null };
    if (this.#knownCount >= knownKeysMax) return key;
    this.#knownCount += 1;
    this.#known[bucket] ??= [];
    this.#known[bucket].push(key);
    return key;
  }

  #knownCount = 0;

  /** The field with the key `bytes[start, end)`, which holds no escapes and only ASCII. */
  find(bytes: Uint8Array, start: number, end: number): FieldTree | null {
    for (const child of this.#children) {
      if (child.bytes.length === end - start && equalsFolded(child.bytes, bytes, start)) return child.tree;
    }
    return null;
  }

  findText(name: string): FieldTree | null {
    const folded = name.toLowerCase();
    return this.#children.find((child) => child.folded === folded)?.tree ?? null;
  }
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, index) => view.getInt32(index * 4, true));
}

const colon = 0x3a;

/** Whether the key without its colon is `bytes[start, end)`. */
function isKey(own: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (own.length !== end - start + 1) return false;
  for (let index = 0; index < end - start; index += 1) if (own[index] !== bytes[start + index]) return false;
  return true;
}

function equalsFolded(folded: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < folded.length; index += 1) {
    const byte = bytes[start + index] as number;
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower !== folded[index]) return false;
  }
  return true;
}
