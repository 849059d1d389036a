/** Completion, as texts with a cursor. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CompletionItem, completion, createSnapshot, type JobDeclarations } from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { markedText } from '../support/cursor.ts';

const float = { name: 'float' } as const;
const job: JobDeclarations = {
  inputs: [
    {
      name: 'telemetry',
      kind: 'stream',
      columns: [
        { name: 'deviceId', type: { name: 'nvarchar(max)' } },
        { name: 'reading value', type: float },
        {
          name: 'place',
          type: {
            name: 'record',
            fields: [
              { name: 'lat', type: float },
              { name: 'long', type: float },
            ],
          },
        },
      ],
    },
    { name: 'device-list', kind: 'reference', columns: [{ name: 'deviceId', type: { name: 'nvarchar(max)' } }] },
  ],
  outputs: [{ name: 'alerts' }, { name: 'cold store' }],
  functions: [
    { name: 'score', kind: 'scalar', parameterCount: 2 },
    { name: 'best', kind: 'aggregate' },
  ],
  compatibilityLevel: '1.2',
};

interface Expectation {
  readonly has?: readonly string[];
  readonly hasNot?: readonly string[];
  /** Exactly these labels, in this order. */
  readonly only?: readonly string[];
  readonly first?: string;
}

function itemsAt(marked: string): readonly CompletionItem[] {
  const { snapshot, offset } = markedText(marked, job);
  return completion(snapshot, offset).items;
}

function check(marked: string, { has = [], hasNot = [], only, first }: Expectation): void {
  const labels = itemsAt(marked).map(({ label }) => label);
  for (const label of has) assert.ok(labels.includes(label), `${label} is missing in ${labels}`);
  for (const label of hasNot) assert.ok(!labels.includes(label), `${label} should not be in ${labels}`);
  if (only !== undefined) assert.deepEqual(labels, only);
  if (first !== undefined) assert.equal(labels[0], first);
}

