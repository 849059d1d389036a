/** Random texts: tokens in any order, characters, and good queries that were damaged, cut off or put together. */
import fc from 'fast-check';
import { corpus } from './corpus.ts';

/** Cases of all families together. A long run is made by hand with ASAQL_FUZZ_RUNS=1000000, others with ASAQL_FUZZ_SEED=2. */
export const fuzzRuns = Number(process.env.ASAQL_FUZZ_RUNS ?? 3000);
export const fuzzSeed = Number(process.env.ASAQL_FUZZ_SEED ?? 1);

export const words = [
  ...'SELECT FROM WHERE GROUP BY HAVING INTO WITH UNION JOIN ON AS AND OR NOT IS NULL IN LIKE BETWEEN CASE WHEN THEN ELSE END'.split(
    ' ',
  ),
  ...'CAST TRY_CAST OVER CREATE CROSS OUTER INNER APPLY LEFT ALL DISTINCT TOP ORDER ASC PARTITION TIMESTAMP LIMIT DURATION'.split(
    ' ',
  ),
  ...'RIGHT FULL TABLE GO EXCEPT WITHIN MATCH_RECOGNIZE MEASURES AFTER PATTERN DEFINE ( ) { } , ; . * + - / % & | ^ ~ = <> < >= ! ? €'.split(
    ' ',
  ),
  ...[
    "'",
    "'x'",
    '"',
    '"q"',
    '[',
    '[n m]',
    '1',
    '2.5',
    'a',
    'b.c',
    'udf.f(',
    'COUNT(*)',
    'TumblingWindow(second, 10)',
    'Windows(',
    'LAG(x)',
  ],
  ...['System.Timestamp()', 'nvarchar(max)', '/*', '*/', '--', '\n', '@v', '#t', 'N', '0x1', '==', '&&', '||'],
];

export const randomTokens: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...words), { maxLength: 60 })
  .map((parts) => parts.join(' '));

const queries = fc.constantFrom(...corpus.map((query) => query.text));

/** Something cut out and something put in, up to three times. */
const damagedQueries: fc.Arbitrary<string> = fc
  .tuple(
    queries,
    fc.array(
      fc.record({
        at: fc.nat(5000),
        cut: fc.nat(30),
        put: fc.oneof(
          fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((parts) => ` ${parts.join(' ')} `),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([query, damages]) =>
    damages.reduce((text, { at, cut, put }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + put + text.slice(start + cut);
    }, query),
  );

/** What there is while somebody types. */
const prefixes: fc.Arbitrary<string> = fc
  .tuple(queries, fc.nat(5000))
  .map(([text, end]) => text.slice(0, end % (text.length + 1)));

/** The beginning of one query and the end of another. */
const spliced: fc.Arbitrary<string> = fc
  .tuple(queries, fc.nat(5000), queries, fc.nat(5000))
  .map(([a, end, b, start]) => a.slice(0, end % (a.length + 1)) + b.slice(start % (b.length + 1)));

/** Bytes read as text: every code unit, halves of pairs too. */
const codeUnits: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff)), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes));

export const textFamilies: Readonly<Record<string, fc.Arbitrary<string>>> = {
  tokens: randomTokens,
  characters: fc.string({ unit: 'binary', maxLength: 80 }),
  'code units': codeUnits,
  'damaged queries': damagedQueries,
  prefixes,
  'spliced queries': spliced,
};
