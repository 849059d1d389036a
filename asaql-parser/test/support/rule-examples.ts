/** For each rule of the catalogue a query that triggers it and one beside it that does not. */
import { type catalogue, type JobDeclarations, unknownJob } from '../../src/index.ts';

export interface RuleExample {
  readonly bad: string;
  readonly good: string;
  readonly job?: JobDeclarations;
  /** Where only the declarations differ. */
  readonly goodJob?: JobDeclarations;
}

const text = { name: 'nvarchar(max)' } as const;
const job: JobDeclarations = {
  inputs: [
    { name: 'events', kind: 'stream', columns: ['id', 'eventTime', 'value'].map((name) => ({ name, type: text })) },
    { name: 'devices', kind: 'reference', columns: null },
  ],
  outputs: [{ name: 'store', neededColumns: [{ name: 'id', role: 'document id' }] }],
  functions: [
    { name: 'parse', kind: 'scalar', parameterCount: 1 },
    { name: 'best', kind: 'aggregate' },
  ],
  compatibilityLevel: '1.2',
};
const partitioned: JobDeclarations = {
  ...job,
  inputs: [
    { name: 'events', kind: 'stream', columns: null, partitionCount: 4 },
    { name: 'other', kind: 'stream', columns: null, partitionCount: 8 },
  ],
};
/** A job with outputs of several kinds, a model and code. */
const cloud: JobDeclarations = {
  ...job,
  outputs: [
    { name: 'store' },
    { name: 'board', kind: 'powerBi', dataset: 'a/b' },
    { name: 'board2', kind: 'powerBi', dataset: 'a/b' },
    { name: 'rows_', kind: 'sql' },
    { name: 'documents', kind: 'cosmosDb', neededColumns: [] },
    {
      name: 'keyed',
      kind: 'cosmosDb',
      neededColumns: [
        { name: 'id', role: 'document id' },
        { name: 'value', role: 'partition key' },
      ],
    },
  ],
  functions: [
    { name: 'score', kind: 'scalar', isModel: true },
    { name: 'age', kind: 'scalar', code: 'function main(t) { return Date.now() - t; }' },
    { name: 'parse', kind: 'scalar', code: '// not Date.now()\nfunction main(t) { return new Date(t); }' },
  ],
};
const oldJob: JobDeclarations = { ...unknownJob, compatibilityLevel: '1.1' };

const grouped = (items: string, window = 'TumblingWindow(minute, 1)'): string => `SELECT ${items} FROM i GROUP BY k, ${window}`;
const where = (condition: string): string => `SELECT a FROM i WHERE ${condition}`;
const item = (expression: string): string => `SELECT ${expression} AS c FROM i`;
const joined = (on: string): string => `SELECT a.x FROM l a TIMESTAMP BY t JOIN r b TIMESTAMP BY t ON a.k = b.k${on}`;
const matching = (parts: string, after = ' AS m', list = '*'): string =>
  `SELECT ${list} FROM i MATCH_RECOGNIZE (${parts})${after}`;
const match =
  'LIMIT DURATION(minute, 1) MEASURES Last(A.v) AS v AFTER MATCH SKIP TO NEXT ROW PATTERN (A B) DEFINE A AS A.v > 1, B AS B.v > Max(A.v)';

