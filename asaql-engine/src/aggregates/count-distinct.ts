/**
 * COUNT(DISTINCT expression): of every group the values it holds, and how often. All groups share one open-addressing table
 * in typed arrays; what a group holds hangs together in a chain.
 */
import { type Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { type Value, valueText } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { type Aggregator, grownFloats } from './aggregator.ts';

export class CountDistinct implements Aggregator {
  readonly #input: number;
  readonly #dictionary: Dictionary;
  /** Of each group: its number at present (a group that is emptied gets a new one), its values, the first of its chain. */
  #owners = new Float64Array(0);
  #distinct = new Float64Array(0);
  #first = new Float64Array(0);
  #owner = 0;
  /** Entries: whose, which value (kind and number), how often, and the next of the same owner. */
  #entryOwners = new Float64Array(64);
  #entryGroups = new Int32Array(64);
  #kinds = new Uint8Array(64);
  #numbers = new Float64Array(64);
  #counts = new Int32Array(64);
  #next = new Int32Array(64);
  #entries = 0;
  #slots = new Int32Array(128).fill(-1);

  constructor(input: number, dictionary: Dictionary) {
    this.#input = input;
    this.#dictionary = dictionary;
  }

  get keptRows(): number {
    return this.#entries;
  }

  reserve(groups: number): void {
    const from = this.#owners.length;
    if (groups <= from) return;
    this.#owners = grownFloats(this.#owners, groups);
    this.#distinct = grownFloats(this.#distinct, groups);
    this.#first = grownFloats(this.#first, groups);
    for (let group = from; group < this.#owners.length; group += 1) this.reset(group);
  }

  /** Its entries stay until room is needed; nobody owns them any more. */
  reset(group: number): void {
    this.#owner += 1;
    this.#owners[group] = this.#owner;
    this.#distinct[group] = 0;
    this.#first[group] = -1;
  }

  add(groups: Int32Array, columns: readonly Column[], _timestamps: Float64Array, from: number, to: number): void {
    const column = columns[this.#input] as Column;
    const { tags, nums } = column;
    for (let row = from; row < to; row += 1) {
      const tag = tags[row] as number;
      if (tag === Tag.text) this.#change(groups[row] as number, Tag.text, nums[row] as number, 1);
      else if (tag !== Tag.null) this.#changeCell(groups[row] as number, column, row, 1);
    }
  }

  remove(groups: Int32Array, columns: readonly Column[], from: number, to: number): void {
    const column = columns[this.#input] as Column;
    for (let row = from; row < to; row += 1) {
      if (column.tags[row] !== Tag.null) this.#changeCell(groups[row] as number, column, row, -1);
    }
  }

  /** Numbers are one kind, bigint 1 and float 1.0 one value; what no number holds is told apart by its text. */
  #changeCell(group: number, column: Column, row: number, step: number): void {
    const tag = column.tags[row] as number;
    const number = column.nums[row] as number;
    // + 0: minus zero is zero.
    if (tag !== Tag.other && !Number.isNaN(number)) this.#change(group, tag === Tag.int ? Tag.float : tag, number + 0, step);
    else this.#changeOther(group, column.value(row), step);
  }

  #changeOther(group: number, value: Value, step: number): void {
    if (typeof value === 'string') this.#change(group, Tag.text, this.#dictionary.intern(value), step);
    else if (typeof value === 'bigint' && BigInt(Number(value)) === value) this.#change(group, Tag.float, Number(value), step);
    else this.#change(group, Tag.other, this.#dictionary.intern(`${typeof value} ${valueText(value)}`), step);
  }

  #change(group: number, kind: number, number: number, step: number): void {
    const entry = this.#entryOf(group, kind, number);
    const before = this.#counts[entry] as number;
    this.#counts[entry] = before + step;
    if (before === 0) this.#distinct[group]! += 1;
    else if (before + step === 0) this.#distinct[group]! -= 1;
  }

  #entryOf(group: number, kind: number, number: number): number {
    const owner = this.#owners[group] as number;
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(owner, number) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] as number;
      if (entry === -1) return this.#create(group, kind, number, slot);
      if (this.#numbers[entry] === number && this.#entryOwners[entry] === owner && this.#kinds[entry] === kind) return entry;
    }
  }

  #create(group: number, kind: number, number: number, slot: number): number {
    if (this.#entries === this.#counts.length) {
      this.#makeRoom();
      return this.#entryOf(group, kind, number);
    }
    const entry = this.#entries;
    this.#entries += 1;
    this.#slots[slot] = entry;
    this.#entryOwners[entry] = this.#owners[group] as number;
    this.#entryGroups[entry] = group;
    this.#kinds[entry] = kind;
    this.#numbers[entry] = number;
    this.#counts[entry] = 0;
    this.#next[entry] = this.#first[group] as number;
    this.#first[group] = entry;
    return entry;
  }

  /** Forgets entries that count nothing, or whose owner is gone; grows where more than half are left. */
  #makeRoom(): void {
    let kept = 0;
    const groups = this.#entryGroups;
    for (let entry = 0; entry < this.#entries; entry += 1) {
      const group = groups[entry] as number;
      if (this.#counts[entry] === 0 || this.#entryOwners[entry] !== this.#owners[group]) continue;
      groups[kept] = group;
      this.#entryOwners[kept] = this.#entryOwners[entry] as number;
      this.#kinds[kept] = this.#kinds[entry] as number;
      this.#numbers[kept] = this.#numbers[entry] as number;
      this.#counts[kept] = this.#counts[entry] as number;
      kept += 1;
    }
    this.#entries = kept;
    if (kept * 2 > this.#counts.length) this.#grow(this.#counts.length * 2);
    this.#first.fill(-1);
    this.#slots.fill(-1);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < kept; entry += 1) {
      const group = groups[entry] as number;
      let slot = hashOf(this.#entryOwners[entry] as number, this.#numbers[entry] as number) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
      this.#next[entry] = this.#first[group] as number;
      this.#first[group] = entry;
    }
  }

  #grow(capacity: number): void {
    this.#entryOwners = grownFloats(this.#entryOwners, capacity);
    this.#numbers = grownFloats(this.#numbers, capacity);
    const [groups, kinds] = [new Int32Array(capacity), new Uint8Array(capacity)];
    groups.set(this.#entryGroups);
    kinds.set(this.#kinds);
    this.#entryGroups = groups;
    this.#kinds = kinds;
    const counts = new Int32Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
    this.#next = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
  }

  merge(group: number, other: Aggregator, otherGroup: number): void {
    const from = other as CountDistinct;
    for (let entry = from.#first[otherGroup] as number; entry !== -1; entry = from.#next[entry] as number) {
      const count = from.#counts[entry] as number;
      if (count > 0) this.#change(group, from.#kinds[entry] as number, from.#numbers[entry] as number, count);
    }
  }

  result(group: number, out: Column, row: number): void {
    out.set(row, Tag.int, this.#distinct[group] as number);
  }

  save(group: number, writer: StateWriter): void {
    writer.uint(this.#distinct[group] as number);
    for (let entry = this.#first[group] as number; entry !== -1; entry = this.#next[entry] as number) {
      const count = this.#counts[entry] as number;
      if (count === 0) continue;
      const kind = this.#kinds[entry] as number;
      const number = this.#numbers[entry] as number;
      writer.uint(kind);
      if (kind === Tag.text || kind === Tag.other) writer.text(this.#dictionary.text(number));
      else writer.float(number);
      writer.uint(count);
    }
  }

  load(group: number, reader: StateReader): void {
    this.reset(group);
    for (let left = reader.uint(); left > 0; left -= 1) {
      const kind = reader.uint();
      const number = kind === Tag.text || kind === Tag.other ? this.#dictionary.intern(reader.text()) : reader.float();
      this.#change(group, kind, number, reader.uint());
    }
  }
}

const floatBits = new Float64Array(1);
const intBits = new Int32Array(floatBits.buffer);

function hashOf(owner: number, number: number): number {
  let hash = number | 0;
  if (hash !== number) {
    floatBits[0] = number;
    hash = (intBits[0] as number) ^ Math.imul(intBits[1] as number, 0x85ebca6b | 0);
  }
  hash = Math.imul(hash, 0x9e3779b1 | 0) ^ Math.imul(owner | 0, 0x85ebca6b | 0);
  return hash ^ (hash >>> 15);
}
