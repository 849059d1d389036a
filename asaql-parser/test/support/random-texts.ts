/** Random texts: tokens in any order, and good queries that were damaged. */
import fc from 'fast-check';
import { corpus } from './corpus.ts';

/** Cases per law. A long run is made by hand with ASAQL_FUZZ_RUNS=1000000. */
export const fuzzRuns = Number(process.env.ASAQL_FUZZ_RUNS ?? 1500);

const words = [
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

const damage = fc.record({
  text: fc.constantFrom(...corpus.map((query) => query.text)),
  at: fc.nat(5000),
  cut: fc.nat(30),
  put: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
});
/** Something cut out and something put in. */
export const damagedQueries: fc.Arbitrary<string> = damage.map(({ text, at, cut, put }) => {
  const start = at % text.length;
  return `${text.slice(0, start)} ${put.join(' ')} ${text.slice(start + cut)}`;
});
