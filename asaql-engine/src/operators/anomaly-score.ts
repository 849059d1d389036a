/**
 * How strange a number is beside the numbers before it. The methods are those that the reference names; their constants are
 * ours, for the service does not tell its own, so that scores are not those of Azure. Knows no rows and no time.
 */

/** The last numbers of one partition, in order of arrival and in order of size. */
export class NumberHistory {
  readonly sorted: number[] = [];

  add(value: number): void {
    this.sorted.splice(positionOf(this.sorted, value), 0, value);
  }

  remove(value: number): void {
    this.sorted.splice(positionOf(this.sorted, value), 1);
  }
}

/** How many numbers of a sorted list lie below the value. */
function positionOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So few numbers tell nothing: no event is strange beside them. */
export function historyIsShort(history: NumberHistory, historySize: number): boolean {
  return history.sorted.length < Math.min(historySize, 10);
}

/**
 * Kernel density estimation: the probability that a number of the history's distribution lies as far out as this one.
 * Gaussian kernels; their width follows the history by Silverman's rule, robust against spikes that stand in it.
 */
export function tailProbability(history: NumberHistory, value: number, mode: 'spikes' | 'dips' | 'spikesanddips'): number {
  const { sorted } = history;
  const width = bandwidth(sorted) * Math.SQRT2;
  let above = 0;
  for (const known of sorted) above += complementaryError((value - known) / width);
  const upper = above / (2 * sorted.length);
  if (mode === 'spikes') return upper;
  return mode === 'dips' ? 1 - upper : 2 * Math.min(upper, 1 - upper);
}

function bandwidth(sorted: readonly number[]): number {
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const middleHalf = (sorted[Math.floor((count * 3) / 4)] as number) - (sorted[Math.floor(count / 4)] as number);
  const spread = middleHalf > 0 ? Math.min(deviation, middleHalf / 1.34) : deviation;
  // A history of one value alone: any other value is strange, one that differs by rounding only is not.
  return Math.max(0.9 * spread * count ** -0.2, 1e-9 * Math.max(1, Math.abs(mean)));
}

/** erfc, with a relative error below 1.2e-7 (Chebyshev fit of Press et al., Numerical Recipes). */
function complementaryError(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + z / 2);
  let sum = 0;
  for (const coefficient of chebyshev) sum = sum * t + coefficient;
  const result = t * Math.exp(-z * z + sum);
  return x >= 0 ? result : 2 - result;
}

const chebyshev = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223,
];

/** Evidence of one event alone is limited by this, so that a spike is no change: it takes several events in a row. */
const leastProbability = 0.05;

/**
 * Exchangeability martingale: what a gambler has who bets, event by event, that values are stranger than those before them.
 * Strangeness is the distance from the median, its probability the rank among the history, the bet the mixture of all power
 * bets. The gambler may begin anew with 1 at any time, so that an old calm does not hide a new change.
 */
export function martingaleAfter(before: number, history: NumberHistory, value: number): number {
  const probability = Math.max(leastProbability, rankProbability(history, value));
  const log = Math.log(probability);
  return (Math.max(1, before) * (1 - probability + probability * log)) / (probability * log * log);
}

function rankProbability({ sorted }: NumberHistory, value: number): number {
  const median = sorted[sorted.length >> 1] as number;
  const distance = Math.abs(value - median);
  let farther = 0;
  let equal = 1;
  for (const known of sorted) {
    const other = Math.abs(known - median);
    if (other > distance) farther += 1;
    else if (other === distance) equal += 1;
  }
  return (farther + equal / 2) / (sorted.length + 1);
}
