/** The end of a checkpoint: a sum of all its bytes, so that a damaged one is told and never half restored. Knows no state. */

const sealBytes = 4;

export function sealed(state: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(state.length + sealBytes);
  bytes.set(state);
  new DataView(bytes.buffer).setUint32(state.length, sumOf(state, state.length), true);
  return bytes;
}

export function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length < sealBytes) return false;
  const length = bytes.length - sealBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(length, true) === sumOf(bytes, length);
}

/** FNV-1a, 32 bits. */
function sumOf(bytes: Uint8Array, length: number): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < length; index += 1) sum = Math.imul(sum ^ (bytes[index] as number), 0x01000193);
  return sum >>> 0;
}
