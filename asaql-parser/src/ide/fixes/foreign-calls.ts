/** Calls of functions that other languages have, and of those that are misspelled, as they are written here. */
import { typeAdvice } from '../../semantics/checks/types.ts';
import { functionAdvice, isForeignFunction } from '../../semantics/functions/function-catalogue.ts';
import { entryOf } from '../../text/word-entry.ts';
import { type Fix, type FixContext, replacing } from './fix.ts';

/** Functions of other languages: those that only have another name, and those that are written otherwise. */
export function functionName(context: FixContext): readonly Fix[] {
  const call = context.around('call');
  if (call === null || call.prefix !== null) return [];
  const name = call.name.text.toLowerCase();
  const args = call.arguments.map((argument) => context.textOf(argument));
  const whole = (text: string): readonly Fix[] => [
    { title: `Write ${text}`, edits: [{ span: call.span, text }], preferred: true },
  ];
  const same = entryOf(callRewrites, name)?.(args) ?? null;
  if (same !== null) return whole(same);
  const advice = functionAdvice(name);
  if (advice === null) return [];
  if (advice === 'System.Timestamp()') return whole(advice);
  const renamed = entryOf(renames, name) ?? (isForeignFunction(name) ? null : advice);
  return renamed === null ? [] : [replacing(context, renamed, `Change to ${renamed}`)];
}

/** Functions of other languages that take the same arguments under another name. */
const renames: Readonly<Record<string, string>> = {
  isnull: 'COALESCE',
  ifnull: 'COALESCE',
  nvl: 'COALESCE',
  length: 'LEN',
  substr: 'SUBSTRING',
  ucase: 'UPPER',
  lcase: 'LOWER',
  pow: 'POWER',
  ceil: 'CEILING',
  mean: 'AVG',
  stddev: 'STDEV',
  variance: 'VAR',
  array_length: 'GetArrayLength',
  cardinality: 'GetArrayLength',
  array_agg: 'Collect',
  collect_list: 'Collect',
  typeof: 'GetType',
  date_add: 'DATEADD',
  date_diff: 'DATEDIFF',
  timestampdiff: 'DATEDIFF',
  timestampadd: 'DATEADD',
  datediff_big: 'DATEDIFF',
  st_point: 'CreatePoint',
};

type CallRewrite = (args: readonly string[]) => string | null;

const casting =
  (word: string): CallRewrite =>
  ([type, value]) => {
    const typeName = /^[A-Za-z]\w*/.exec(type ?? '')?.[0].toLowerCase() ?? '';
    const meant = typeAdvice({ typeName });
    return value === undefined || meant === null
      ? null
      : `${word}(${value} AS ${meant === 'nvarchar' ? 'nvarchar(max)' : meant})`;
  };
const onOne =
  (write: (value: string) => string): CallRewrite =>
  ([value, ...others]) =>
    value === undefined || others.length > 0 ? null : write(value);
const onTwo =
  (write: (a: string, b: string) => string): CallRewrite =>
  ([a, b, ...others]) =>
    a === undefined || b === undefined || others.length > 0 ? null : write(a, b);
const part = (unit: string): CallRewrite => onOne((time) => `DATEPART(${unit}, ${time})`);

/** What other languages call otherwise, written with what there is; null where the arguments do not fit. */
const callRewrites: Readonly<Record<string, CallRewrite>> = {
  median: onOne((value) => `PERCENTILE_CONT(0.5) OVER (ORDER BY ${value})`),
  percentile: onTwo((value, fraction) => `PERCENTILE_CONT(${fraction}) OVER (ORDER BY ${value})`),
  approx_percentile: onTwo((value, fraction) => `PERCENTILE_CONT(${fraction}) OVER (ORDER BY ${value})`),
  approx_count_distinct: onOne((value) => `COUNT(DISTINCT ${value})`),
  count_distinct: onOne((value) => `COUNT(DISTINCT ${value})`),
  iif: ([test, then, otherwise]) => (otherwise === undefined ? null : `CASE WHEN ${test} THEN ${then} ELSE ${otherwise} END`),
  if: ([test, then, otherwise]) => (otherwise === undefined ? null : `CASE WHEN ${test} THEN ${then} ELSE ${otherwise} END`),
  count_if: onOne((test) => `SUM(CASE WHEN ${test} THEN 1 ELSE 0 END)`),
  countif: onOne((test) => `SUM(CASE WHEN ${test} THEN 1 ELSE 0 END)`),
  convert: casting('CAST'),
  try_convert: casting('TRY_CAST'),
  string_agg: ([value]) => (value === undefined ? null : `Collect(${value})`),
  contains: onTwo((text, find) => `CHARINDEX(${find}, ${text}) > 0`),
  startswith: onTwo((text, find) => `CHARINDEX(${find}, ${text}) = 1`),
  starts_with: onTwo((text, find) => `CHARINDEX(${find}, ${text}) = 1`),
  regexp_like: onTwo((text, pattern) => `REGEXMATCH(${text}, ${pattern}) > 0`),
  instr: onTwo((text, find) => `CHARINDEX(${find}, ${text})`),
  greatest: onTwo((a, b) => `CASE WHEN ${a} > ${b} THEN ${a} ELSE ${b} END`),
  least: onTwo((a, b) => `CASE WHEN ${a} < ${b} THEN ${a} ELSE ${b} END`),
  decode: ([value, ...pairs]) => {
    if (value === undefined || pairs.length < 3 || pairs.length % 2 === 0) return null;
    const branches = pairs.slice(0, -1).flatMap((when, at) => (at % 2 === 0 ? [`WHEN ${when} THEN ${pairs[at + 1]}`] : []));
    return `CASE ${value} ${branches.join(' ')} ELSE ${pairs.at(-1)} END`;
  },
  hour: part('hour'),
  minute: part('minute'),
  second: part('second'),
  week: part('week'),
  dayofweek: part('weekday'),
  from_unixtime: onOne((seconds) => `DATEADD(second, ${seconds}, '1970-01-01T00:00:00Z')`),
  unix_timestamp: onOne((time) => `DATEDIFF(second, '1970-01-01T00:00:00Z', ${time})`),
  isdate: onOne((value) => `TRY_CAST(${value} AS datetime) IS NOT NULL`),
  isnumeric: onOne((value) => `TRY_CAST(${value} AS float) IS NOT NULL`),
  to_char: onOne((value) => `CAST(${value} AS nvarchar(max))`),
  to_number: onOne((value) => `TRY_CAST(${value} AS float)`),
  str: onOne((value) => `CAST(${value} AS nvarchar(max))`),
};
