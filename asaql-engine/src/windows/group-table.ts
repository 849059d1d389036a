/**
 * Group keys to small numbers: open addressing over typed arrays; numbers of gone groups are used again.
 * Knows no aggregate. bigint 1 and float 1.0 are one key; NULL is a key of its own.
 */
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { valueText } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export class GroupTable {
  /** The key of each group, as its first row had it. */
  readonly keys: readonly Column[];
  /** Groups that came into being since somebody last cleared this. */
  readonly fresh: number[] = [];
  readonly #dictionary: Dictionary;
  #slots = new Int32Array(64).fill(-1);
  #hashes = new Int32Array(64);
  /** Of each group and key: the class of its tag and its number, side by side. */
  #classes: Uint8Array[];
  #numbers: Float64Array[];
  readonly #free: number[] = [];
  #capacity = 0;
  #size = 0;
  readonly #rowClasses: Uint8Array;
  readonly #rowNumbers: Float64Array;
  #rowHashes = new Int32Array(64);
  /** Of a table with one key: the group of a text, by its code. */
  #groupOfText = new Int32Array(64).fill(-1);

  constructor(keyCount: number, dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.keys = Array.from({ length: keyCount }, () => new Column(dictionary, 64));
    this.#classes = this.keys.map(() => new Uint8Array(64));
    this.#numbers = this.keys.map(() => new Float64Array(64));
    this.#rowClasses = new Uint8Array(keyCount);
    this.#rowNumbers = new Float64Array(keyCount);
  }

  /** One more than the largest group number ever given. */
  get capacity(): number {
    return this.#capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** The group of each row `[from, to)`, written to `groups` at the row's own position. */
  assign(keys: readonly Column[], from: number, to: number, groups: Int32Array): void {
    if (keys.length === 1) {
      this.#assignOne(keys[0] as Column, from, to, groups);
      return;
    }
    const hashes = this.#hashRows(keys, from, to);
    for (let row = from; row < to; row += 1) {
      for (let index = 0; index < keys.length; index += 1) this.#readKey(keys[index] as Column, index, row);
      groups[row] = this.#lookUp(keys, row, hashes[row - from] as number);
    }
  }

  /** A text's group stands at its code. */
  #assignOne(key: Column, from: number, to: number, groups: Int32Array): void {
    const keys = [key];
    const { tags, nums } = key;
    for (let row = from; row < to; row += 1) {
      const isText = tags[row] === Tag.text;
      const code = nums[row] as number;
      const known = isText ? (this.#groupOfText[code] ?? -1) : -1;
      groups[row] = known === -1 ? this.#find(keys, row) : known;
      if (isText && known === -1) this.#rememberText(code, groups[row] as number);
    }
  }

  #rememberText(code: number, group: number): void {
    if (code >= this.#groupOfText.length) {
      const grown = new Int32Array(Math.max(code + 1, this.#groupOfText.length * 2)).fill(-1);
      grown.set(this.#groupOfText);
      this.#groupOfText = grown;
    }
    this.#groupOfText[code] = group;
  }

  #find(keys: readonly Column[], row: number): number {
    let hash = hashSeed;
    for (let index = 0; index < keys.length; index += 1) {
      this.#readKey(keys[index] as Column, index, row);
      hash = hashStep(hash, this.#rowNumbers[index] as number, this.#rowClasses[index] as number);
    }
    return this.#lookUp(keys, row, hash);
  }

  /** One key after the other: the columns' types stay the same within a loop. */
  #hashRows(keys: readonly Column[], from: number, to: number): Int32Array {
    if (this.#rowHashes.length < to - from) this.#rowHashes = new Int32Array((to - from) * 2);
    const hashes = this.#rowHashes;
    hashes.fill(hashSeed, 0, to - from);
    for (const key of keys) {
      const { tags, nums } = key;
      for (let row = from; row < to; row += 1) {
        const tag = tags[row] as number;
        let kind = tag;
        let number = nums[row] as number;
        if (tag === Tag.int) kind = Tag.float;
        else if (tag === Tag.other) {
          kind = this.#kindOfOther(key, row);
          number = this.#numberOfOther(key, row);
        }
        hashes[row - from] = hashStep(hashes[row - from] as number, number, kind);
      }
    }
    return hashes;
  }

  #readKey(key: Column, index: number, row: number): void {
    const tag = key.tags[row] as number;
    if (tag === Tag.other) {
      this.#rowClasses[index] = this.#kindOfOther(key, row);
      this.#rowNumbers[index] = this.#numberOfOther(key, row);
      return;
    }
    this.#rowClasses[index] = tag === Tag.int ? Tag.float : tag;
    this.#rowNumbers[index] = key.nums[row] as number;
  }

  #kindOfOther(key: Column, row: number): number {
    return typeof key.value(row) === 'string' ? Tag.text : Tag.other;
  }

  #numberOfOther(key: Column, row: number): number {
    const value = key.value(row);
    return this.#dictionary.intern(typeof value === 'string' ? value : `\u0000${valueText(value)}`);
  }

  /** The group of the key that was read last, whose hash this is. */
  #lookUp(keys: readonly Column[], row: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const group = this.#slots[slot] as number;
      if (group === -1) return this.#create(keys, row, hash ^ (hash >>> 15), slot);
      if (this.#hashes[group] === (hash ^ (hash >>> 15)) && this.#matches(group)) return group;
    }
  }

  #matches(group: number): boolean {
    for (let index = 0; index < this.#rowClasses.length; index += 1) {
      if ((this.#numbers[index] as Float64Array)[group] !== this.#rowNumbers[index]) return false;
      if ((this.#classes[index] as Uint8Array)[group] !== this.#rowClasses[index]) return false;
    }
    return true;
  }

  #create(keys: readonly Column[], row: number, hash: number, slot: number): number {
    const group = this.#free.pop() ?? this.#capacity++;
    if (group >= this.#hashes.length) this.#growGroups();
    this.#hashes[group] = hash;
    for (let index = 0; index < keys.length; index += 1) {
      (this.#classes[index] as Uint8Array)[group] = this.#rowClasses[index] as number;
      (this.#numbers[index] as Float64Array)[group] = this.#rowNumbers[index] as number;
      const own = this.keys[index] as Column;
      own.reserve(group + 1);
      own.copy(group, keys[index] as Column, row);
    }
    this.#slots[slot] = group;
    this.#size += 1;
    this.fresh.push(group);
    if (this.#size * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return group;
  }

  #growGroups(): void {
    const capacity = this.#hashes.length * 2;
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#classes = this.#classes.map((old) => {
      const grown = new Uint8Array(capacity);
      grown.set(old);
      return grown;
    });
    this.#numbers = this.#numbers.map((old) => {
      const grown = new Float64Array(capacity);
      grown.set(old);
      return grown;
    });
  }

  #rehash(capacity: number): void {
    const old = this.#slots;
    const slots = new Int32Array(capacity).fill(-1);
    const mask = capacity - 1;
    for (const group of old) {
      if (group === -1) continue;
      let slot = (this.#hashes[group] as number) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = group;
    }
    this.#slots = slots;
  }

  /** The group is gone; its number will be used again. */
  remove(group: number): void {
    const mask = this.#slots.length - 1;
    let hole = (this.#hashes[group] as number) & mask;
    while (this.#slots[hole] !== group) hole = (hole + 1) & mask;
    // Entries behind the hole move up, so that no search stops too early.
    for (let next = (hole + 1) & mask; this.#slots[next] !== -1; next = (next + 1) & mask) {
      const moved = this.#slots[next] as number;
      const home = (this.#hashes[moved] as number) & mask;
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        this.#slots[hole] = moved;
        hole = next;
      }
    }
    this.#slots[hole] = -1;
    this.#free.push(group);
    this.#size -= 1;
    const [only] = this.keys;
    if (only !== undefined && (this.#classes[0] as Uint8Array)[group] === Tag.text) {
      const code = (this.#numbers[0] as Float64Array)[group] as number;
      if (code < this.#groupOfText.length) this.#groupOfText[code] = -1;
    }
    for (const key of this.keys) if (key.tags[group] === Tag.other) key.setOther(group, null);
  }

  /** Writes the key of one group. */
  saveKey(group: number, writer: StateWriter): void {
    for (const key of this.keys) writer.cell(key, group);
  }

  /** Reads a key and makes its group. */
  loadKey(reader: StateReader): number {
    const keys = this.keys.map(() => new Column(this.#dictionary, 1));
    for (const key of keys) reader.cell(key, 0);
    return this.#find(keys, 0);
  }
}

const hashSeed = 0x2545f491;

function hashStep(hash: number, number: number, kind: number): number {
  return Math.imul(hash ^ hashOfNumber(number), 0x01000193) ^ kind;
}

const floatBits = new Float64Array(1);
const intBits = new Int32Array(floatBits.buffer);

function hashOfNumber(number: number): number {
  const whole = number | 0;
  if (whole === number) return Math.imul(whole, 0x9e3779b1 | 0);
  floatBits[0] = number;
  return Math.imul((intBits[0] as number) ^ Math.imul(intBits[1] as number, 0x85ebca6b | 0), 0x9e3779b1 | 0);
}
