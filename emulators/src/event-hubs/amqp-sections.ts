// Walks encoded AMQP 1.0 values without decoding them, so that an event's bytes pass through untouched, types and all.
// Knows nothing of events or hubs.

/** The bytes are no valid AMQP 1.0. */
export class AmqpFormatError extends Error {}

/** A described section of a message: `code` is its descriptor (0x70 … 0x78), `valueAt` where its value begins. */
export interface Section {
  readonly code: number;
  readonly start: number;
  readonly valueAt: number;
  readonly end: number;
}

const SYMBOLIC_CODES: ReadonlyMap<string, number> = new Map([
  ['amqp:header:list', 0x70],
  ['amqp:delivery-annotations:map', 0x71],
  ['amqp:message-annotations:map', 0x72],
  ['amqp:properties:list', 0x73],
  ['amqp:application-properties:map', 0x74],
  ['amqp:data:binary', 0x75],
  ['amqp:amqp-sequence:list', 0x76],
  ['amqp:amqp-value:*', 0x77],
  ['amqp:footer:map', 0x78],
]);

const FIXED_WIDTHS: readonly number[] = [0, 1, 2, 4, 8, 16];

/** Where the value that begins at `at` ends. */
export function valueEnd(bytes: Buffer, at: number): number {
  const code = byteAt(bytes, at);
  let end: number;
  if (code === 0) {
    end = valueEnd(bytes, valueEnd(bytes, at + 1));
  } else {
    const category = code >> 4;
    if (category >= 4 && category <= 9) end = at + 1 + (FIXED_WIDTHS[category - 4] ?? 0);
    else if (category === 0xa || category === 0xc || category === 0xe) end = at + 2 + byteAt(bytes, at + 1);
    else if (category === 0xb || category === 0xd || category === 0xf) end = at + 5 + uint32At(bytes, at + 1);
    else throw new AmqpFormatError(`unknown AMQP type 0x${code.toString(16)}`);
  }
  if (end > bytes.length) throw new AmqpFormatError('an AMQP value is cut off');
  return end;
}

function byteAt(bytes: Buffer, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new AmqpFormatError('an AMQP value is cut off');
  return value;
}

function uint32At(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new AmqpFormatError('an AMQP value is cut off');
  return bytes.readUInt32BE(at);
}

/** The sections of an encoded message, in order. */
export function sections(bytes: Buffer): Section[] {
  const found: Section[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0) throw new AmqpFormatError('a message section has no descriptor');
    const valueAt = valueEnd(bytes, at + 1);
    const end = valueEnd(bytes, valueAt);
    found.push({ code: descriptorCode(bytes, at + 1), start: at, valueAt, end });
    at = end;
  }
  return found;
}

function descriptorCode(bytes: Buffer, at: number): number {
  const type = byteAt(bytes, at);
  if (type === 0x53) return byteAt(bytes, at + 1);
  if (type === 0x80) return byteAt(bytes, at + 8);
  const name = textAt(bytes, at);
  const code = name === undefined ? undefined : SYMBOLIC_CODES.get(name);
  if (code === undefined) throw new AmqpFormatError('a message section has an unknown descriptor');
  return code;
}

/** The content of a string, symbol or binary, without copying; undefined for any other type. */
export function contentAt(bytes: Buffer, at: number): Buffer | undefined {
  const code = byteAt(bytes, at);
  if (code === 0xa0 || code === 0xa1 || code === 0xa3) return bytes.subarray(at + 2, at + 2 + byteAt(bytes, at + 1));
  if (code === 0xb0 || code === 0xb1 || code === 0xb3) return bytes.subarray(at + 5, at + 5 + uint32At(bytes, at + 1));
  return undefined;
}

/** A string or symbol; undefined for any other type. */
export function textAt(bytes: Buffer, at: number): string | undefined {
  const code = byteAt(bytes, at);
  if (code === 0xa0 || code === 0xb0) return undefined;
  return contentAt(bytes, at)?.toString('utf8');
}

/** An integer of any width; undefined for any other type. */
export function integerAt(bytes: Buffer, at: number): number | undefined {
  switch (byteAt(bytes, at)) {
    case 0x43:
    case 0x44:
      return 0;
    case 0x50:
    case 0x52:
    case 0x53:
      return byteAt(bytes, at + 1);
    case 0x51:
    case 0x54:
    case 0x55:
      return bytes.readInt8(at + 1);
    case 0x60:
      return bytes.readUInt16BE(at + 1);
    case 0x61:
      return bytes.readInt16BE(at + 1);
    case 0x70:
      return bytes.readUInt32BE(at + 1);
    case 0x71:
      return bytes.readInt32BE(at + 1);
    case 0x80:
      return Number(bytes.readBigUInt64BE(at + 1));
    case 0x81:
      return Number(bytes.readBigInt64BE(at + 1));
    default:
      return undefined;
  }
}

/** Calls back with where each key and value of the map at `at` stand. */
export function eachMapEntry(bytes: Buffer, at: number, visit: (keyAt: number, valueAt: number, end: number) => void): void {
  const code = byteAt(bytes, at);
  if (code === 0x40 || code === 0x45) return;
  if (code !== 0xc1 && code !== 0xd1) throw new AmqpFormatError('annotations are no map');
  const end = valueEnd(bytes, at);
  for (let keyAt = at + (code === 0xc1 ? 3 : 9); keyAt < end; ) {
    const valueAt = valueEnd(bytes, keyAt);
    const entryEnd = valueEnd(bytes, valueAt);
    if (entryEnd > end) throw new AmqpFormatError('a map is cut off');
    visit(keyAt, valueAt, entryEnd);
    keyAt = entryEnd;
  }
}
