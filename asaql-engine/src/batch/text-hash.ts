/** A hash of a text's UTF-8 bytes, a word at a time. The scanner works it out on its way. */

export const hashSeed = 0x811c9dc5 | 0;

export function hashStep(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193);
}

/** Adds the last bytes, fewer than four of them, as a word; spreads them over the whole hash. */
export function hashEnd(hash: number, rest: number): number {
  const all = Math.imul(hash ^ rest, 0x01000193);
  const mixed = Math.imul(all ^ (all >>> 16), 0x85ebca6b | 0);
  return mixed ^ (mixed >>> 13);
}

/**
 * The high bits of those of four bytes (little-endian) that are a quote, a backslash, a control character or beyond ASCII;
 * 0 where none is. Only the lowest is certain: what stands above it may be a plain byte.
 */
export function specialBytes(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return ((word - 0x20202020) | 0 | ((quote - 0x01010101) | 0) | ((backslash - 0x01010101) | 0) | word) & 0x80808080;
}

/** How many bytes stand below the lowest of `specialBytes`. */
export function bytesBefore(special: number): number {
  return (31 - Math.clz32(special & -special)) >> 3;
}

export function hashOfBytes(view: DataView, start: number, length: number): number {
  let hash = hashSeed;
  const words = start + (length & ~3);
  let at = start;
  for (; at < words; at += 4) hash = hashStep(hash, view.getInt32(at, true));
  let rest = 0;
  for (let shift = 0; at < start + length; at += 1, shift += 8) rest |= view.getUint8(at) << shift;
  return hashEnd(hash, rest);
}
