/** MurmurHash3, the x64 variant of 128 bits with seed 0 (public domain, Austin Appleby), on big integers. */

const mask = 0xffff_ffff_ffff_ffffn;
const c1 = 0x87c3_7b91_1142_53d5n;
const c2 = 0x4cf5_ad43_2745_937fn;

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & mask;
}

function finish(value: bigint): bigint {
  let k = value;
  k = ((k ^ (k >> 33n)) * 0xff51_afd7_ed55_8ccdn) & mask;
  k = ((k ^ (k >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & mask;
  return k ^ (k >> 33n);
}

/** The hash's 16 bytes, the two halves little-endian. */
export function murmurHash128(bytes: Buffer): Buffer {
  const blocks = bytes.length >> 4;
  let h1 = 0n;
  let h2 = 0n;
  const mix1 = (k: bigint): bigint => (rotate((k * c1) & mask, 31n) * c2) & mask;
  const mix2 = (k: bigint): bigint => (rotate((k * c2) & mask, 33n) * c1) & mask;
  for (let block = 0; block < blocks; block++) {
    h1 ^= mix1(bytes.readBigUInt64LE(block * 16));
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dc_e729n) & mask;
    h2 ^= mix2(bytes.readBigUInt64LE(block * 16 + 8));
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x3849_5ab5n) & mask;
  }
  const tail = Buffer.alloc(16);
  bytes.copy(tail, 0, blocks * 16);
  h2 ^= mix2(tail.readBigUInt64LE(8));
  h1 ^= mix1(tail.readBigUInt64LE(0));
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & mask;
  h2 = (h2 + h1) & mask;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & mask;
  h2 = (h2 + h1) & mask;
  const hash = Buffer.alloc(16);
  hash.writeBigUInt64LE(h1, 0);
  hash.writeBigUInt64LE(h2, 8);
  return hash;
}
