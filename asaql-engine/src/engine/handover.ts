/**
 * What the front half of a job hands to the back half, in order: batches of columns, and how far time has come. Plain data
 * and buffers of its own, so that it can go to another thread. Knows no operator and no thread.
 */
import type { Batch } from '../batch/batch.ts';
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { StateReader } from '../state/state-reader.ts';
import { StateWriter } from '../state/state-writer.ts';

/** Texts that the back half does not know yet: their codes follow those of the texts before. */
interface Texts {
  readonly kind: 'texts';
  /** The codes begin at 0 again. */
  readonly anew: boolean;
  readonly texts: readonly string[];
}

interface PackedBatch {
  readonly kind: 'batch';
  /** Position in the plan of the node whose rows they are. */
  readonly node: number;
  readonly count: number;
  readonly columnCount: number;
  /** The timestamps, then the numbers of each column, then the tags of each column. */
  readonly buffer: ArrayBuffer;
  /** Of each column the values that no number holds. */
  readonly others: readonly (Uint8Array | null)[];
}

interface Advance {
  readonly kind: 'advance';
  readonly component: number;
  readonly us: number;
}

export type Handover = readonly (Texts | PackedBatch | Advance)[];

/** What may be moved to another thread and not copied. */
export function transferablesOf(handover: Handover): readonly ArrayBuffer[] {
  return handover.flatMap((item) => (item.kind === 'batch' ? [item.buffer] : []));
}

export class HandoverWriter {
  #dictionary: Dictionary;
  #textsTold = 0;
  #anew = false;
  #items: Handover[number][] = [];

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** From now on codes are those of another dictionary. */
  renew(dictionary: Dictionary): void {
    this.#dictionary = dictionary;
    this.#textsTold = 0;
    this.#anew = true;
  }

  batch(node: number, { count, timestamps, columns }: Batch): void {
    this.#tellTexts();
    const buffer = new ArrayBuffer(count * (8 + columns.length * 9));
    const { times, nums, tags } = viewsOf(buffer, count, columns.length);
    times.set(timestamps.subarray(0, count));
    columns.forEach((column, index) => {
      (nums[index] as Float64Array).set(column.nums.subarray(0, count));
      (tags[index] as Uint8Array).set(column.tags.subarray(0, count));
    });
    const others = columns.map((column) => packedOthers(column, count));
    this.#items.push({ kind: 'batch', node, count, columnCount: columns.length, buffer, others });
  }

  #tellTexts(): void {
    const texts: string[] = [];
    for (; this.#textsTold < this.#dictionary.size; this.#textsTold += 1) texts.push(this.#dictionary.text(this.#textsTold));
    if (texts.length > 0 || this.#anew) this.#items.push({ kind: 'texts', anew: this.#anew, texts });
    this.#anew = false;
  }

  advance(component: number, us: number): void {
    this.#items.push({ kind: 'advance', component, us });
  }

  take(): Handover {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

export class HandoverReader {
  #dictionary: Dictionary;
  /** Codes of the own dictionary, by codes of the front half. */
  #codes: number[] = [];

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** From now on the own codes are those of another dictionary. */
  renew(dictionary: Dictionary): void {
    const before = this.#dictionary;
    this.#dictionary = dictionary;
    this.#codes = this.#codes.map((code) => dictionary.intern(before.text(code)));
  }

  texts({ anew, texts }: Texts): void {
    if (anew) this.#codes = [];
    for (const text of texts) this.#codes.push(this.#dictionary.intern(text));
  }

  batch({ count, columnCount, buffer, others }: PackedBatch): Batch {
    const codes = this.#codes;
    const { times, nums, tags } = viewsOf(buffer, count, columnCount);
    const columns = nums.map((numbers, index) => {
      const own = tags[index] as Uint8Array<ArrayBuffer>;
      for (let row = 0; row < count; row += 1) if (own[row] === Tag.text) numbers[row] = codes[numbers[row] as number] as number;
      const column = Column.over(this.#dictionary, own, numbers);
      unpackOthers(column, count, others[index] ?? null);
      return column;
    });
    return { count, timestamps: times, columns };
  }
}

function viewsOf(buffer: ArrayBuffer, count: number, columnCount: number) {
  const tagsFrom = count * 8 * (1 + columnCount);
  const columns = Array.from({ length: columnCount }, (_, index) => index);
  return {
    times: new Float64Array(buffer, 0, count),
    nums: columns.map((index) => new Float64Array(buffer, count * 8 * (1 + index), count)),
    tags: columns.map((index) => new Uint8Array(buffer, tagsFrom + count * index, count)),
  };
}

function packedOthers(column: Column, count: number): Uint8Array | null {
  if (column.others === null || !column.tags.subarray(0, count).includes(Tag.other)) return null;
  const writer = new StateWriter();
  for (let row = 0; row < count; row += 1) if (column.tags[row] === Tag.other) writer.value(column.value(row));
  return writer.finish();
}

function unpackOthers(column: Column, count: number, packed: Uint8Array | null): void {
  if (packed === null) return;
  const reader = new StateReader(packed);
  for (let row = 0; row < count; row += 1) if (column.tags[row] === Tag.other) column.setOther(row, reader.value());
}
