/** Every scalar function in a query: compiled and run through the engine's door, and known to the language front end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError, type OutputValue } from '@asaql/engine';
import { functionCatalogue } from '@asaql/parser';
import { scalarFunctions } from '../../src/expressions/functions/index.ts';
import { planOf, runEvents } from '../support/run-query.ts';

const event = {
  id: 7,
  half: 0.5,
  negative: -2.5,
  name: ' Focus ',
  time: '2014-09-10T12:30:15.1234567Z',
  list: [1, 'two', { x: 3 }],
  readings: { Temperature: 80, key: 'Temperature' },
  text: '{"SalesOrderID":"65191","n":9007199254740993}',
  latitude: 3.0,
  longitude: -10.2,
  here: { type: 'Point', coordinates: [-5.0, -5.0] },
  area: {
    type: 'Polygon',
    coordinates: [
      [
        [-10, -10],
        [10, -10],
        [10, 10],
        [-10, 10],
        [-10, -10],
      ],
    ],
  },
  other: {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [20, 0],
        [20, 20],
        [0, 20],
        [0, 0],
      ],
    ],
  },
  nothing: null,
};

function resultOf(expression: string): OutputValue | undefined {
  const plan = planOf(`SELECT ${expression} AS r INTO output FROM input`);
  const { rows, rejected } = runEvents(plan, { input: [{ body: event }] });
  assert.deepEqual(rejected, []);
  const [row, ...more] = rows.output ?? [];
  assert.equal(more.length, 0);
  return row?.r;
}

/** By function, an expression and what it gives. */
const calls: { readonly [name: string]: readonly [expression: string, expected: OutputValue] } = {
  ABS: ['ABS(negative)', 2.5],
  CEILING: ['CEILING(half)', 1],
  CHARINDEX: ["CHARINDEX('us', name)", 5],
  COALESCE: ["COALESCE(nothing, missing, 'x')", 'x'],
  CONCAT: ["CONCAT(id, '-', nothing, half)", '7-0.5'],
  CONCAT_WS: ["CONCAT_WS(', ', id, nothing, half)", '7, 0.5'],
  CreateLineString: [
    'CreateLineString(CreatePoint(latitude, longitude), CreatePoint(10.0, 10.0), CreatePoint(10.5, 10.5))',
    {
      type: 'LineString',
      coordinates: [
        [-10.2, 3],
        [10, 10],
        [10.5, 10.5],
      ],
    },
  ],
  CreatePoint: ['CreatePoint(latitude, longitude)', { type: 'Point', coordinates: [-10.2, 3] }],
  CreatePolygon: [
    'CreatePolygon(CreatePoint(0, 0), CreatePoint(0, 1), CreatePoint(1, 1), CreatePoint(0, 0))',
    {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
  ],
  DATEADD: ['DATEADD(hour, 2, time)', '2014-09-10T14:30:15.1234567Z'],
  DATEDIFF: ['DATEDIFF(minute, time, DATEADD(hour, 2, time))', 120],
  DATENAME: ['DATENAME(month, time)', 'September'],
  DATEPART: ['DATEPART(dw, time)', 4],
  DATETIMEFROMPARTS: ['DATETIMEFROMPARTS(2014, 9, 10, 12, DATEPART(minute, time) + 10, 00, 00)', '2014-09-10T12:40:00.0000000Z'],
  DAY: ['DAY(time)', 10],
  EXP: ['EXP(0)', 1],
  FLOOR: ['FLOOR(negative)', -3],
  GetArrayElement: ['GetArrayElement(list, 2)', { x: 3 }],
  GetArrayLength: ['GetArrayLength(list)', 3],
  GetRecordPropertyValue: ['GetRecordPropertyValue(readings, readings.key)', 80],
  GetType: ['GetType(readings)', 'record'],
  JSON_PARSE: ["GetRecordPropertyValue(JSON_PARSE(text), 'salesorderid')", '65191'],
  LEFT: ['LEFT(time, 4)', '2014'],
  LEN: ['LEN(name)', 6],
  LOWER: ['LOWER(name)', ' focus '],
  LTRIM: ['LTRIM(name)', 'Focus '],
  MONTH: ['MONTH(time)', 9],
  NCHAR: ["NCHAR(UNICODE('茶'))", '茶'],
  NULLIF: ['NULLIF(id, 7.0)', null],
  PATINDEX: ["PATINDEX('%us%', name)", 5],
  POWER: ['POWER(id, 3)', 343],
  REGEXMATCH: ["REGEXMATCH(time, '[0-9][0-9]:[0-9]')", 12],
  REPLACE: ["REPLACE(name, 'us', 'x')", ' Focx '],
  REPLICATE: ["REPLICATE('0', 4 - LEN(id))", '000'],
  REVERSE: ['REVERSE(name)', ' sucoF '],
  RIGHT: ["RIGHT('abc', 2)", 'bc'],
  ROUND: ['ROUND(negative, 0)', -3],
  RTRIM: ['RTRIM(name)', ' Focus'],
  SIGN: ['SIGN(negative)', -1],
  SPACE: ['SPACE(2)', '  '],
  SQRT: ['SQRT(16)', 4],
  SQUARE: ['SQUARE(negative)', 6.25],
  STUFF: ["STUFF('abcdef', 2, 3, 'ijklmn')", 'aijklmnef'],
  ST_DISTANCE: ['ROUND(ST_DISTANCE(here, CreatePoint(0, 0)), 2)', 784028.74],
  ST_INTERSECTS: ['ST_INTERSECTS(here, area)', 1],
  ST_OVERLAPS: ['ST_OVERLAPS(area, other)', 1],
  ST_WITHIN: ['ST_WITHIN(here, other)', 0],
  SUBSTRING: ['SUBSTRING(name, 2, 3)', 'Foc'],
  TRANSLATE: ["TRANSLATE('2*[3+4]', '[]', '()')", '2*(3+4)'],
  TRIM: ['TRIM(name)', 'Focus'],
  UNICODE: ["UNICODE('茶')", 33590],
  UPPER: ['UPPER(name)', ' FOCUS '],
  YEAR: ['YEAR(time)', 2014],
};

for (const [name, [expression, expected]] of Object.entries(calls)) {
  test(`${name} in a query`, () => {
    assert.ok(expression.includes(`${name}(`));
    assert.deepEqual(resultOf(expression), expected);
  });
}

test('every function has a query here', () => {
  const names = [...scalarFunctions.values()].map((implementation) => implementation.name);
  assert.deepEqual(Object.keys(calls).sort(), names.sort());
});

/** Scalar by kind, but syntax of their own or answered from the input. */
const elsewhere = ['CAST', 'TRY_CAST', 'GetMetadataPropertyValue'];

test('the functions are those of the language, with the same numbers of arguments', () => {
  const specs = functionCatalogue.filter(({ kind, name }) => kind === 'scalar' && !elsewhere.includes(name));
  assert.deepEqual(specs.map(({ name }) => name).sort(), [...scalarFunctions.values()].map(({ name }) => name).sort());
  for (const { name, parameters, unitFirst } of specs) {
    const implementation = scalarFunctions.get(name.toLowerCase());
    assert.equal(implementation?.unitFirst, unitFirst, name);
    assert.equal(implementation?.minArguments, parameters.filter(({ optional }) => optional !== true).length, name);
    const most = parameters.at(-1)?.repeated === true ? Number.POSITIVE_INFINITY : parameters.length;
    assert.equal(implementation?.maxArguments, most, name);
  }
});

test('a JSON_PARSE record is read with dots in the next step', () => {
  const plan = planOf(
    'WITH p AS (SELECT JSON_PARSE(text) AS parsed FROM input) SELECT parsed.SalesOrderID, parsed.n + 0 AS n INTO output FROM p',
  );
  const { rows } = runEvents(plan, { input: [{ body: event }] });
  assert.deepEqual(rows.output?.[0]?.SalesOrderID, '65191');
});

test('a failing function stops the job and says where', () => {
  const plan = planOf('SELECT\n  ROUND(name, 2) AS r INTO output FROM input');
  assert.throws(
    () => runEvents(plan, { input: [{ body: event }] }),
    (error) => {
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        /The 1st argument of function round has invalid type 'nvarchar\(max\)'\. Only 'bigint', 'float' is allowed\. At line 2, column 3\./,
      );
      return error instanceof EngineError || error.name === 'EvaluationError';
    },
  );
});

test('a wrong number of arguments does not compile', () => {
  for (const expression of [
    'LEFT(name)',
    'CONCAT(name)',
    'CreatePolygon(here, here, here)',
    'DATEADD(hour, 1)',
    'CHARINDEX(1, 2, 3, 4)',
  ]) {
    assert.throws(() => planOf(`SELECT ${expression} AS r FROM input`), /does not take|argument/, expression);
  }
});