describe('clauses', () => {
  const cases: Record<string, [string, Expectation]> = {
    start: ['$0', { has: ['SELECT', 'WITH', 'CREATE TABLE'], hasNot: ['FROM', 'ABS'] }],
    'after a statement': ['SELECT a FROM i;\n$0', { has: ['SELECT', 'WITH'] }],
    'name of a step': ['WITH $0', { only: [] }],
    'after the name of a step': ['WITH s $0', { only: ['AS'] }],
    'inside a step': ['WITH s AS ($0)', { only: ['SELECT'] }],
    'after a step': ['WITH s AS (SELECT a FROM i) $0', { only: ['SELECT'] }],
    'a second step': ['WITH s AS (SELECT a FROM i), $0', { only: [] }],
    'the list': [
      'SELECT $0 FROM telemetry',
      {
        has: ['deviceId', 'reading value', 'ABS', 'COUNT', 'CASE', '*', 'udf.score', 'System.Timestamp'],
        hasNot: ['TumblingWindow', 'FROM', 'Hop', 'GetArrayElements', 'Classifier'],
      },
    ],
    'the list, being typed': ['SELECT dev$0 FROM telemetry', { has: ['deviceId'] }],
    'after an item': ['SELECT deviceId $0', { only: ['AS', 'INTO', 'FROM'] }],
    'an alias': ['SELECT deviceId AS $0 FROM telemetry', { only: [] }],
    'the list before FROM is written': ['WITH s AS (SELECT 1 AS one FROM i) SELECT $0', { has: ['one', 'deviceId'] }],
    into: ['SELECT a INTO $0', { only: ['alerts', 'cold store'] }],
    'after into': ['SELECT a INTO alerts $0', { only: ['FROM'] }],
    from: ['WITH s AS (SELECT a FROM i) SELECT a FROM $0', { only: ['s', 'device-list', 'telemetry'] }],
    'from, inside a step': [
      'WITH s AS (SELECT a FROM i), u AS (SELECT a FROM $0), v AS (SELECT a FROM u) SELECT a FROM u',
      { has: ['s', 'telemetry'], hasNot: ['u', 'v'] },
    ],
    'after a source': [
      'SELECT a FROM telemetry t $0',
      {
        has: ['TIMESTAMP BY', 'PARTITION BY', 'JOIN', 'LEFT OUTER JOIN', 'CROSS APPLY', 'WHERE', 'GROUP BY'],
        hasNot: ['ON', 'AND'],
      },
    ],
    'after a joined source': ['SELECT t.a FROM telemetry t JOIN [device-list] d $0', { has: ['ON'], first: 'ON' }],
    'timestamp by': ['SELECT a FROM telemetry TIMESTAMP BY $0', { has: ['deviceId', 'DATEADD', 'CAST'], hasNot: ['COUNT'] }],
    'after timestamp by': ['SELECT a FROM telemetry TIMESTAMP BY t $0', { has: ['OVER', 'WHERE'] }],
    on: ['SELECT t.a FROM telemetry t JOIN [device-list] d ON $0', { has: ['t', 'd', 'DATEDIFF … BETWEEN', 'reading value'] }],
    'after on': ['SELECT t.a FROM telemetry t JOIN [device-list] d ON t.a = d.b $0', { has: ['AND', 'WHERE', 'JOIN'] }],
    'after left': ['SELECT t.a FROM telemetry t LEFT $0', { only: ['JOIN', 'OUTER JOIN'] }],
    'after cross': ['SELECT t.a FROM telemetry t CROSS $0', { only: ['APPLY'] }],
    apply: ['SELECT t.a FROM telemetry t CROSS APPLY $0', { only: ['GetArrayElements', 'GetRecordProperties'] }],
    where: ['SELECT a FROM telemetry WHERE $0', { has: ['deviceId', 'NOT', 'LAG', 'REGEXMATCH'] }],
    'after a value in where': [
      'SELECT a FROM telemetry WHERE deviceId $0',
      { has: ['IS NULL', 'IN', 'LIKE', 'AND', 'GROUP BY'], hasNot: ['WHERE', 'AS'] },
    ],
    'after is': ['SELECT a FROM telemetry WHERE deviceId IS $0', { only: ['NULL', 'NOT NULL'] }],
    'group by': [
      'SELECT a FROM telemetry GROUP BY $0',
      { has: ['TumblingWindow', 'Windows', 'deviceId', 'System.Timestamp'], hasNot: ['COUNT', 'Window'] },
    ],
    'after group': ['SELECT a FROM telemetry GROUP $0', { only: ['BY'] }],
    'after group by': [
      'SELECT a FROM telemetry GROUP BY a, TumblingWindow(minute, 1) $0',
      { only: ['HAVING', 'UNION', 'SELECT'] },
    ],
    having: ['SELECT COUNT(*) AS total FROM telemetry GROUP BY TumblingWindow(minute, 1) HAVING $0', { has: ['total', 'COUNT'] }],
    'in a comment': ['SELECT a -- $0', { only: [] }],
    'in a text': ["SELECT 'a$0' FROM i", { only: [] }],
    'in a number': ['SELECT 12$0 FROM i', { only: [] }],
    'a WHERE on a broken query': ['SELECT a, , b[ FROM telemetry\nWHERE $0 AND ) GROUP', { has: ['deviceId'] }],
  };
  for (const [name, [marked, expectation]] of Object.entries(cases)) test(name, () => check(marked, expectation));
});

