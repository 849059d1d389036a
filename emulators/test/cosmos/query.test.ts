// The SQL of Cosmos DB as a table: a query and what it gives. A new rule of the language is a new line here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlParameter } from '@azure/cosmos';
import { failure, newContainer, startForFile } from './cosmos-under-test.ts';

const cosmos = await startForFile();
const container = await newContainer(cosmos);

const documents = [
  {
    id: '1',
    pk: 'a',
    n: 1,
    s: 'apple',
    flag: true,
    tags: ['red', 'round'],
    o: { x: 1, y: { z: 'deep' } },
    mixed: 10,
    when: '2026-01-15T12:00:00.5Z',
  },
  { id: '2', pk: 'a', n: 2, s: 'Banana', flag: false, tags: ['long'], o: { x: 2 }, mixed: '10', gone: null },
  {
    id: '3',
    pk: 'b',
    n: 3.5,
    s: 'cherry',
    tags: [],
    parts: [
      { k: 'a', v: 1 },
      { k: 'b', v: 2, w: [1, 2] },
    ],
    mixed: true,
  },
  { id: '4', pk: 'b', n: -4, s: '50%_[off]', flag: true, mixed: null, 'odd name': 1, order: 'kept' },
  { id: '5', pk: 'c', s: 'éclair 😀', n: 5, parts: [{ k: 'a', v: 3 }], mixed: [1] },
  { id: '6', pk: 'c', n: 1, s: 'apple', tags: ['red'], mixed: { a: 1 } },
];
for (const document of documents) await container.items.create(document);

const own = (id: string) => documents.find((document) => document.id === id);

/** A query, what it gives, and perhaps its parameters. Where the order is not the query's it is that of creation. */
type Case = [query: string, expected: unknown[], parameters?: Record<string, SqlParameter['value']>];

async function check(cases: Case[]): Promise<void> {
  for (const [query, expected, given = {}] of cases) {
    const parameters = Object.entries(given).map(([name, value]) => ({ name, value }));
    const { resources } = await container.items.query<unknown>({ query, parameters }).fetchAll();
    assert.deepEqual(resources, expected, query);
  }
}

/** The same for one expression, without documents. */
async function checkValues(cases: [expression: string, expected: unknown][]): Promise<void> {
  for (const [expression, expected] of cases) {
    const { resources } = await container.items.query<unknown>(`SELECT VALUE [${expression}]`).fetchAll();
    assert.deepEqual(resources, [expected === undefined ? [] : [expected]], expression);
  }
}

const ids = (...list: string[]): string[] => list;

test('SELECT: whole documents, lists, names, literals, VALUE', () =>
  check([
    ["SELECT c.id FROM c WHERE c.id = '1'", [{ id: '1' }]],
    [
      "SELECT c.o.y.z, c.n + 1, c.tags[0], c.s AS name, 'x' lit FROM c WHERE c.id = '1'",
      [{ z: 'deep', $1: 2, $2: 'red', name: 'apple', lit: 'x' }],
    ],
    ["SELECT VALUE c.o FROM c WHERE c.id = '2'", [{ x: 2 }]],
    ["SELECT VALUE { a: c.n, 'b': [c.id, c.absent, null], none: c.absent } FROM c WHERE c.id = '1'", [{ a: 1, b: ['1', null] }]],
    ['SELECT VALUE 1', [1]],
    ['SELECT 1 AS one, "two" AS two', [{ one: 1, two: 'two' }]],
    ['SELECT c.absent FROM c WHERE c.n = 2', [{}]],
    ['SELECT VALUE c.absent FROM c', []],
    ['SELECT VALUE c["odd name"] FROM c', [1]],
    ['SELECT VALUE c.order FROM c', ['kept']],
    ['SELECT VALUE food["s"] FROM food WHERE food.id = "3"', ['cherry']],
    ['SELECT VALUE r.id FROM root r WHERE r.n = 5', ['5']],
    ['SELECT VALUE c.parts[1].w[c.parts[0].v] FROM c', [2]],
    ['select value C.id from C where C.n = 5', ['5']],
    ["SELECT VALUE c.id -- a comment\nFROM c WHERE c.s = 'cherry'", ['3']],
  ]));

