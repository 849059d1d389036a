// Seeded randomness: sfc32 (Chris Doty-Humphrey's Small Fast Counter, 32 bit, of the PractRand suite). Streams of one
// seed are told apart by name, so drawing more from one never moves another. Must not know any clock or Math.random.

export interface RandomStream {
  /** A whole number of 0 … 2³² − 1. */
  uint32(): number;
  /** A number of [0, 1). */
  fraction(): number;
  /** A whole number of 0 … `count` − 1. */
  index(count: number): number;
  /** A whole number of `least` … `most`, both included. */
  between(least: number, most: number): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  /** How many of many rare things happen: Poisson, for small means. */
  poisson(mean: number): number;
}

/** The stream called `name` of `seed` (any safe integer). The same two always give the same numbers. */
export function createRandomStream(seed: number, name: string): RandomStream {
  let mixer = hashOf(name, Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 4294967296));
  const word = () => {
    mixer = (mixer + 0x9e3779b9) | 0;
    return scramble(mixer);
  };
  let a = word();
  let b = word();
  let c = word();
  let counter = 1;
  const uint32 = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();

  const fraction = () => uint32() / 4294967296;
  const index = (count: number) => Math.floor(fraction() * count);
  return {
    uint32,
    fraction,
    index,
    between: (least, most) => least + index(most - least + 1),
    chance: (share) => fraction() < share,
    poisson: (mean) => {
      const floor = Math.exp(-mean);
      let happened = 0;
      for (let product = fraction(); product > floor; product *= fraction()) happened++;
      return happened;
    },
  };
}

/** A choice among `items`, each as likely as its weight says. */
export function createWeightedChoice<Item>(items: readonly Item[], weights: readonly number[]): (stream: RandomStream) => Item {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  const last = items.at(-1);
  if (last === undefined || items.length !== weights.length)
    throw new Error('A weighted choice needs one weight for each of its items.');
  return (stream) => {
    const point = stream.fraction();
    return items[bounds.findIndex((bound) => point < bound)] ?? last;
  };
}

/** FNV-1a over UTF-16 units, started from `basis`. */
function hashOf(text: string, basis: number): number {
  let hash = (0x811c9dc5 ^ basis) | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scramble(hash);
}

/** The finaliser of MurmurHash3: every bit of the word moves half of the others. */
function scramble(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