describe('expressions', () => {
  const cases: Record<string, [string, Expectation]> = {
    'CASE has WHEN': ['SELECT CASE a $0', { has: ['WHEN'] }],
    'WHEN has THEN': ['SELECT CASE WHEN a = 1 $0', { has: ['THEN', 'AND'], hasNot: ['FROM'] }],
    'THEN has ELSE': ['SELECT CASE WHEN a = 1 THEN 2 $0', { has: ['WHEN', 'ELSE'] }],
    'ELSE has END': ['SELECT CASE WHEN a = 1 THEN 2 ELSE 3 $0', { has: ['END'] }],
    'after END': ['SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END $0', { only: ['AS', 'INTO', 'FROM'] }],
    cast: ['SELECT CAST(deviceId $0', { only: ['AS'] }],
    'type of a cast': ['SELECT CAST(deviceId AS $0) FROM telemetry', { has: ['bigint', 'nvarchar(max)'], first: 'bigint' }],
    units: ['SELECT DATEADD($0) FROM telemetry', { has: ['year', 'minute', 'weekday'], hasNot: ['deviceId'] }],
    'units of a window': [
      'SELECT a FROM i GROUP BY TumblingWindow($0)',
      { has: ['minute', 'Duration', 'Offset'], hasNot: ['year', 'Hop'] },
    ],
    'long form of a hop': ['SELECT a FROM i GROUP BY HoppingWindow(Duration(minute, 5), $0)', { has: ['Hop', 'Offset'] }],
    'size of a window': ['SELECT a FROM i GROUP BY TumblingWindow(Duration(minute, $0', { only: [] }],
    'members of Windows': ['SELECT a FROM i GROUP BY Windows($0)', { has: ['TumblingWindow', 'Window'] }],
    'second argument': ['SELECT DATEDIFF(minute, $0) FROM telemetry', { has: ['deviceId'], hasNot: ['minute'] }],
    count: ['SELECT COUNT($0) FROM telemetry', { has: ['DISTINCT', 'deviceId'] }],
    over: ['SELECT LAG(a) OVER ($0)', { has: ['PARTITION BY', 'LIMIT DURATION', 'WHEN'] }],
    'partition in over': ['SELECT LAG(a) OVER (PARTITION BY $0) FROM telemetry', { has: ['deviceId'] }],
    'after partition in over': [
      'SELECT LAG(a) OVER (PARTITION BY deviceId $0) FROM telemetry',
      { has: ['LIMIT DURATION', 'WHEN'], hasNot: ['PARTITION BY', 'FROM'] },
    ],
    'limit duration': ['SELECT LAG(a) OVER (LIMIT DURATION($0', { has: ['minute'], hasNot: ['year'] }],
    'when in over': ['SELECT LAG(a) OVER (LIMIT DURATION(minute, 1) WHEN $0) FROM telemetry', { has: ['deviceId'] }],
    'after a call': ['SELECT LAG(a) $0', { has: ['OVER', 'AS'] }],
    'values of in': ['SELECT a FROM telemetry WHERE deviceId IN ($0)', { has: ['deviceId'] }],
    'match recognize': ['SELECT * FROM i MATCH_RECOGNIZE ($0)', { has: ['LIMIT DURATION', 'MEASURES', 'PATTERN', 'DEFINE'] }],
    measures: ['SELECT * FROM i MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES $0)', { has: ['Last', 'Classifier'] }],
    'types of a table': ['CREATE TABLE i (a $0)', { has: ['bigint', 'datetime'] }],
  };
  for (const [name, [marked, expectation]] of Object.entries(cases)) test(name, () => check(marked, expectation));
});