test('SELECT * gives the documents as they are', async () => {
  const { resources } = await container.items.query<Record<string, unknown>>('SELECT * FROM c').fetchAll();
  assert.deepEqual(
    resources.map(({ _rid, _self, _etag, _attachments, _ts, ...rest }) => rest),
    documents,
  );
  const whole = await container.items
    .query<Record<string, unknown>>("SELECT VALUE c FROM c WHERE c.s LIKE 'ban%' OR c.s LIKE 'Ban%'")
    .fetchAll();
  assert.equal(whole.resources[0]?.id, own('2')?.id);
});

test('equality and comparison: undefined is not null, types are never mixed', () =>
  check([
    ['SELECT VALUE c.id FROM c WHERE c.mixed = 10', ids('1')],
    ["SELECT VALUE c.id FROM c WHERE c.mixed = '10'", ids('2')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = true', ids('3')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = 1', []],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = null', ids('4')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = [1]', ids('5')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = {"a": 1}', ids('6')],
    ["SELECT VALUE c.id FROM c WHERE c.mixed = '[1]'", []],
    ['SELECT VALUE c.id FROM c WHERE c.mixed > 5', ids('1')],
    ["SELECT VALUE c.id FROM c WHERE c.mixed > '0'", ids('2')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed >= false', ids('3')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed <= null', ids('4')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed != 10', ids('2', '3', '4', '5', '6')],
    ['SELECT VALUE c.id FROM c WHERE c.gone != null', []],
    ['SELECT VALUE c.id FROM c WHERE c.flag != true', ids('2')],
    ['SELECT VALUE c.id FROM c WHERE c.flag <> true', ids('2')],
    ['SELECT VALUE c.id FROM c WHERE NOT (c.flag = true)', ids('2')],
    ['SELECT VALUE c.id FROM c WHERE c.flag', ids('1', '4')],
    ['SELECT VALUE c.id FROM c WHERE c.gone = undefined', []],
    ['SELECT VALUE c.id FROM c WHERE c.n < 2', ids('1', '4', '6')],
    ['SELECT VALUE c.id FROM c WHERE 2 > c.n AND c.n >= -4', ids('1', '4', '6')],
    ['SELECT VALUE c.id FROM c WHERE c.n = 3.5', ids('3')],
    ['SELECT VALUE c.id FROM c WHERE c.o.y = {"z": "deep"}', ids('1')],
    ["SELECT VALUE c.id FROM c WHERE c.s > 'z'", ids('5')],
    ['SELECT VALUE c.id FROM c WHERE c.o.x = c.n', ids('1', '2')],
  ]));

test('AND, OR, NOT over undefined', () =>
  check([
    ['SELECT VALUE c.id FROM c WHERE c.flag OR c.n = 3.5', ids('1', '3', '4')],
    ['SELECT VALUE c.id FROM c WHERE c.absent = 1 OR c.n = 5', ids('5')],
    ['SELECT VALUE c.id FROM c WHERE NOT (c.absent = 1 AND c.n = 5)', ids('1', '2', '3', '4', '6')],
    ['SELECT VALUE c.id FROM c WHERE NOT (c.absent = 1 OR c.n = 5)', []],
    ['SELECT VALUE c.id FROM c WHERE NOT c.s', []],
    ['SELECT VALUE c.id FROM c WHERE NOT IS_DEFINED(c.flag) AND NOT IS_NULL(c.mixed)', ids('3', '5', '6')],
    [
      'SELECT VALUE [true AND c.absent, false AND c.absent, true OR c.absent, false OR c.absent] FROM c WHERE c.n = 5',
      [[false, true]],
    ],
  ]));

test('IN, BETWEEN, LIKE', () =>
  check([
    ["SELECT VALUE c.id FROM c WHERE c.s IN ('apple', 'cherry')", ids('1', '3', '6')],
    ['SELECT VALUE c.id FROM c WHERE c.mixed IN (10, null, [1])', ids('1', '4', '5')],
    ['SELECT VALUE c.id FROM c WHERE c.flag NOT IN (true)', ids('2')],
    ['SELECT VALUE c.id FROM c WHERE c.n BETWEEN 1 AND 3.5', ids('1', '2', '3', '6')],
    ['SELECT VALUE c.id FROM c WHERE c.n NOT BETWEEN 1 AND 3.5', ids('4', '5')],
    ["SELECT VALUE c.id FROM c WHERE c.s BETWEEN 'a' AND 'b'", ids('1', '6')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE 'a%'", ids('1', '6')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE '_anana'", ids('2')],
    ["SELECT VALUE c.id FROM c WHERE c.s NOT LIKE '%e%'", ids('2', '4', '5')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE '[a-c]%'", ids('1', '3', '6')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE '[^a-z]%'", ids('2', '4', '5')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE '50!%!_![%' ESCAPE '!'", ids('4')],
    ["SELECT VALUE c.id FROM c WHERE c.s LIKE '%.%'", []],
    ['SELECT VALUE c.id FROM c WHERE c.s LIKE @p', ids('3'), { '@p': '%rr%' }],
  ]));

test('ORDER BY, TOP, OFFSET LIMIT, DISTINCT', () =>
  check([
    ['SELECT VALUE c.id FROM c ORDER BY c.n', ids('4', '1', '6', '2', '3', '5')],
    ['SELECT VALUE c.id FROM c ORDER BY c.n DESC, c.id DESC', ids('5', '3', '2', '6', '1', '4')],
    ['SELECT VALUE c.id FROM c ORDER BY c.pk DESC, c.n ASC', ids('6', '5', '4', '3', '1', '2')],
    ['SELECT VALUE c.id FROM c ORDER BY c.mixed', ids('4', '3', '1', '2', '5', '6')],
    ['SELECT VALUE c.id FROM c ORDER BY c.flag', ids('3', '5', '6', '2', '1', '4')],
    ['SELECT VALUE c.id FROM c ORDER BY c.n * c.n DESC', ids('5', '4', '3', '2', '1', '6')],
    ["SELECT VALUE c.s FROM c WHERE c.pk = 'a' ORDER BY LOWER(c.s) DESC", ['Banana', 'apple']],
    ['SELECT TOP 2 VALUE c.id FROM c', ids('1', '2')],
    ['SELECT TOP @top VALUE c.id FROM c ORDER BY c.n', ids('4', '1'), { '@top': 2 }],
    ['SELECT TOP 0 * FROM c', []],
    ['SELECT VALUE c.id FROM c OFFSET 2 LIMIT 3', ids('3', '4', '5')],
    ['SELECT VALUE c.id FROM c ORDER BY c.n DESC OFFSET 1 LIMIT 2', ids('3', '2')],
    ['SELECT VALUE c.id FROM c ORDER BY c.n OFFSET @o LIMIT @l', ids('5'), { '@o': 5, '@l': 10 }],
    ['SELECT DISTINCT VALUE c.s FROM c WHERE c.n < 3', ['apple', 'Banana', '50%_[off]']],
    ['SELECT DISTINCT c.s, c.n FROM c WHERE c.n = 1', [{ s: 'apple', n: 1 }]],
    ['SELECT DISTINCT TOP 2 VALUE c.pk FROM c ORDER BY c.pk DESC', ['c', 'b']],
    ['SELECT DISTINCT VALUE t FROM c JOIN t IN c.tags', ['red', 'round', 'long']],
    ['SELECT DISTINCT VALUE c.gone FROM c', [null]],
  ]));

test('aggregates and GROUP BY', () =>
  check([
    ['SELECT VALUE COUNT(1) FROM c', [6]],
    ['SELECT VALUE COUNT(c.flag) FROM c', [3]],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.s = 'apple'", [2]],
    ['SELECT VALUE COUNT(1) FROM c WHERE c.n > 1.5', [3]],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.s = 'none'", [0]],
    [
      'SELECT COUNT(1) AS n, SUM(c.n) AS total, AVG(c.n) AS mean, MIN(c.n) AS low, MAX(c.n) AS high FROM c',
      [{ n: 6, total: 8.5, mean: 8.5 / 6, low: -4, high: 5 }],
    ],
    [
      "SELECT COUNT(1) AS n, SUM(c.n) AS total, AVG(c.n) AS mean, MIN(c.n) AS low FROM c WHERE c.s = 'none'",
      [{ n: 0, total: 0 }],
    ],
    ["SELECT VALUE AVG(c.n) FROM c WHERE c.s = 'none'", []],
    ['SELECT VALUE SUM(c.s) FROM c', []],
    ['SELECT VALUE MIN(c.s) FROM c', ['50%_[off]']],
    ['SELECT VALUE MAX(c.flag) FROM c', [true]],
    ['SELECT VALUE MAX(c.mixed) FROM c', []],
    ["SELECT VALUE MAX(c.mixed) FROM c WHERE c.pk != 'c'", ['10']],
    ['SELECT VALUE ROUND(AVG(c.n) * 100) / 100 FROM c', [1.42]],
    ['SELECT VALUE COUNTIF(c.n > 2) FROM c', [2]],
    ['SELECT VALUE MAKESET(c.s) FROM c WHERE c.n = 1', [['apple']]],
    [
      'SELECT c.pk, COUNT(1) AS n, MAX(c.n) AS high FROM c GROUP BY c.pk',
      [
        { pk: 'a', n: 2, high: 2 },
        { pk: 'b', n: 2, high: 3.5 },
        { pk: 'c', n: 2, high: 5 },
      ],
    ],
    [
      'SELECT VALUE { key: c.pk, sum: SUM(c.n) + 1 } FROM c WHERE c.n > 0 GROUP BY c.pk',
      [
        { key: 'a', sum: 4 },
        { key: 'b', sum: 4.5 },
        { key: 'c', sum: 7 },
      ],
    ],
    ['SELECT c.flag, COUNT(1) AS n FROM c GROUP BY c.flag', [{ flag: true, n: 2 }, { flag: false, n: 1 }, { n: 3 }]],
    [
      'SELECT UPPER(c.pk) AS k, c.n > 1 AS big, COUNT(1) AS n FROM c WHERE c.pk = "c" GROUP BY UPPER(c.pk), c.n > 1',
      [
        { k: 'C', big: true, n: 1 },
        { k: 'C', big: false, n: 1 },
      ],
    ],
    ['SELECT c.pk FROM c GROUP BY c.pk OFFSET 1 LIMIT 1', [{ pk: 'b' }]],
    ["SELECT c.pk, COUNT(1) AS n FROM c WHERE c.s = 'none' GROUP BY c.pk", []],
    [
      'SELECT t, COUNT(1) AS n FROM c JOIN t IN c.tags GROUP BY t',
      [
        { t: 'red', n: 2 },
        { t: 'round', n: 1 },
        { t: 'long', n: 1 },
      ],
    ],
  ]));

test('JOIN, IN, subqueries', () =>
  check([
    ['SELECT VALUE t FROM c JOIN t IN c.tags', ['red', 'round', 'long', 'red']],
    [
      'SELECT c.id, p.v FROM c JOIN p IN c.parts WHERE p.k = "a"',
      [
        { id: '3', v: 1 },
        { id: '5', v: 3 },
      ],
    ],
    [
      'SELECT VALUE [c.id, w] FROM c JOIN p IN c.parts JOIN w IN p.w',
      [
        ['3', 1],
        ['3', 2],
      ],
    ],
    ['SELECT VALUE p.v FROM p IN c.parts WHERE p.v > 1', [2, 3]],
    ['SELECT VALUE o.x FROM c.o', [1, 2]],
    ['SELECT VALUE y.z FROM c.o.y', ['deep']],
    ['SELECT VALUE inside.x FROM c.o AS inside', [1, 2]],
    ["SELECT VALUE c.id FROM c WHERE EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'red')", ids('1', '6')],
    ["SELECT VALUE c.id FROM c WHERE NOT EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'red')", ids('2', '3', '4', '5')],
    ["SELECT VALUE ARRAY(SELECT VALUE p.k || '!' FROM p IN c.parts) FROM c WHERE IS_DEFINED(c.parts)", [['a!', 'b!'], ['a!']]],
    [
      'SELECT c.id, (SELECT VALUE SUM(p.v) FROM p IN c.parts) AS total FROM c WHERE c.pk = "b"',
      [
        { id: '3', total: 3 },
        { id: '4', total: 0 },
      ],
    ],
    ['SELECT VALUE p.k FROM c JOIN (SELECT VALUE p FROM p IN c.parts WHERE p.v >= 2) AS p', ['b', 'a']],
    ['SELECT VALUE COUNT(1) FROM c JOIN t IN c.tags', [4]],
    ['SELECT TOP 1 VALUE t FROM c JOIN t IN c.tags WHERE c.id = "1" ORDER BY t DESC', ['round']],
    [
      'SELECT c.id, t FROM c JOIN t IN c.tags OFFSET 1 LIMIT 2',
      [
        { id: '1', t: 'round' },
        { id: '2', t: 'long' },
      ],
    ],
  ]));

test('operators', () =>
  checkValues([
    ['1 + 2 * 3 - 4 / 2 % 3', 5],
    ['-(2 + 3)', -5],
    ["'a' || 'b' || 'c'", 'abc'],
    ["'a' + 'b'", undefined],
    ['1 / 0', undefined],
    ['5 & 3 | 8 ^ 1', 9],
    ['~5', -6],
    ['1 << 4 >> 1', 8],
    ['undefined ?? 2', 2],
    ['null ?? 2', null],
    ['1 < 2 ? "yes" : "no"', 'yes'],
    ['undefined ? 1 : 2 > 1 ? "b" : "c"', 'b'],
    ['"a" = "a" AND 1 != "1"', true],
    ['1 < "2"', undefined],
    ['[1, {"a": [2]}] = [1, {"a": [2]}]', true],
    ['{"a": 1, "b": 2} = {"b": 2, "a": 1}', true],
    ['0x1F', 31],
    ['1.5e3', 1500],
    ["'it\\'s \\u00e9\\n'", "it's é\n"],
  ]));

test('string functions', () =>
  checkValues([
    ["STARTSWITH('abc', 'ab')", true],
    ["STARTSWITH('ABC', 'ab')", false],
    ["STARTSWITH('ABC', 'ab', true)", true],
    ["ENDSWITH('abc', 'BC', true)", true],
    ["CONTAINS('abc', 'B')", false],
    ["CONTAINS('abc', 'B', true)", true],
    ["CONTAINS(1, 'B')", undefined],
    ["LOWER('ÄbC')", 'äbc'],
    ["UPPER('äbc')", 'ÄBC'],
    ["LENGTH('abc')", 3],
    ["SUBSTRING('abcdef', 1, 3)", 'bcd'],
    ["LEFT('abc', 2) || RIGHT('abc', 1)", 'abc'],
    ["CONCAT('a', 'b', 'c')", 'abc'],
    ["CONCAT('a', 1)", undefined],
    ["REPLACE('a.b.c', '.', '$&')", 'a$&b$&c'],
    ["TRIM('  a ') || '|' || LTRIM(' a ') || '|' || RTRIM(' a ')", 'a|a | a'],
    ["INDEX_OF('abcabc', 'c')", 2],
    ["INDEX_OF('abcabc', 'c', 3)", 5],
    ["INDEX_OF('abc', 'x')", -1],
    ["REVERSE('abc')", 'cba'],
    ["REPLICATE('ab', 3)", 'ababab'],
    ["StringEquals('A', 'a', true)", true],
    ["RegexMatch('abcd', 'ABC', 'i')", true],
    ['ToString(1.5)', '1.5'],
    ['ToString({"a": [1]})', '{"a":[1]}'],
    ["StringToNumber('-1.5e2')", -150],
    ["StringToNumber('abc')", undefined],
    ["StringToBoolean('true')", true],
    ['StringToArray(\'[1, "a"]\')', [1, 'a']],
    ['StringToObject(\'{"a": 1}\')', { a: 1 }],
    ["StringToNull('null')", null],
    ["StringSplit('a,b', ',')", ['a', 'b']],
  ]));

test('type, number and array functions', () =>
  checkValues([
    ['IS_DEFINED(undefined)', false],
    ['IS_DEFINED(null)', true],
    ['IS_NULL(undefined)', false],
    ["[IS_NUMBER(1), IS_STRING('a'), IS_BOOL(false), IS_ARRAY([]), IS_OBJECT({})]", [true, true, true, true, true]],
    ['[IS_NUMBER("1"), IS_STRING(1), IS_BOOL(null), IS_ARRAY({}), IS_OBJECT([])]', [false, false, false, false, false]],
    ['[IS_PRIMITIVE(null), IS_PRIMITIVE([]), IS_INTEGER(1.5)]', [true, false, false]],
    ['[ABS(-2), FLOOR(-1.5), CEILING(1.2), ROUND(2.5), ROUND(-2.5), TRUNC(-1.7), SIGN(-3)]', [2, -2, 2, 3, -3, -1, -1]],
    ['[POWER(2, 10), SQRT(16), SQUARE(3), LOG10(1000), LOG(8, 2), EXP(0)]', [1024, 4, 9, 3, 3, 1]],
    ["ABS('1')", undefined],
    ['SQRT(-1)', undefined],
    ['ARRAY_LENGTH([1, 2, 3])', 3],
    ["ARRAY_LENGTH('abc')", undefined],
    ['ARRAY_CONTAINS([1, "a", {"b": 1, "c": 2}], "a")', true],
    ['ARRAY_CONTAINS([{"b": 1, "c": 2}], {"b": 1})', false],
    ['ARRAY_CONTAINS([{"b": 1, "c": {"d": 2, "e": 3}}], {"c": {"d": 2}}, true)', true],
    ['ARRAY_CONCAT([1], [2, 3])', [1, 2, 3]],
    ['ARRAY_SLICE([1, 2, 3, 4], 1, 2)', [2, 3]],
    ['ARRAY_SLICE([1, 2, 3, 4], -2)', [3, 4]],
    ['SetUnion([1, 2], [2, 3])', [1, 2, 3]],
    ['SetIntersect([1, 2, 3], [3, 2])', [2, 3]],
    ['IIF(1 = 1, "a", "b")', 'a'],
    ['ObjectToArray({"a": 1})', [{ k: 'a', v: 1 }]],
  ]));

test('date functions', () =>
  checkValues([
    ['GetCurrentDateTime()', '2026-01-15T12:00:00.0000000Z'],
    ['GetCurrentTimestamp()', Date.UTC(2026, 0, 15, 12)],
    ["DateTimeAdd('mm', 1, '2026-01-31T10:20:30.1234567Z')", '2026-02-28T10:20:30.1234567Z'],
    ["DateTimeAdd('hh', -13, '2026-01-01T12:00:00Z')", '2025-12-31T23:00:00.0000000Z'],
    ["DateTimeDiff('month', '2025-12-31T23:59:59Z', '2026-01-01')", 1],
    ["DateTimeDiff('second', '2026-01-15T12:00:00.9Z', '2026-01-15T12:00:10Z')", 10],
    ["DateTimeDiff('day', '2026-01-15', '2026-01-10')", -5],
    [
      "[DateTimePart('yyyy', '2026-05-29T08:30:00.1301617Z'), DateTimePart('ns', '2026-05-29T08:30:00.1301617Z')]",
      [2026, 130161700],
    ],
    ["DateTimeBin('2026-01-08T18:35:12.5Z', 'mi', 15)", '2026-01-08T18:30:00.0000000Z'],
    ['DateTimeFromParts(2026, 9, 4, 5, 6, 7, 1234567)', '2026-09-04T05:06:07.1234567Z'],
    ["DateTimeToTimestamp('2026-01-15T12:00:00.5Z')", Date.UTC(2026, 0, 15, 12) + 500],
    ["TicksToDateTime(DateTimeToTicks('2026-01-15T12:00:00.5Z'))", '2026-01-15T12:00:00.5000000Z'],
    ['TimestampToDateTime(0)', '1970-01-01T00:00:00.0000000Z'],
    ["DateTimePart('yyyy', '2026-02-30')", undefined],
    ["DateTimePart('nonsense', '2026-02-20')", undefined],
  ]));

test('parameters of every type, and nothing else', async () => {
  await check([
    ['SELECT VALUE c.id FROM c WHERE c.mixed = @v', ids('4'), { '@v': null }],
    ['SELECT VALUE c.id FROM c WHERE c.mixed = @v', ids('6'), { '@v': { a: 1 } }],
    ['SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(@v, c.n)', ids('2', '5'), { '@v': [2, 5] }],
    ['SELECT VALUE c[@v] FROM c WHERE c.id = "2"', ['Banana'], { '@v': 's' }],
    ['SELECT VALUE c.id FROM c WHERE c.s = @v', [], { '@v': "x' OR 1=1 --" }],
    ['SELECT VALUE c.id FROM c WHERE STARTSWITH(c.s, @v)', ids('5'), { '@v': 'éc' }],
    ['SELECT VALUE c.id FROM c WHERE CONTAINS(c.s, @v)', ids('5'), { '@v': '😀' }],
  ]);
  const missing = await failure(container.items.query('SELECT * FROM c WHERE c.n = @absent').fetchAll());
  assert.match(missing.message, /'@absent', which is not given/);
});

test('a property named __proto__ is one like any other', async () => {
  const item = JSON.parse('{"id":"proto","pk":"proto","__proto__":{"x":1}}') as { id: string };
  await container.items.create(item);
  await check([
    ["SELECT VALUE c.__proto__.x FROM c WHERE c.pk = 'proto'", [1]],
    ["SELECT VALUE OBJECTTOARRAY({'__proto__': c.__proto__})[0].v FROM c WHERE c.pk = 'proto' ORDER BY c.id", [{ x: 1 }]],
  ]);
  await container.item('proto', 'proto').delete();
});

test('what is not supported, or wrong, is a 400 that names it', async () => {
  const cases: [query: string, message: RegExp][] = [
    ['SELECT * FROM c WHERE', /incorrect syntax at the end of the query/],
    ['SELECT * FROM c\nWHERE c.n = = 1', /near '=' \(line 2, column 13\)/],
    ['SELECT * FROM c WHERE c.n = #', /near '#'/],
    ['SELEKT * FROM c', /near 'SELEKT'/],
    ['SELECT * FROM c WHERE NO_SUCH(c.n)', /The function 'NO_SUCH' is not supported/],
    ['SELECT udf.mine(c.n) FROM c', /'udf.mine' is not supported/],
    ['SELECT VALUE ST_DISTANCE(c.a, c.b) FROM c', /'ST_DISTANCE' is not supported/],
    ['SELECT LOWER(c.s, 1) FROM c', /'LOWER' cannot be called with 2 argument/],
    ['SELECT x.id FROM c', /Identifier 'x' could not be resolved/],
    ['SELECT c.s, COUNT(1) AS n FROM c', /not contained in either an aggregate function or the GROUP BY/],
    ['SELECT c.pk, c.s FROM c GROUP BY c.pk', /not contained in either an aggregate function or the GROUP BY/],
    ['SELECT c.pk FROM c GROUP BY c.pk ORDER BY c.pk', /ORDER BY together with GROUP BY/],
    ['SELECT c.pk FROM c GROUP BY c.pk HAVING COUNT(1) > 1', /HAVING is not supported/],
    ['SELECT * FROM c WHERE COUNT(1) > 1', /'COUNT' can only stand in the SELECT clause/],
    ['SELECT * FROM c JOIN t IN c.tags', /only valid with a single input set/],
    ['SELECT c.id, c.id FROM c', /'id' is selected twice/],
    ['SELECT * FROM c OFFSET 1', /incorrect syntax/],
    ['SELECT TOP 1 * FROM c OFFSET 1 LIMIT 1', /'TOP' cannot be used together/],
    ['SELECT TOP 1.5 * FROM c', /TOP takes a number of rows/],
    ['SELECT VALUE (SELECT VALUE t FROM t IN c.tags) FROM c', /cardinality of a scalar subquery/],
    ["SELECT * FROM c WHERE c.s LIKE 'a' ESCAPE 'xx'", /ESCAPE of LIKE must be one character/],
    ['SELECT VALUE c.id FROM c JOIN c IN c.tags', /alias 'c' is declared twice/],
  ];
  cases.push([`SELECT VALUE ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, /nested too deeply/]);
  for (const [query, message] of cases) {
    const { code, message: found } = await failure(container.items.query(query).fetchAll());
    assert.equal(code, 400, query);
    assert.match(found, message, query);
  }
});
