/**
 * On which side of a line a point lies: the one question all planar predicates come down to, answered without rounding.
 * Must not know shapes.
 */
import type { Position } from './geometry.ts';

/** Shewchuk's bound on the error of the plain computation: (3 + 16ε)ε. */
const errorBound = 3.3306690738754716e-16;

/** Positive when c lies left of a → b, negative right of it, 0 exactly on the line. The size is about twice the triangle's area. */
export function orientation(a: Position, b: Position, c: Position): number {
  const left = (a[0] - c[0]) * (b[1] - c[1]);
  const right = (a[1] - c[1]) * (b[0] - c[0]);
  const determinant = left - right;
  if ((left >= 0 && right <= 0) || (left <= 0 && right >= 0)) return determinant;
  const sum = Math.abs(left + right);
  return Math.abs(determinant) >= errorBound * sum ? determinant : exactOrientation(a, b, c);
}

/** All six numbers as whole multiples of one power of two; only the sign of the result means anything. */
function exactOrientation(a: Position, b: Position, c: Position): number {
  const parts = [...a, ...b, ...c].map(mantissaOf);
  const unit = Math.min(...parts.filter(([mantissa]) => mantissa !== 0n).map(([, exponent]) => exponent));
  const [ax, ay, bx, by, cx, cy] = parts.map(([mantissa, exponent]) =>
    mantissa === 0n ? 0n : mantissa << BigInt(exponent - unit),
  ) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const determinant = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx);
  return determinant > 0n ? Number.MIN_VALUE : determinant < 0n ? -Number.MIN_VALUE : 0;
}

const doubles = new Float64Array(1);
const bits = new BigUint64Array(doubles.buffer);

/** A double as mantissa · 2^exponent. */
function mantissaOf(value: number): readonly [mantissa: bigint, exponent: number] {
  doubles[0] = value;
  const raw = bits[0] as bigint;
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const mantissa = (raw & 0xf_ffff_ffff_ffffn) | (exponent === 0 ? 0n : 1n << 52n);
  return [value < 0 ? -mantissa : mantissa, Math.max(exponent, 1) - 1075];
}
