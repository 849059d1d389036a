/** Numbers in order, in chunks: insert, remove and the k-th in a few hundred moves at most, however many there are. */

const chunkMax = 512;

export class SortedBag {
  #chunks: Float64Array[] = [];
  #lengths: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#chunks = [];
    this.#lengths = [];
    this.#size = 0;
  }

  add(value: number): void {
    this.#size += 1;
    if (this.#chunks.length === 0) {
      const chunk = new Float64Array(16);
      chunk[0] = value;
      this.#chunks.push(chunk);
      this.#lengths.push(1);
      return;
    }
    const index = this.#chunkFor(value);
    let chunk = this.#chunks[index] as Float64Array;
    const length = this.#lengths[index] as number;
    if (length === chunk.length) {
      if (length === chunkMax) {
        this.#split(index);
        this.#size -= 1;
        this.add(value);
        return;
      }
      const grown = new Float64Array(chunk.length * 2);
      grown.set(chunk);
      this.#chunks[index] = grown;
      chunk = grown;
    }
    const at = lowerBound(chunk, length, value);
    chunk.copyWithin(at + 1, at, length);
    chunk[at] = value;
    this.#lengths[index] = length + 1;
  }

  /** Takes one such value away; there must be one. */
  remove(value: number): void {
    const index = this.#chunkFor(value);
    const chunk = this.#chunks[index] as Float64Array;
    const length = this.#lengths[index] as number;
    const at = lowerBound(chunk, length, value);
    if (at >= length || chunk[at] !== value) throw new Error(`The bag does not hold ${value}.`);
    chunk.copyWithin(at, at + 1, length);
    this.#lengths[index] = length - 1;
    this.#size -= 1;
    if (length > 1) return;
    this.#chunks.splice(index, 1);
    this.#lengths.splice(index, 1);
  }

  /** The value at a position in ascending order, from 0. */
  at(position: number): number {
    let left = position;
    for (let index = 0; index < this.#chunks.length; index += 1) {
      const length = this.#lengths[index] as number;
      if (left < length) return (this.#chunks[index] as Float64Array)[left] as number;
      left -= length;
    }
    return Number.NaN;
  }

  *values(): Generator<number> {
    for (let index = 0; index < this.#chunks.length; index += 1) {
      yield* (this.#chunks[index] as Float64Array).subarray(0, this.#lengths[index]);
    }
  }

  /** The first chunk whose last value is not smaller, else the last chunk. */
  #chunkFor(value: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = (this.#chunks[middle] as Float64Array)[(this.#lengths[middle] as number) - 1] as number;
      if (last < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(index: number): void {
    const chunk = this.#chunks[index] as Float64Array;
    const half = chunkMax / 2;
    const second = new Float64Array(chunkMax);
    second.set(chunk.subarray(half));
    this.#chunks.splice(index + 1, 0, second);
    this.#lengths.splice(index, 1, half, half);
  }
}

function lowerBound(chunk: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunk[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