describe('after a dot', () => {
  const cases: Record<string, [string, Expectation]> = {
    'an alias': ['SELECT t.$0 FROM telemetry t', { only: ['deviceId', 'place', 'reading value', '*'] }],
    'an alias, being typed': ['SELECT t.de$0 FROM telemetry t', { has: ['deviceId'] }],
    'an alias, on the line before FROM': ['SELECT t.$0\nFROM telemetry t', { has: ['deviceId'] }],
    'a record': ['SELECT place.$0 FROM telemetry', { has: ['lat', 'long'] }],
    'a record of an alias': ['SELECT ABS(t.place.$0) FROM telemetry t', { only: ['lat', 'long'] }],
    'a step': ['WITH s AS (SELECT 1 AS one FROM i) SELECT s.$0 FROM s', { has: ['one'], hasNot: ['deviceId'] }],
    'a record of an event': [
      'WITH s AS (SELECT 1 AS one FROM i), u AS (SELECT TopOne() OVER (ORDER BY one) AS top FROM s GROUP BY TumblingWindow(minute, 1)) SELECT top.$0 FROM u',
      { only: ['one', '*'] },
    ],
    'a call': ['SELECT System.Window().$0 FROM i GROUP BY TumblingWindow(minute, 1)', { has: ['Id'] }],
    'a call with OVER in parentheses': [
      'WITH s AS (SELECT 1 AS one FROM i) SELECT (LAG(*) OVER (LIMIT DURATION(minute, 1))).$0 FROM s',
      { has: ['one'] },
    ],
    udf: ['SELECT udf.$0 FROM i', { only: ['score'] }],
    uda: ['SELECT uda.$0 FROM i', { only: ['best'] }],
    system: ['SELECT System.$0 FROM i', { only: ['Timestamp', 'Window'] }],
    'fields that the query reads elsewhere': [
      'SELECT x.inner.first, x.inner.second, other FROM i WHERE x.inner.$0',
      { only: ['first', 'second'] },
    ],
    'an alias in ON': ['SELECT t.deviceId FROM telemetry t JOIN [device-list] d ON t.deviceId = d.$0', { only: ['deviceId'] }],
  };
  for (const [name, [marked, expectation]] of Object.entries(cases)) test(name, () => check(marked, expectation));
});

describe('what is inserted', () => {
  const insertOf = (marked: string, label: string): string | undefined =>
    itemsAt(marked).find((item) => item.label === label)?.insert;

  test('names with brackets where they need them', () => {
    assert.equal(insertOf('SELECT a FROM $0', 'device-list'), '[device-list]');
    assert.equal(insertOf('SELECT a FROM [dev$0', 'device-list'), '[device-list]');
    assert.equal(insertOf('SELECT $0 FROM telemetry', 'reading value'), '[reading value]');
    assert.equal(insertOf('SELECT [re$0 FROM telemetry', 'reading value'), '[reading value]');
  });
  test('a column of several sources with its alias', () =>
    assert.equal(
      insertOf('SELECT $0 FROM telemetry t JOIN [device-list] d ON t.deviceId = d.deviceId', 'deviceId'),
      't.deviceId',
    ));
  test('functions with parentheses, once', () => {
    assert.equal(insertOf('SELECT AB$0 FROM telemetry', 'ABS'), 'ABS($1)$0');
    assert.equal(insertOf('SELECT AB$0(a) FROM telemetry', 'ABS'), 'ABS');
    assert.equal(insertOf('SELECT $0 FROM telemetry', 'System.Timestamp'), 'System.Timestamp()');
  });
  test('the word that is typed is replaced', () => {
    const { snapshot, offset } = markedText('SELECT dev$0ice FROM telemetry', job);
    assert.deepEqual(completion(snapshot, offset).replace, { start: 7, end: 10 });
  });
  test('types and origins are shown', () => {
    const details = itemsAt('SELECT $0 FROM telemetry')
      .filter(({ kind }) => kind === 'column')
      .map(({ label, detail }) => `${label}: ${detail}`);
    assert.deepEqual(details.slice(0, 3), [
      'deviceId: nvarchar(max) · telemetry',
      'place: record (lat, long) · telemetry',
      'reading value: float · telemetry',
    ]);
  });
});

test('every place of every query, whole or cut off there', () => {
  for (const { text } of corpus) {
    const whole = createSnapshot(text, job);
    for (let offset = 0; offset <= text.length; offset += text.length > 800 ? 7 : 3) {
      completion(whole, offset);
      completion(createSnapshot(text.slice(0, offset), job), offset);
    }
  }
});
