/** The constructs of the language, each with a query that uses it and one that uses it wrongly. Data for docs/language.md. */

export interface Construct {
  readonly group: string;
  readonly name: string;
  readonly good: string;
  /** A misuse that is found; null where there is nothing to misuse. */
  readonly bad: string | null;
}

const timed = 'FROM i TIMESTAMP BY t';
const minute = 'TumblingWindow(minute, 1)';
const grouped = (window: string): string => `SELECT k, COUNT(*) AS n INTO o ${timed} GROUP BY k, ${window}`;
const joined = (join: string): string =>
  `SELECT a.x, b.y INTO o FROM l a TIMESTAMP BY t ${join} r b TIMESTAMP BY t ON a.k = b.k AND DATEDIFF(minute, a, b) BETWEEN 0 AND 5`;
const item = (expression: string): string => `SELECT ${expression} AS c INTO o ${timed}`;
const where = (condition: string): string => `SELECT a INTO o ${timed} WHERE ${condition}`;
const over = (call: string): string => item(`${call} OVER (PARTITION BY k LIMIT DURATION(minute, 5) WHEN a > 1)`);
const match = (definition: string): string =>
  `SELECT * INTO o ${timed} MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) PARTITION BY k MEASURES Last(A.v) AS v AFTER MATCH SKIP TO NEXT ROW PATTERN (A+ B) DEFINE A AS A.v > 1, B AS ${definition}) AS m`;

const statements: readonly Construct[] = [
  { group: 'Statements', name: 'SELECT … INTO … FROM', good: 'SELECT a INTO o FROM i', bad: 'SELECT a INTO o' },
  { group: 'Statements', name: 'SELECT without INTO', good: 'SELECT a FROM i', bad: null },
  {
    group: 'Statements',
    name: 'WITH steps',
    good: 'WITH s AS (SELECT a FROM i), u AS (SELECT a FROM s) SELECT a INTO o FROM u',
    bad: 'WITH s AS (SELECT a FROM u), u AS (SELECT a FROM i) SELECT a INTO o FROM s',
  },
  { group: 'Statements', name: 'Several statements', good: 'SELECT a INTO o FROM i; SELECT b INTO p FROM i', bad: null },
  {
    group: 'Statements',
    name: 'CREATE TABLE',
    good: 'CREATE TABLE i (a bigint, b nvarchar(max)) SELECT a INTO o FROM i',
    bad: 'CREATE TABLE i (a int) SELECT a INTO o FROM i',
  },
  {
    group: 'Statements',
    name: 'UNION',
    good: 'SELECT a INTO o FROM i UNION SELECT a FROM j',
    bad: 'SELECT a, b INTO o FROM i UNION SELECT a FROM j',
  },
  {
    group: 'Statements',
    name: 'Derived table',
    good: 'SELECT d.a INTO o FROM (SELECT a FROM i) AS d',
    bad: 'SELECT d.b INTO o FROM (SELECT a FROM i) AS d',
  },
];

const clauses: readonly Construct[] = [
  {
    group: 'Clauses',
    name: 'Stars: *, alias.*, record.*',
    good: 'SELECT *, r.* INTO o FROM i',
    bad: joined('JOIN').replace('a.x, b.y', '*'),
  },
  { group: 'Clauses', name: 'alias = expression', good: 'SELECT c = a + 1 INTO o FROM i', bad: null },
  { group: 'Clauses', name: 'WHERE', good: where('a > 1'), bad: where('COUNT(*) > 1') },
  { group: 'Clauses', name: 'GROUP BY', good: grouped(minute), bad: 'SELECT k, x INTO o FROM i GROUP BY k' },
  {
    group: 'Clauses',
    name: 'HAVING',
    good: `${grouped(minute)} HAVING COUNT(*) > 1`,
    bad: 'SELECT a INTO o FROM i HAVING a > 1',
  },
  {
    group: 'Clauses',
    name: 'TIMESTAMP BY',
    good: `SELECT a INTO o ${timed}`,
    bad: 'SELECT a INTO o FROM i TIMESTAMP BY System.Timestamp()',
  },
  {
    group: 'Clauses',
    name: 'TIMESTAMP BY … OVER',
    good: `SELECT a INTO o ${timed} OVER k`,
    bad: 'SELECT COUNT(*) AS n INTO o FROM i TIMESTAMP BY t OVER k GROUP BY TumblingWindow(minute, 1)',
  },
  { group: 'Clauses', name: 'PARTITION BY', good: 'SELECT a INTO o FROM i PARTITION BY k', bad: null },
  {
    group: 'Clauses',
    name: 'PARTITION BY … INTO n',
    good: 'SELECT a INTO o FROM i PARTITION BY k INTO 4',
    bad: 'SELECT a INTO o FROM i PARTITION BY k INTO 1',
  },
  { group: 'Clauses', name: 'MATCH_RECOGNIZE', good: match('B.v < Max(A.v)'), bad: match('AVG(A.v) > 1') },
];