export const ruleExamples: Record<keyof typeof catalogue, RuleExample> = {
  expected: { bad: where('(a = 1'), good: where('(a = 1)') },
  unexpected: { bad: 'SELECT a b c FROM i', good: 'SELECT a b FROM i' },
  unknownCharacters: { bad: 'SELECT a € FROM i', good: 'SELECT [a €] FROM i' },
  unterminatedString: { bad: "SELECT 'a FROM i", good: "SELECT 'a' AS t FROM i" },
  unterminatedName: { bad: 'SELECT [a FROM i', good: 'SELECT [a] FROM i' },
  unterminatedComment: { bad: 'SELECT a FROM i /* x', good: 'SELECT a FROM i /* x */' },
  nationalString: { bad: item("N'x'"), good: item("'x'") },
  numberForm: { bad: item('1e5'), good: item('1.5') },
  variable: { bad: where('a = @x'), good: where('a = x') },
  foreignOperator: { bad: where('a == 1 && b = 2'), good: where('a = 1 AND b = 2') },
  reservedWord: { bad: 'SELECT a AS end FROM i', good: 'SELECT a AS [end] FROM i' },
  statement: { bad: 'CREATE FUNCTION f() RETURNS int', good: 'CREATE TABLE i (a bigint)' },
  arrayIndex: { bad: item('a[0]'), good: item('GetArrayElement(a, 0)') },
  distinct: { bad: 'SELECT DISTINCT a FROM i', good: grouped('k, COUNT(DISTINCT a) AS n') },
  top: { bad: 'SELECT TOP 5 a FROM i', good: 'SELECT top FROM i' },
  orderBy: { bad: 'SELECT a FROM i ORDER BY a', good: grouped('TopOne() OVER (ORDER BY a) AS t') },
  joinKind: { bad: 'SELECT a.x FROM l a RIGHT JOIN r b ON a.k = b.k', good: 'SELECT a.x FROM l a LEFT JOIN r b ON a.k = b.k' },
  commaJoin: { bad: 'SELECT a.x FROM l a, r b', good: 'SELECT a.x FROM l a JOIN r b ON a.k = b.k' },
  subquery: { bad: where('a IN (SELECT b FROM j)'), good: where('a IN (1, 2)') },
  withinGroup: {
    bad: grouped('PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) AS p'),
    good: grouped('PERCENTILE_CONT(0.5) OVER (ORDER BY x) AS p'),
  },
  setOperation: { bad: 'SELECT a FROM i EXCEPT SELECT a FROM j', good: 'SELECT a FROM i UNION SELECT a FROM j' },
  clauseOrder: { bad: 'SELECT a FROM i WHERE a = 1 INTO o', good: 'SELECT a INTO o FROM i WHERE a = 1' },
  clauseTwice: { bad: 'SELECT a FROM i WHERE a = 1 WHERE b = 2', good: where('a = 1 AND b = 2') },
  missingFrom: { bad: 'SELECT a', good: 'SELECT a FROM i' },
  trailingComma: { bad: 'SELECT a, FROM i', good: 'SELECT a FROM i' },
  intoInStep: {
    bad: 'WITH s AS (SELECT a INTO o FROM i) SELECT a FROM s',
    good: 'WITH s AS (SELECT a FROM i) SELECT a INTO o FROM s',
  },
  caseWithoutElse: { bad: item('CASE WHEN a = 1 THEN 2 END'), good: item('CASE WHEN a = 1 THEN 2 ELSE 3 END') },
  windowArguments: { bad: grouped('k', 'HoppingWindow(minute, 5)'), good: grouped('k', 'HoppingWindow(minute, 5, 1)') },
  timeUnit: { bad: item('DATEADD(wek, 1, t)'), good: item('DATEADD(week, 1, t)') },
  pluralUnit: { bad: grouped('k', 'SlidingWindow(hours, 1)'), good: grouped('k', 'SlidingWindow(hour, 1)') },
  matchRecognize: { bad: matching('PATTERN (A) DEFINE A AS A.v > 1'), good: matching(match) },
  tooDeep: { bad: item('('.repeat(100)), good: item('((1))') },
  tooLong: { bad: item(`a${' + a'.repeat(2000)}`), good: item(`a${' + a'.repeat(20)}`) },
  sourceName: { bad: 'SELECT a FROM dbo.i', good: 'SELECT a FROM [dbo.i]' },
  joinWithoutOn: { bad: 'SELECT a.x FROM l a JOIN r b', good: joined(' AND DATEDIFF(minute, a, b) BETWEEN 0 AND 1') },
  aliasAfterTime: { bad: 'SELECT x.a FROM i TIMESTAMP BY t AS x', good: 'SELECT x.a FROM i AS x TIMESTAMP BY t' },
  applyFunction: {
    bad: 'SELECT e.ArrayValue FROM i CROSS APPLY list AS e',
    good: 'SELECT e.ArrayValue FROM i CROSS APPLY GetArrayElements(list) AS e',
  },
  applyAlias: {
    bad: 'SELECT a FROM i CROSS APPLY GetArrayElements(list)',
    good: 'SELECT a FROM i CROSS APPLY GetArrayElements(list) e',
  },
  unionAll: { bad: 'SELECT a FROM i UNION ALL SELECT a FROM j', good: 'SELECT a FROM i UNION SELECT a FROM j' },
  severalWith: {
    bad: 'WITH s AS (SELECT a FROM i) SELECT a FROM s GO WITH u AS (SELECT a FROM s) SELECT a FROM u',
    good: 'WITH s AS (SELECT a FROM i) SELECT a FROM s',
  },
  withWithoutSelect: { bad: 'WITH s AS (SELECT a FROM i)', good: 'WITH s AS (SELECT a FROM i) SELECT a FROM s' },
  limitClause: { bad: 'SELECT a FROM i LIMIT 10', good: 'SELECT limit FROM i' },
  shardCount: { bad: 'SELECT a FROM i PARTITION BY k INTO 1', good: 'SELECT a FROM i PARTITION BY k INTO 2' },
  snapshotWindow: { bad: grouped('k', 'SnapshotWindow()'), good: grouped('k', 'System.Timestamp()') },
  stepReference: { bad: 'SELECT a FROM i UNION j', good: 'SELECT a FROM i UNION SELECT a FROM j' },
  nestedWindows: {
    bad: grouped('k', 'Windows(Windows(TumblingWindow(minute, 1)))'),
    good: grouped('k', 'Windows(TumblingWindow(minute, 1))'),
  },
  misspelled: { bad: 'SELECT a FORM i', good: 'SELECT form FROM i' },
  foreignForm: { bad: where('a IS TRUE'), good: where('a = 1') },
  reservedMember: { bad: item('a.end'), good: item('a.[end]') },

  unknownInput: { bad: 'SELECT id INTO store FROM evnts', good: 'SELECT id INTO store FROM events', job },
  laterStep: {
    bad: 'WITH a AS (SELECT x FROM b), b AS (SELECT x FROM i) SELECT x FROM a',
    good: 'WITH b AS (SELECT x FROM i), a AS (SELECT x FROM b) SELECT x FROM a',
  },
  selfReference: { bad: 'WITH a AS (SELECT x FROM a) SELECT x FROM a', good: 'WITH a AS (SELECT x FROM i) SELECT x FROM a' },
  duplicateStep: {
    bad: 'WITH a AS (SELECT x FROM i), A AS (SELECT x FROM i) SELECT x FROM a',
    good: 'WITH a AS (SELECT x FROM i), b AS (SELECT x FROM i) SELECT x FROM a',
  },
  unknownColumn: {
    bad: 'WITH s AS (SELECT total FROM i) SELECT totl FROM s',
    good: 'WITH s AS (SELECT total FROM i) SELECT TOTAL FROM s',
  },
  unseenColumn: {
    bad: 'SELECT id, vlaue INTO store FROM events',
    good: 'SELECT id, value, PartitionId INTO store FROM events',
    job,
  },
  ambiguousColumn: {
    bad: 'WITH s AS (SELECT k FROM i), u AS (SELECT k FROM j) SELECT k FROM s JOIN u ON s.k = u.k',
    good: 'WITH s AS (SELECT k FROM i), u AS (SELECT k FROM j) SELECT s.k FROM s JOIN u ON s.k = u.k',
  },
  hiddenName: { bad: 'SELECT cars.place FROM cars c', good: 'SELECT c.place FROM cars c' },
  unknownField: {
    bad: 'WITH s AS (SELECT a FROM i), u AS (SELECT TopOne() OVER (ORDER BY a) AS top FROM s GROUP BY TumblingWindow(minute, 1)) SELECT top.b FROM u',
    good: 'WITH s AS (SELECT a FROM i), u AS (SELECT TopOne() OVER (ORDER BY a) AS top FROM s GROUP BY TumblingWindow(minute, 1)) SELECT top.a FROM u',
  },
  unknownFunction: { bad: item('ISNULL(a, 0)'), good: item('COALESCE(a, 0)') },
  unknownUserFunction: {
    bad: 'SELECT udf.prase(id) AS id INTO store FROM events',
    good: 'SELECT udf.parse(id) AS id INTO store FROM events',
    job,
  },
  unknownPrefix: { bad: item('my.ABS(a)'), good: item('ABS(a)') },
  unknownOutput: { bad: 'SELECT id INTO stroe FROM events', good: 'SELECT id INTO store FROM events', job },
  duplicateColumn: { bad: 'SELECT a, b AS a FROM i', good: 'SELECT a, b FROM i' },
  duplicateSource: {
    bad: 'SELECT i.a FROM i JOIN i ON i.k = i.k AND DATEDIFF(minute, i, i) BETWEEN 0 AND 1',
    good: 'SELECT a.x FROM i a JOIN i b ON a.k = b.k AND DATEDIFF(minute, a, b) BETWEEN 0 AND 1',
  },

  argumentCount: { bad: item('SUBSTRING(a, 1)'), good: item('SUBSTRING(a, 1, 2)') },
  argumentType: { bad: item("GetArrayLength('x')"), good: item('GetArrayLength(list)') },
  literalArgument: {
    bad: grouped('CollectTop(k) OVER (ORDER BY x) AS t'),
    good: grouped('CollectTop(3) OVER (ORDER BY x) AS t'),
  },
  dataType: { bad: item('CAST(a AS varchar(50))'), good: item('CAST(a AS nvarchar(max))') },
  unitMissing: { bad: item('DATEADD()'), good: item('DATEADD(day, 1, t)') },
  conditionAsValue: { bad: item('(a > 1)'), good: item('CASE WHEN a > 1 THEN 1 ELSE 0 END') },
  valueAsCondition: { bad: where('ST_WITHIN(p, q)'), good: where('ST_WITHIN(p, q) = 1') },
  starArgument: { bad: grouped('SUM(*) AS s'), good: grouped('COUNT(*) AS s') },
  distinctArgument: { bad: grouped('SUM(DISTINCT x) AS s'), good: grouped('COUNT(DISTINCT x) AS s') },
  bitwiseFloat: { bad: item('1.5 & 2'), good: item('1 & 2') },
  argumentValue: { bad: item('LEFT(a, -1)'), good: item('LEFT(a, 1)') },
  distinctSeveral: {
    bad: grouped('COUNT(DISTINCT a, b) AS n'),
    good: grouped("COUNT(DISTINCT CONCAT(a, '|', b)) AS n"),
  },
  arithmeticType: { bad: item('System.Timestamp() - 1'), good: item('DATEADD(day, -1, System.Timestamp())') },

  missingWindow: { bad: 'SELECT k, COUNT(*) AS n FROM i GROUP BY k', good: grouped('k, COUNT(*) AS n') },
  severalWindows: {
    bad: 'SELECT k FROM i GROUP BY k, TumblingWindow(minute, 1), SlidingWindow(minute, 1)',
    good: 'SELECT k FROM i GROUP BY k, TumblingWindow(minute, 1), System.Timestamp()',
  },
  windowTooLong: { bad: grouped('k', 'TumblingWindow(day, 8)'), good: grouped('k', 'TumblingWindow(day, 7)') },
  windowSize: { bad: grouped('k', 'TumblingWindow(day, 0)'), good: grouped('k', 'TumblingWindow(day, 1, -4)') },
  windowPlace: { bad: item('TumblingWindow(minute, 1)'), good: grouped('k') },
  notGrouped: { bad: grouped('k, x'), good: grouped('k, MAX(x) AS x, i.K AS again, UPPER(k) AS up') },
  starWithGroup: { bad: grouped('*'), good: grouped('k') },
  aggregatePlace: { bad: where('COUNT(*) > 1'), good: `${grouped('k')} HAVING COUNT(*) > 1` },
  aggregateWithoutGroup: { bad: item('SUM(x)'), good: item('SUM(x) OVER (LIMIT DURATION(minute, 1))') },
  nestedAggregate: { bad: grouped('MAX(COUNT(*)) AS m'), good: grouped('MAX(ABS(x)) AS m') },
  overMissing: { bad: item('LAG(a)'), good: item('LAG(a) OVER (LIMIT DURATION(minute, 1))') },
  overPart: { bad: item('LAG(a) OVER (PARTITION BY k)'), good: item('LAG(a) OVER (PARTITION BY k LIMIT DURATION(minute, 1))') },
  overDistinct: {
    bad: item('COUNT(DISTINCT a) OVER (LIMIT DURATION(minute, 1))'),
    good: item('COUNT(a) OVER (LIMIT DURATION(minute, 1))'),
  },
  orderByText: {
    bad: grouped('TopOne() OVER (ORDER BY CAST(a AS nvarchar(max))) AS t'),
    good: grouped('TopOne() OVER (ORDER BY CAST(a AS datetime)) AS t'),
  },
  nestedAnalytic: {
    bad: item('LAG(LAG(a) OVER (LIMIT DURATION(minute, 1))) OVER (LIMIT DURATION(minute, 1))'),
    good: item('LAG(ABS(a)) OVER (LIMIT DURATION(minute, 1) WHEN ISFIRST(minute, 1) = 1)'),
  },
  lagOffset: {
    bad: item('LAG(a, 0) OVER (LIMIT DURATION(minute, 1))'),
    good: item('LAG(a, 1) OVER (LIMIT DURATION(minute, 1))'),
  },
  lagDefault: {
    bad: item("LAG(CAST(a AS bigint), 1, 'x') OVER (LIMIT DURATION(minute, 1))"),
    good: item('LAG(CAST(a AS bigint), 1, 0) OVER (LIMIT DURATION(minute, 1))'),
  },
  percentile: {
    bad: grouped('PERCENTILE_CONT(95) OVER (ORDER BY x) AS p'),
    good: grouped('PERCENTILE_CONT(0.95) OVER (ORDER BY x) AS p'),
  },
  windowNames: {
    bad: grouped('k', "Windows(Window('a', TumblingWindow(minute, 1)), TumblingWindow(minute, 2))"),
    good: grouped('k', "Windows(Window('a', TumblingWindow(minute, 1)), Window('b', TumblingWindow(minute, 2)))"),
  },
  windowFunctionPlace: { bad: item('System.Window().Id'), good: grouped('System.Window().Id') },

  unboundedJoin: { bad: joined(''), good: joined(' AND DATEDIFF(minute, a, b) BETWEEN 0 AND 10') },
  halfBoundedJoin: {
    bad: joined(' AND DATEDIFF(minute, a, b) >= 0'),
    good: joined(' AND DATEDIFF(minute, a, b) >= 0 AND DATEDIFF(minute, a, b) < 5'),
  },
  joinTooLong: {
    bad: joined(' AND DATEDIFF(day, a, b) BETWEEN 0 AND 8'),
    good: joined(' AND DATEDIFF(day, a, b) BETWEEN 0 AND 7'),
  },
  referenceLeft: {
    bad: 'SELECT d.id FROM devices d JOIN events e ON d.id = e.id',
    good: 'SELECT e.id FROM events e JOIN devices d ON d.id = e.id',
    job,
  },
  starInJoin: { bad: 'SELECT * FROM l a JOIN r b ON a.k = b.k', good: 'SELECT a.*, b.x FROM l a JOIN r b ON a.k = b.k' },
  partitionedJoin: {
    bad: 'SELECT a.x FROM l a PARTITION BY p JOIN r b PARTITION BY p ON a.k = b.k AND DATEDIFF(minute, a, b) BETWEEN 0 AND 1',
    good: 'SELECT a.x FROM l a PARTITION BY p JOIN r b PARTITION BY p ON a.p = b.p AND DATEDIFF(minute, a, b) BETWEEN 0 AND 1',
  },
  unionColumns: { bad: 'SELECT a, b FROM i UNION SELECT a FROM j', good: 'SELECT a, b FROM i UNION SELECT a, b FROM j' },
  unionTypes: {
    bad: "SELECT 1 AS a FROM i UNION SELECT 'x' AS a FROM j",
    good: 'SELECT 1 AS a FROM i UNION SELECT 2.5 AS a FROM j',
  },
  unionNames: { bad: 'SELECT a FROM i UNION SELECT b FROM j', good: 'SELECT a FROM i UNION SELECT b AS a FROM j' },
  applyNeeded: { bad: item('GetArrayElements(a)'), good: 'SELECT e.ArrayValue FROM i CROSS APPLY GetArrayElements(a) AS e' },
  applyOther: {
    bad: 'SELECT a FROM i CROSS APPLY UPPER(a) AS e',
    good: 'SELECT a FROM i CROSS APPLY GetRecordProperties(a) AS e',
  },

  timestampOfStep: {
    bad: 'WITH s AS (SELECT a, t FROM i) SELECT a FROM s TIMESTAMP BY t',
    good: 'WITH s AS (SELECT a FROM i TIMESTAMP BY t) SELECT a FROM s',
  },
  timestampSystem: { bad: 'SELECT a FROM i TIMESTAMP BY System.Timestamp()', good: 'SELECT a FROM i TIMESTAMP BY t' },
  timestampApply: {
    bad: 'SELECT a FROM i TIMESTAMP BY e.ArrayValue CROSS APPLY GetArrayElements(l) AS e',
    good: 'SELECT a FROM i TIMESTAMP BY t CROSS APPLY GetArrayElements(l) AS e',
  },
  timestampOverAll: {
    bad: 'SELECT a FROM i TIMESTAMP BY t OVER k SELECT b FROM j TIMESTAMP BY t',
    good: 'SELECT a FROM i TIMESTAMP BY t OVER k SELECT b FROM j TIMESTAMP BY t OVER k',
  },
  timestampOverKeys: {
    bad: 'SELECT COUNT(*) AS n FROM i TIMESTAMP BY t OVER k GROUP BY TumblingWindow(minute, 1)',
    good: 'SELECT COUNT(*) AS n FROM i TIMESTAMP BY t OVER k GROUP BY k, TumblingWindow(minute, 1)',
  },
  matchRule: { bad: matching(match, ' AS m', 'v'), good: matching(match) },
  metadataInput: {
    bad: "WITH s AS (SELECT a FROM i) SELECT GetMetadataPropertyValue(s, 'EventId') AS e FROM s",
    good: "SELECT GetMetadataPropertyValue(i, 'EventId') AS e FROM i",
  },

  quotedText: { bad: where('a = "x"'), good: where("a = 'x'") },
  compareNull: { bad: where('a = NULL'), good: where('a IS NULL') },
  integerDivision: { bad: grouped('COUNT(*) / 2 AS h'), good: grouped('COUNT(*) / 2.0 AS h') },
  unusedStep: {
    bad: 'WITH s AS (SELECT a FROM i), u AS (SELECT a FROM i) SELECT a FROM s',
    good: 'WITH s AS (SELECT a FROM i) SELECT a FROM s',
  },
  unusedOutput: { bad: 'SELECT id FROM events', good: 'SELECT id INTO store FROM events', job },
  implicitOutput: { bad: 'SELECT id FROM events', good: 'SELECT id INTO store FROM events', job },
  severalImplicit: {
    bad: 'SELECT id FROM events SELECT id FROM events',
    good: 'SELECT id INTO store FROM events SELECT id INTO store FROM events',
    job,
  },
  differentSchemas: {
    bad: 'SELECT a INTO o FROM i SELECT b INTO o FROM i',
    good: 'SELECT a INTO o FROM i SELECT a INTO o FROM j',
  },
  neededColumn: { bad: 'SELECT value INTO store FROM events', good: 'SELECT id, value INTO store FROM events', job },
  level: { bad: 'SELECT a FROM i', good: 'SELECT a FROM i', job: oldJob, goodJob: unknownJob },
  hopTooLong: { bad: grouped('k', 'HoppingWindow(minute, 1, 15)'), good: grouped('k', 'HoppingWindow(minute, 15, 1)') },
  hopUneven: { bad: grouped('k', 'HoppingWindow(minute, 5, 2)'), good: grouped('k', 'HoppingWindow(minute, 4, 2)') },
  havingWithoutGroup: { bad: 'SELECT a FROM i HAVING a > 1', good: where('a > 1') },
  havingWithoutAggregate: { bad: `${grouped('k')} HAVING k > 1`, good: `${grouped('k')} HAVING COUNT(*) > 1` },
  havingAlias: {
    bad: 'WITH s AS (SELECT k, x FROM i) SELECT k, COUNT(*) AS n FROM s GROUP BY k, TumblingWindow(minute, 1) HAVING n > 1',
    good: 'WITH s AS (SELECT k, x FROM i) SELECT k, COUNT(*) AS n FROM s GROUP BY k, TumblingWindow(minute, 1) HAVING COUNT(*) > 1',
  },
  timestampParens: { bad: item('System.Timestamp'), good: item('System.Timestamp()') },
  namelessColumn: { bad: 'SELECT a + 1 FROM i', good: 'SELECT a + 1 AS b FROM i' },
  nameCase: {
    bad: 'WITH s AS (SELECT userId FROM i) SELECT UserID FROM s',
    good: 'WITH s AS (SELECT userId FROM i) SELECT userId FROM s',
  },
  analyticOnWindow: {
    bad: `WITH s AS (${grouped('k, MAX(x) AS x')}) SELECT LAG(x) OVER (LIMIT DURATION(minute, 5)) AS l FROM s`,
    good: item('LAG(x) OVER (LIMIT DURATION(minute, 5))'),
  },
  analyticAndWhere: {
    bad: `${item('LAG(x) OVER (LIMIT DURATION(minute, 5))')} WHERE x > 1`,
    good: `${item('LAG(x) OVER (LIMIT DURATION(minute, 5) WHEN x > 1)')} WHERE x > 1`,
  },
  castPayload: { bad: item('CAST(a AS bigint)'), good: item('TRY_CAST(a AS bigint)') },
  textAsNumber: { bad: 'WITH s AS (SELECT UPPER(a) AS a FROM i) SELECT ROUND(a, 1) AS r FROM s', good: item('ROUND(a, 1)') },
  compareTimeText: {
    bad: where("System.Timestamp() > '2024-01-01'"),
    good: where("System.Timestamp() > CAST('2024-01-01' AS datetime)"),
  },
  joinUnbounded: {
    bad: 'SELECT a.x FROM l a JOIN r b ON a.k = b.k',
    good: 'SELECT a.x FROM l a JOIN r b ON a.k = b.k AND DATEDIFF(minute, a, b) BETWEEN 0 AND 1',
  },
  missingTimestamp: {
    bad: 'SELECT id FROM events GROUP BY id, TumblingWindow(minute, 1)',
    good: 'SELECT id FROM events TIMESTAMP BY eventTime GROUP BY id, TumblingWindow(minute, 1)',
    job,
  },
  sessionPartition: {
    bad: grouped('k', 'SessionWindow(minute, 1, 10)'),
    good: grouped('k', 'SessionWindow(minute, 1, 10) OVER (PARTITION BY k)'),
  },
  partitioning: {
    bad: 'SELECT a FROM i PARTITION BY p GO WITH s AS (SELECT k, COUNT(*) AS n FROM i PARTITION BY p GROUP BY k, TumblingWindow(minute, 1)) SELECT n FROM s',
    good: 'SELECT p, COUNT(*) AS n FROM i PARTITION BY p GROUP BY p, TumblingWindow(minute, 1)',
  },
  unusedInput: {
    bad: 'SELECT id INTO store FROM events',
    good: 'SELECT e.id INTO store FROM events e JOIN devices d ON d.id = e.id',
    job,
  },
  userFunctionMember: { bad: item('udf.f(a).b'), good: item('udf.f(a)'), job: oldJob },
  metadataStar: {
    bad: "SELECT *, GetMetadataPropertyValue(i, 'EventId') AS e FROM i",
    good: "SELECT a, GetMetadataPropertyValue(i, 'EventId') AS e FROM i",
  },
  slidingRate: {
    bad: grouped('k, COUNT(*) AS n', 'SlidingWindow(hour, 1)'),
    good: grouped('k, COUNT(*) AS n', 'HoppingWindow(hour, 1, 1)'),
  },
  wrongSwitch: { bad: '-- asaql-disable ASA9876\nSELECT a FROM i', good: '-- asaql-disable ASA1015\nSELECT a FROM i' },
  unusedSwitch: {
    bad: '-- asaql-disable-next-line ASA1015\nSELECT a FROM i',
    good: '-- asaql-disable-next-line ASA1015\nSELECT System.Timestamp AS t FROM i',
  },
  manyReaders: { bad: 'SELECT a INTO o FROM i '.repeat(6), good: 'SELECT a INTO o FROM i '.repeat(5) },
  divisor: { bad: item('a / b'), good: item('CASE WHEN b <> 0 THEN a / b ELSE NULL END + a / NULLIF(b, 0) + a / 2') },
  partitionCounts: {
    bad: 'SELECT l.id FROM events l JOIN other r ON l.id = r.id AND DATEDIFF(minute, l, r) BETWEEN 0 AND 1',
    good: 'SELECT l.id FROM events l JOIN other r PARTITION BY id INTO 4 ON l.id = r.id AND DATEDIFF(minute, l, r) BETWEEN 0 AND 1',
    job: partitioned,
  },
  aliasTooEarly: {
    bad: 'SELECT a * 2 AS b FROM i WHERE b > 1',
    good: 'SELECT CAST(b AS float) AS b FROM i WHERE b > 1',
  },
  foreignConstant: { bad: where('a = TRUE'), good: where('a = [true]') },
  derivedTable: {
    bad: 'SELECT d.a FROM (SELECT a FROM i) AS d',
    good: 'WITH d AS (SELECT a FROM i) SELECT a FROM d',
  },
  referencePredicate: {
    bad: 'SELECT e.id FROM events e JOIN devices d ON d.id = e.id AND d.kind > 3',
    good: 'SELECT e.id FROM events e JOIN devices d ON d.id = TRY_CAST(e.id AS bigint) WHERE d.kind > 3',
    job,
  },
  unguardedModel: {
    bad: 'SELECT udf.score(value) AS s INTO store FROM events',
    good: 'SELECT udf.score(value) AS s INTO store FROM events WHERE value IS NOT NULL',
    job: cloud,
  },
  edge: {
    bad: "SELECT GetMetadataPropertyValue(events, 'EventId') AS e FROM events PARTITION BY id",
    good: 'SELECT id FROM events',
    job: { ...job, hosting: 'edge' },
  },
  powerBiRate: {
    bad: 'SELECT id, value INTO board FROM events',
    good: 'SELECT id, MAX(value) AS v INTO board FROM events TIMESTAMP BY eventTime GROUP BY id, TumblingWindow(second, 1)',
    job: cloud,
  },
  powerBiDataset: {
    bad: 'SELECT id, MAX(value) AS v INTO board FROM events GROUP BY id, TumblingWindow(second, 1) SELECT id, MIN(value) AS v INTO board2 FROM events GROUP BY id, TumblingWindow(second, 1)',
    good: 'SELECT id, MAX(value) AS v INTO board FROM events GROUP BY id, TumblingWindow(second, 1) SELECT id, MIN(value) AS v INTO board FROM events GROUP BY id, TumblingWindow(second, 1)',
    job: cloud,
  },
  changingFunction: {
    bad: 'SELECT udf.age(value) AS a INTO store FROM events',
    good: 'SELECT udf.parse(value) AS a INTO store FROM events',
    job: cloud,
  },
  compareNumberText: {
    bad: 'WITH s AS (SELECT UPPER(a) AS a FROM i) SELECT a FROM s WHERE a > 5',
    good: 'WITH s AS (SELECT UPPER(a) AS a FROM i) SELECT a FROM s WHERE TRY_CAST(a AS float) > 5',
  },
  levelTrap: { bad: item('TRY_CAST(a AS bit)'), good: item('TRY_CAST(a AS bigint)'), job: oldJob },
  starIntoTable: { bad: 'SELECT * INTO rows_ FROM events', good: 'SELECT id, value INTO rows_ FROM events', job: cloud },
  arrayPayload: {
    bad: 'SELECT e.ArrayValue FROM i CROSS APPLY GetArrayElements(list) AS e',
    good: 'WITH s AS (SELECT TRY_CAST(list AS array) AS list FROM i) SELECT e.ArrayValue FROM s CROSS APPLY GetArrayElements(list) AS e',
  },
  cosmosKeys: {
    bad: 'SELECT id INTO documents FROM events',
    good: 'SELECT id, value INTO keyed FROM events',
    job: cloud,
  },
  keywordAsName: { bad: 'SELECT a AS limit FROM i', good: 'SELECT a AS [limit] FROM i' },
  substreamPartition: {
    bad: 'SELECT id FROM events TIMESTAMP BY eventTime OVER id PARTITION BY PartitionId',
    good: 'SELECT id FROM events TIMESTAMP BY eventTime OVER id, PartitionId PARTITION BY PartitionId',
  },
  outputPartitionKey: {
    bad: 'SELECT id, value INTO keyed FROM events PARTITION BY id',
    good: 'SELECT id, value INTO keyed FROM events PARTITION BY value',
    job: cloud,
  },
};
