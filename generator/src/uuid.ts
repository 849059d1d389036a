// UUIDs from a seeded stream: version 4 in form, the same for the same seed. Must not be used for secrets.
import type { RandomStream } from './random-stream.ts';

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (word: number, shift: number) => hexOfByte[(word >>> shift) & 255] ?? '';

/** The stream's next UUID (RFC 9562: version 4, variant 10). */
export function nextUuid(stream: RandomStream): string {
  const first = stream.uint32();
  const second = (stream.uint32() & 0xffff0fff) | 0x4000;
  const third = (stream.uint32() & 0x3fffffff) | 0x80000000;
  const fourth = stream.uint32();
  return (
    `${hex(first, 24)}${hex(first, 16)}${hex(first, 8)}${hex(first, 0)}-` +
    `${hex(second, 24)}${hex(second, 16)}-${hex(second, 8)}${hex(second, 0)}-` +
    `${hex(third, 24)}${hex(third, 16)}-${hex(third, 8)}${hex(third, 0)}` +
    `${hex(fourth, 24)}${hex(fourth, 16)}${hex(fourth, 8)}${hex(fourth, 0)}`
  );
}
