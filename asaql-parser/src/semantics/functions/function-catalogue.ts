/** Every function of the language by name. Knows nothing of a particular query. */

import { nearest } from '../../text/nearest.ts';
import { entryOf } from '../../text/word-entry.ts';
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
  tumble: 'TumblingWindow(minute, 1)',
  hop_window: 'HoppingWindow(minute, 10, 5)',
  rollup: 'one SELECT for each grouping, joined by UNION',
  cube: 'one SELECT for each grouping, joined by UNION',
  try_parse: 'TRY_CAST(x AS type)',
  parse: 'CAST(x AS type) or TRY_CAST(x AS type)',
  choose: 'CASE x WHEN 1 THEN … ELSE … END',
  decode: 'CASE x WHEN … THEN … ELSE … END',
  greatest: 'CASE WHEN x > y THEN x ELSE y END',
  least: 'CASE WHEN x < y THEN x ELSE y END',
  count_if: 'SUM(CASE WHEN … THEN 1 ELSE 0 END)',
  countif: 'SUM(CASE WHEN … THEN 1 ELSE 0 END)',
  sumif: 'SUM(CASE WHEN … THEN x ELSE 0 END)',
  contains: "CHARINDEX('text', x) > 0, or x LIKE '%text%'",
  startswith: "x LIKE 'text%'",
  endswith: "x LIKE '%text'",
  starts_with: "x LIKE 'text%'",
  regexp_like: "REGEXMATCH(x, 'pattern') > 0",
  regexp_replace: 'a JavaScript function, udf.name(x)',
  split: 'a JavaScript function, udf.name(x), that gives an array',
  string_split: 'a JavaScript function, udf.name(x), that gives an array',
  json_value: 'record.field, or JSON_PARSE(text).field for a text',
  json_query: 'record.field, or JSON_PARSE(text).field for a text',
  openjson: 'CROSS APPLY GetArrayElements(array) AS element',
  unnest: 'CROSS APPLY GetArrayElements(array) AS element',
  explode: 'CROSS APPLY GetArrayElements(array) AS element',
  array_length: 'GetArrayLength(array)',
  cardinality: 'GetArrayLength(array)',
  date_trunc: 'DATEADD(second, -DATEPART(second, time), time), or a window that ends at full units',
  datetrunc: 'DATEADD(second, -DATEPART(second, time), time), or a window that ends at full units',
  date_add: 'DATEADD(unit, number, time)',
  date_diff: 'DATEDIFF(unit, start, end)',
  timestampdiff: 'DATEDIFF(unit, start, end)',
  timestampadd: 'DATEADD(unit, number, time)',
  datediff_big: 'DATEDIFF(unit, start, end)',
  extract: 'DATEPART(unit, time)',
  hour: 'DATEPART(hour, time)',
  minute: 'DATEPART(minute, time)',
  second: 'DATEPART(second, time)',
  week: 'DATEPART(week, time)',
  dayofweek: 'DATEPART(weekday, time)',
  eomonth: 'DATEADD and DATEPART',
  datefromparts: 'DATETIMEFROMPARTS(year, month, day, 0, 0, 0, 0)',
  to_timestamp: "CAST(x AS datetime), or DATEADD(second, x, '1970-01-01T00:00:00Z') for a Unix time",
  from_unixtime: "DATEADD(second, x, '1970-01-01T00:00:00Z')",
  unix_timestamp: "DATEDIFF(second, '1970-01-01T00:00:00Z', time)",
  to_char: 'CAST(x AS nvarchar(max))',
  to_date: 'CAST(x AS datetime)',
  to_number: 'CAST(x AS float)',
  str: 'CAST(x AS nvarchar(max))',
  percentile: 'PERCENTILE_CONT(0.95) OVER (ORDER BY x)',
  approx_percentile: 'PERCENTILE_CONT(0.95) OVER (ORDER BY x)',
  count_distinct: 'COUNT(DISTINCT x)',
  array_agg: 'Collect(x)',
  collect_list: 'Collect(x)',
  group_concat: 'Collect(x)',
  listagg: 'Collect(x)',
  any_value: 'TopOne(x) OVER (ORDER BY t)',
  nth_value: 'CollectTop(n, x) OVER (ORDER BY t)',
  ntile: 'CollectTop(n) OVER (ORDER BY x)',
  percent_rank: 'CollectTop(n) OVER (ORDER BY x)',
  cume_dist: 'PERCENTILE_DISC(0.95) OVER (ORDER BY x)',
  newid: 'a JavaScript function, udf.name()',
  rand: 'a JavaScript function, udf.name()',
  left_pad: "CONCAT(REPLICATE('0', n), x) and RIGHT(…, n)",
  lpad: "CONCAT(REPLICATE('0', n), x) and RIGHT(…, n)",
  isdate: 'TRY_CAST(x AS datetime) IS NOT NULL',
  isnumeric: 'TRY_CAST(x AS float) IS NOT NULL',
  typeof: 'GetType(x)',
  log10: 'a JavaScript function, udf.name(x)',
  sin: 'a JavaScript function, udf.name(x)',
  cos: 'a JavaScript function, udf.name(x)',
  tan: 'a JavaScript function, udf.name(x)',
  pi: '3.141592653589793',
  sha2: 'a JavaScript function, udf.name(x)',
  st_point: 'CreatePoint(latitude, longitude)',
  st_contains: 'ST_WITHIN(geography, polygon) = 1',
  geography: 'CreatePoint(latitude, longitude)',
};

/** Whether other languages have a function of that name, for which there is something else here. */
export function isForeignFunction(name: string): boolean {
  return entryOf(replacements, name.toLowerCase()) !== undefined;
}

/** What to write instead of a function that does not exist: the known replacement, or a name that is nearly the same. */
export function functionAdvice(name: string): string | null {
  const lower = name.toLowerCase();
  const replacement = entryOf(replacements, lower);
  if (replacement !== undefined) return replacement;
  const near = nearest(
    lower,
    functionCatalogue.filter((spec) => spec.prefix === null).map((spec) => spec.name),
  );
  return near;
}
