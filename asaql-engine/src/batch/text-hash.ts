/** A hash of a text's UTF-8 bytes: whole words while they are plain ASCII, then byte by byte. The scanner works it out on its way. */

export const hashSeed = 0x811c9dc5 | 0;

export function hashStep(hash: number, wordOrByte: number): number {
  return Math.imul(hash ^ wordOrByte, 0x01000193);
}

/** Spreads the last bytes over the whole hash. */
export function hashEnd(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b | 0);
  return mixed ^ (mixed >>> 13);
}

/** Whether one of four bytes is a quote, a backslash, a control character or beyond ASCII. May say yes once too often, never no. */
export function hasSpecialByte(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return (((word - 0x20202020) | 0 | ((quote - 0x01010101) | 0) | ((backslash - 0x01010101) | 0) | word) & 0x80808080) !== 0;
}

export function hashOfBytes(view: DataView, length: number): number {
  let hash = hashSeed;
  let at = 0;
  while (at + 4 <= length) {
    const word = view.getInt32(at, true);
    if (hasSpecialByte(word)) break;
    hash = hashStep(hash, word);
    at += 4;
  }
  for (; at < length; at += 1) hash = hashStep(hash, view.getUint8(at));
  return hashEnd(hash);
}
