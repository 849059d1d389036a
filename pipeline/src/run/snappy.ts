/** The snappy format, decompressed: https://github.com/google/snappy/blob/main/format_description.txt. Knows no Avro. */

/** Throws a RangeError for what is not snappy. */
export function unsnappy(source: Uint8Array): Uint8Array {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = byteAt(source, at++);
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (length > 1 << 30) throw new RangeError('The block is larger than 1 GB.');
  const target = new Uint8Array(length);
  let filled = 0;
  while (at < source.length) {
    const tag = byteAt(source, at++);
    if ((tag & 3) === 0) {
      let count = tag >> 2;
      const extra = count - 59;
      if (extra > 0) {
        count = littleEndian(source, at, extra);
        at += extra;
      }
      count += 1;
      if (at + count > source.length || filled + count > length) throw new RangeError('A literal goes beyond the end.');
      target.set(source.subarray(at, at + count), filled);
      at += count;
      filled += count;
      continue;
    }
    const [count, offset, bytes] = copyOf(source, tag, at);
    at += bytes;
    if (offset === 0 || offset > filled || filled + count > length) throw new RangeError('A copy goes beyond what there is.');
    // Byte by byte: a copy may overlap itself.
    for (let index = 0; index < count; index += 1, filled += 1) target[filled] = target[filled - offset] as number;
  }
  if (filled !== length) throw new RangeError('The block ends too early.');
  return target;
}

/** How many bytes, from how far back, and how many bytes the copy takes behind its tag. */
function copyOf(source: Uint8Array, tag: number, at: number): readonly [number, number, number] {
  if ((tag & 3) === 1) return [((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | byteAt(source, at), 1];
  const bytes = (tag & 3) === 2 ? 2 : 4;
  return [(tag >> 2) + 1, littleEndian(source, at, bytes), bytes];
}

function littleEndian(source: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index += 1) value += byteAt(source, at + index) * 2 ** (8 * index);
  return value;
}

function byteAt(source: Uint8Array, at: number): number {
  const byte = source[at];
  if (byte === undefined) throw new RangeError('The block ends too early.');
  return byte;
}
