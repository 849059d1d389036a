/** Every function of the language by name. Knows nothing of a particular query. */
import { aggregateFunctions, analyticFunctions } from './aggregate-functions.ts';
import type { FunctionSpec } from './function-spec.ts';
import {
  arrayFunctions,
  conditionalFunctions,
  conversionFunctions,
  geospatialFunctions,
  mathematicalFunctions,
  metadataFunctions,
  recordFunctions,
} from './scalar-functions.ts';
import { stringFunctions } from './string-functions.ts';
import { datetimeFunctions, systemFunctions } from './time-functions.ts';
import { matchFunctions, windowArgumentFunctions, windowFunctions } from './window-functions.ts';

export const functionCatalogue: readonly FunctionSpec[] = [
  ...aggregateFunctions,
  ...analyticFunctions,
  ...arrayFunctions,
  ...conversionFunctions,
  ...conditionalFunctions,
  ...datetimeFunctions,
  ...geospatialFunctions,
  ...metadataFunctions,
  ...mathematicalFunctions,
  ...recordFunctions,
  ...stringFunctions,
  ...systemFunctions,
  ...windowFunctions,
  ...windowArgumentFunctions,
  ...matchFunctions,
];

/** Shorter names of windows, which the page on Windows() uses. */
const shortNames: Readonly<Record<string, string>> = {
  tumbling: 'tumblingwindow',
  hopping: 'hoppingwindow',
  sliding: 'slidingwindow',
  session: 'sessionwindow',
};

const byName = new Map<string, FunctionSpec>();
const matchByName = new Map<string, FunctionSpec>();
for (const spec of functionCatalogue) {
  const key = `${spec.prefix === null ? '' : `${spec.prefix}.`}${spec.name}`.toLowerCase();
  if (spec.kind === 'matchRecognize') matchByName.set(key, spec);
  else byName.set(key, spec);
}
for (const [short, long] of Object.entries(shortNames)) byName.set(short, byName.get(long)!);

/** A built-in function by name, whatever its case; inside MATCH_RECOGNIZE its own functions come first. */
export function findFunction(prefix: string | null, name: string, inMatch = false): FunctionSpec | null {
  const key = `${prefix === null ? '' : `${prefix}.`}${name}`.toLowerCase();
  return (inMatch ? matchByName.get(key) : undefined) ?? byName.get(key) ?? null;
}

/** Functions of other languages, and what to write instead. */
const replacements: Readonly<Record<string, string>> = {
  isnull: 'COALESCE(x, y)',
  ifnull: 'COALESCE(x, y)',
  nvl: 'COALESCE(x, y)',
  iif: 'CASE WHEN … THEN … ELSE … END',
  if: 'CASE WHEN … THEN … ELSE … END',
  convert: 'CAST(x AS type) or TRY_CAST(x AS type)',
  try_convert: 'TRY_CAST(x AS type)',
  median: 'PERCENTILE_CONT(0.5) OVER (ORDER BY x)',
  getdate: 'System.Timestamp()',
  getutcdate: 'System.Timestamp()',
  sysdatetime: 'System.Timestamp()',
  current_timestamp: 'System.Timestamp()',
  now: 'System.Timestamp()',
  row_number: 'CollectTop(n) OVER (ORDER BY x) or TopOne() OVER (ORDER BY x)',
  rank: 'CollectTop(n) OVER (ORDER BY x) or TopOne() OVER (ORDER BY x)',
  dense_rank: 'CollectTop(n) OVER (ORDER BY x) or TopOne() OVER (ORDER BY x)',
  lead: 'LAG(x) OVER (LIMIT DURATION(unit, n)): only earlier events are known',
  first: 'LAG, LAST or TopOne() OVER (ORDER BY x)',
  first_value: 'TopOne(x) OVER (ORDER BY t ASC)',
  last_value: 'LAST(x) OVER (LIMIT DURATION(unit, n))',
  string_agg: 'Collect(x)',
  format: 'a JavaScript function, udf.name(x)',
  hashbytes: 'a JavaScript function, udf.name(x)',
  checksum: 'a JavaScript function, udf.name(x)',
  md5: 'a JavaScript function, udf.name(x)',
  log: 'a JavaScript function, udf.name(x)',
  length: 'LEN(x)',
  substr: 'SUBSTRING(x, start, length)',
  instr: 'CHARINDEX(find, x)',
  ucase: 'UPPER(x)',
  lcase: 'LOWER(x)',
  pow: 'POWER(x, y)',
  ceil: 'CEILING(x)',
  mean: 'AVG(x)',
  stddev: 'STDEV(x)',
  variance: 'VAR(x)',
  approx_count_distinct: 'COUNT(DISTINCT x)',
  anomalydetection: 'AnomalyDetection_SpikeAndDip or AnomalyDetection_ChangePoint',
  snapshotwindow: 'System.Timestamp() in GROUP BY',
};

/** What to write instead of a function that does not exist: the known replacement, or a name that is nearly the same. */
export function functionAdvice(name: string): string | null {
  const lower = name.toLowerCase();
  const replacement = replacements[lower];
  if (replacement !== undefined) return replacement;
  const near = nearest(
    lower,
    functionCatalogue.filter((spec) => spec.prefix === null).map((spec) => spec.name),
  );
  return near;
}

/** The candidate that differs from `word` by at most a third of its letters, if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance && distance > 0) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to change, add, remove or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
