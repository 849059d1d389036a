// The CRC-64 that Azure Storage checks bodies with (CRC-64/NVME: polynomial 0x9A6C9329AC4BC9B5 reflected, all ones in and out). Pure.

const [tableLow, tableHigh] = makeTables();

/** A checksum over bytes that come in parts. */
export class Crc64 {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < bytes.length; i++) {
      const at = (low ^ (bytes[i] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[at] as number);
      high = (high >>> 8) ^ (tableHigh[at] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** The eight bytes as they go over the wire. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(~this.#low >>> 0, 0);
    bytes.writeUInt32LE(~this.#high >>> 0, 4);
    return bytes;
  }
}

function makeTables(): [Uint32Array, Uint32Array] {
  const [low, high] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    low[byte] = Number(value & 0xffffffffn);
    high[byte] = Number(value >> 32n);
  }
  return [low, high];
}
