/**
 * Sums that keep what doubles lose: each is a pair of doubles (double-double arithmetic, Dekker 1971), so that values
 * taken away again leave nothing behind, and whole numbers are exact far beyond 64 bits.
 */
import { grownFloats } from './aggregator.ts';

export class ExactSums {
  high = new Float64Array(16);
  low = new Float64Array(16);

  reserve(count: number): void {
    this.high = grownFloats(this.high, count);
    this.low = grownFloats(this.low, count);
  }

  reset(index: number): void {
    this.high[index] = 0;
    this.low[index] = 0;
  }

  add(index: number, value: number): void {
    const high = this.high[index] as number;
    const sum = high + value;
    const part = sum - high;
    const error = high - (sum - part) + (value - part) + (this.low[index] as number);
    const total = sum + error;
    this.high[index] = total;
    this.low[index] = error - (total - sum);
  }

  /** Adds a whole number to a sum of whole numbers where one double holds the result; else false, and nothing is done. */
  addInteger(index: number, value: number): boolean {
    const sum = (this.high[index] as number) + value;
    if (this.low[index] !== 0 || sum > Number.MAX_SAFE_INTEGER || sum < Number.MIN_SAFE_INTEGER) return false;
    this.high[index] = sum;
    return true;
  }

  /** Adds `value * value`, exactly. */
  addSquare(index: number, value: number, sign: 1 | -1): void {
    const square = value * value;
    const split = value * 134217729;
    const top = split - (split - value);
    const bottom = value - top;
    const error = top * top - square + 2 * top * bottom + bottom * bottom;
    this.add(index, sign * square);
    if (Number.isFinite(error)) this.add(index, sign * error);
  }

  value(index: number): number {
    return (this.high[index] as number) + (this.low[index] as number);
  }
}