const joins: readonly Construct[] = [
  {
    group: 'Joins',
    name: 'JOIN of streams',
    good: joined('JOIN'),
    bad: 'SELECT a.x INTO o FROM l a TIMESTAMP BY t JOIN r b TIMESTAMP BY t ON a.k = b.k',
  },
  { group: 'Joins', name: 'LEFT OUTER JOIN of streams', good: joined('LEFT OUTER JOIN'), bad: joined('RIGHT JOIN') },
  {
    group: 'Joins',
    name: 'Join of a stream with itself',
    good: 'SELECT a.x INTO o FROM i a TIMESTAMP BY t JOIN i b TIMESTAMP BY t ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 1 AND 5',
    bad: 'SELECT x INTO o FROM i TIMESTAMP BY t JOIN i TIMESTAMP BY t ON DATEDIFF(second, i, i) BETWEEN 1 AND 5',
  },
  {
    group: 'Joins',
    name: 'JOIN with reference data',
    good: 'SELECT a.x, d.y INTO o FROM i a TIMESTAMP BY t JOIN devices d ON a.k = d.k',
    bad: 'SELECT a.x INTO o FROM devices d JOIN i a TIMESTAMP BY t ON a.k = d.k',
  },
  {
    group: 'Joins',
    name: 'CROSS APPLY',
    good: 'SELECT e.ArrayValue AS v INTO o FROM i CROSS APPLY GetArrayElements(l) AS e',
    bad: 'SELECT a INTO o FROM i CROSS APPLY UPPER(l) AS e',
  },
  {
    group: 'Joins',
    name: 'OUTER APPLY',
    good: 'SELECT e.PropertyName AS n INTO o FROM i OUTER APPLY GetRecordProperties(r) AS e',
    bad: item('GetRecordProperties(r)'),
  },
];

const windows: readonly Construct[] = [
  {
    group: 'Windows',
    name: 'Tumbling, short and long form',
    good: grouped('TumblingWindow(Duration(minute, 1), Offset(second, -1))'),
    bad: grouped('TumblingWindow(day, 8)'),
  },
  { group: 'Windows', name: 'Hopping', good: grouped('HoppingWindow(minute, 10, 5)'), bad: grouped('HoppingWindow(minute, 10)') },
  { group: 'Windows', name: 'Sliding', good: grouped('SlidingWindow(second, 10)'), bad: grouped('SlidingWindow(second, 0)') },
  {
    group: 'Windows',
    name: 'Session, by key',
    good: grouped('SessionWindow(minute, 5, 60) OVER (PARTITION BY k)'),
    bad: grouped('SessionWindow(minute, 5)'),
  },
  { group: 'Windows', name: 'Snapshot', good: grouped('System.Timestamp()'), bad: grouped('SnapshotWindow()') },
  {
    group: 'Windows',
    name: 'Windows(), with and without names',
    good: grouped("Windows(Window('a', TumblingWindow(minute, 1)), Window('b', HoppingWindow(minute, 10, 5)))").replace(
      'COUNT(*)',
      'System.Window().Id AS w, COUNT(*)',
    ),
    bad: grouped(`${minute}, TumblingWindow(minute, 2)`),
  },
];

const expressions: readonly Construct[] = [
  { group: 'Expressions', name: 'Arithmetic', good: item('(a + 2.5) * -b / 3 - c % 2'), bad: item("'x' * 2") },
  { group: 'Expressions', name: 'Bitwise operators', good: item('CAST(a AS bigint) & 3 | 4 ^ 1'), bad: item('1.5 & 2') },
  { group: 'Expressions', name: 'Comparison', good: where('a >= 1 AND b <> 2 OR NOT c !< 3'), bad: where('a == 1') },
  { group: 'Expressions', name: 'LIKE', good: where("a LIKE 'x%'"), bad: null },
  { group: 'Expressions', name: 'BETWEEN', good: where('a BETWEEN 1 AND 2'), bad: null },
  { group: 'Expressions', name: 'IN (…)', good: where("a IN ('x', 'y')"), bad: where('a IN (SELECT b FROM j)') },
  { group: 'Expressions', name: 'IS [NOT] NULL', good: where('a IS NOT NULL'), bad: where('a = NULL') },
  {
    group: 'Expressions',
    name: 'CASE, simple and searched',
    good: item("CASE a WHEN 1 THEN 'x' ELSE CASE WHEN b > 1 THEN 'y' ELSE 'z' END END"),
    bad: item('CASE WHEN a = 1 THEN 2 END'),
  },
  {
    group: 'Expressions',
    name: 'CAST, TRY_CAST',
    good: item('TRY_CAST(CAST(a AS bigint) AS nvarchar(max))'),
    bad: item('CAST(a AS varchar(5))'),
  },
  { group: 'Expressions', name: 'Nested fields', good: item('a.b.[c d].[0]'), bad: item('a[0]') },
  { group: 'Expressions', name: 'Fields of a call', good: item('(LAG(*) OVER (LIMIT DURATION(minute, 1))).a'), bad: null },
  { group: 'Expressions', name: 'Functions of the job', good: item('udf.f(a, 1)'), bad: item('my.f(a)') },
  {
    group: 'Expressions',
    name: 'Aggregates of the job',
    good: grouped(minute).replace('COUNT(*)', 'uda.f(x)'),
    bad: where('uda.f(x) > 1'),
  },
  { group: 'Expressions', name: 'Analytic OVER with PARTITION BY and WHEN', good: over('LAG(a, 1, 0)'), bad: over('LAG(a, 0)') },
  { group: 'Expressions', name: 'Aggregates OVER (… LIMIT DURATION …)', good: over('SUM(a)'), bad: over('COUNT(DISTINCT a)') },
];

export const constructs: readonly Construct[] = [...statements, ...clauses, ...joins, ...windows, ...expressions];
