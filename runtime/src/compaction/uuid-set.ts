/**
 * An exact set of UUIDs at 16 bytes each: an hour of a busy hub holds millions, too many for a Set of strings. Open addressing
 * over four 32-bit words. Pure.
 */
export class UuidSet {
  #words = new Uint32Array(4 * 1024);
  #used = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a UUID (any case, with its hyphens); false where it was there already. Throws on any other text. */
  add(uuid: string): boolean {
    if ((this.#size + 1) * 4 > this.#used.length * 3) this.#grow();
    const a = word(uuid.slice(0, 8));
    const b = word(uuid.slice(9, 13) + uuid.slice(14, 18));
    const c = word(uuid.slice(19, 23) + uuid.slice(24, 28));
    const d = word(uuid.slice(28, 36));
    const added = this.#insert(a, b, c, d);
    if (added) this.#size += 1;
    return added;
  }

  #insert(a: number, b: number, c: number, d: number): boolean {
    const words = this.#words;
    const mask = this.#used.length - 1;
    // Not all UUIDs are random in every word (version 7 begins with the time): mix them all.
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      if (this.#used[slot] === 0) {
        this.#used[slot] = 1;
        words[at] = a;
        words[at + 1] = b;
        words[at + 2] = c;
        words[at + 3] = d;
        return true;
      }
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return false;
    }
  }

  #grow(): void {
    const oldWords = this.#words;
    const oldUsed = this.#used;
    this.#words = new Uint32Array(oldWords.length * 2);
    this.#used = new Uint8Array(oldUsed.length * 2);
    for (let slot = 0; slot < oldUsed.length; slot += 1) {
      if (oldUsed[slot] === 1) {
        const [a = 0, b = 0, c = 0, d = 0] = oldWords.subarray(slot * 4, slot * 4 + 4);
        this.#insert(a, b, c, d);
      }
    }
  }
}

function word(hex: string): number {
  const value = Number.parseInt(hex, 16);
  if (hex.length !== 8 || Number.isNaN(value)) throw new Error(`Not eight hexadecimal digits of a UUID: ${hex}`);
  return value >>> 0;
}
