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
    if (keys.length === 1 && to > from) {
      this.#assignOne(keys[0] as Column, from, to, groups);
      return;
    }
    for (let row = from; row < to; row += 1) groups[row] = this.#find(keys, row);
  }

  /** Runs of one text key: the previous answer often holds. */
  #assignOne(key: Column, from: number, to: number, groups: Int32Array): void {
    const keys = [key];
    let lastCode = -1;
    let lastGroup = -1;
    for (let row = from; row < to; row += 1) {
      const isText = key.tags[row] === Tag.text;
      const code = key.nums[row] as number;
      if (!isText || code !== lastCode) {
        lastGroup = this.#find(keys, row);
        lastCode = isText ? code : -1;
      }
      groups[row] = lastGroup;
    }
  }

  #find(keys: readonly Column[], row: number): number {
    const classes = this.#rowClasses;
    const numbers = this.#rowNumbers;
    let hash = 0x2545f491;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as Column;
      const tag = key.tags[row] as number;
      let number = key.nums[row] as number;
      let kind = tag;
      if (tag === Tag.int) kind = Tag.float;
      else if (tag === Tag.other) {
        const value = key.value(row);
        kind = typeof value === 'string' ? Tag.text : Tag.other;
        number = this.#dictionary.intern(typeof value === 'string' ? value : `\u0000${valueText(value)}`);
      }
      classes[index] = kind;
      numbers[index] = number;
      hash = Math.imul(hash ^ hashOfNumber(number), 0x01000193) ^ kind;
    }
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const group = this.#slots[slot] as number;
      if (group === -1) return this.#create(keys, row, hash, slot);
      if (this.#hashes[group] === hash && this.#matches(group)) return group;
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

const floatBits = new Float64Array(1);
const intBits = new Int32Array(floatBits.buffer);

function hashOfNumber(number: number): number {
  const whole = number | 0;
  if (whole === number) return Math.imul(whole, 0x9e3779b1 | 0);
  floatBits[0] = number;
  return Math.imul((intBits[0] as number) ^ Math.imul(intBits[1] as number, 0x85ebca6b | 0), 0x9e3779b1 | 0);
}
