/** The function catalogue: every function is known, and a wrong call of each is found. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, type FunctionSpec, findFunction, functionCatalogue, type Parameter, parse } from '../../src/index.ts';
import { arity } from '../../src/semantics/functions/function-spec.ts';

/** The functions of the reference, by family. */
const documented: Record<string, string> = {
  aggregate: 'AVG COUNT Collect CollectTop MAX MIN PERCENTILE_CONT PERCENTILE_DISC STDEV STDEVP SUM TopOne VAR VARP',
  analytic: 'AnomalyDetection_SpikeAndDip AnomalyDetection_ChangePoint ISFIRST LAG LAST',
  array: 'GetArrayElement GetArrayElements GetArrayLength',
  conversion: 'CAST TRY_CAST GetType',
  conditional: 'COALESCE NULLIF',
  datetime: 'DATEADD DATEDIFF DATENAME DATEPART DATETIMEFROMPARTS DAY MONTH YEAR',
  geospatial: 'CreatePoint CreateLineString CreatePolygon ST_DISTANCE ST_INTERSECTS ST_OVERLAPS ST_WITHIN',
  'input metadata': 'GetMetadataPropertyValue',
  mathematical: 'ABS CEILING EXP FLOOR POWER ROUND SIGN SQUARE SQRT',
  record: 'GetRecordProperties GetRecordPropertyValue',
  string:
    'CHARINDEX CONCAT CONCAT_WS JSON_PARSE LEFT LEN LOWER LTRIM NCHAR PATINDEX REGEXMATCH REPLACE REPLICATE REVERSE RIGHT RTRIM SPACE STUFF SUBSTRING TRANSLATE TRIM UNICODE UPPER',
  system: 'Timestamp Window',
  window: 'TumblingWindow HoppingWindow SlidingWindow SessionWindow Windows Window',
  'window argument': 'Duration Hop Offset Timeout MaxDuration',
  match_recognize: 'Min Max First Last Classifier',
};

test('every documented function is known, and no other', () => {
  const known: Record<string, string[]> = {};
  for (const spec of functionCatalogue) {
    known[spec.family] ??= [];
    known[spec.family]!.push(spec.name);
  }
  for (const [family, names] of Object.entries(documented))
    assert.deepEqual(known[family]?.sort(), names.split(' ').sort(), family);
  assert.deepEqual(Object.keys(known).sort(), Object.keys(documented).sort());
});

test('names are found whatever their case, and short names of windows too', () => {
  assert.equal(findFunction(null, 'isfirst')?.name, 'ISFIRST');
  assert.equal(findFunction('system', 'TIMESTAMP')?.name, 'Timestamp');
  assert.equal(findFunction(null, 'Tumbling')?.name, 'TumblingWindow');
  assert.equal(findFunction(null, 'min', true)?.kind, 'matchRecognize');
  assert.equal(findFunction(null, 'median'), null);
});

/** A value of each kind, and one that surely is none; null where anything is fine. */
const values: Readonly<Record<Parameter['kind'], readonly [good: string, wrong: string | null]>> = {
  value: ['x', null],
  number: ['2', "'two'"],
  integer: ['2', "'two'"],
  text: ["'a'", 'JSON_PARSE(x)'],
  datetime: ['System.Timestamp()', '5'],
  record: ['JSON_PARSE(x)', '5'],
  array: ['TRY_CAST(x AS array)', '5'],
  comparable: ['x', 'JSON_PARSE(x)'],
  geography: ['CreatePoint(1, 2)', '5'],
  numberLiteral: ['0.5', '7'],
  integerLiteral: ['3', 'x'],
  source: ['i', '5'],
};

function goodValue({ kind, domain }: Parameter): string {
  return domain?.oneOf === undefined ? values[kind][0] : `'${domain.oneOf[0]}'`;
}

/** A query that calls a function at its place, with the OVER that it needs. */
function queryWith(spec: FunctionSpec, args: readonly string[]): string {
  const name = spec.prefix === null ? spec.name : `System.${spec.name}`;
  const call = `${name}(${[...(spec.unitFirst ? ['minute'] : []), ...args].join(', ')})`;
  const grouped = (item: string, window: string): string => `SELECT ${item} AS c FROM i TIMESTAMP BY t GROUP BY ${window}`;
  switch (spec.kind) {
    case 'tableValued':
      return `SELECT e.x FROM i CROSS APPLY ${call} AS e`.replace('e.x', 'a');
    case 'aggregate': {
      const over = spec.over?.orderBy === 'required' ? ' OVER (ORDER BY x)' : '';
      return grouped(call + over, 'TumblingWindow(minute, 1)');
    }
    case 'analytic': {
      const over = spec.over?.limit === 'required' ? ' OVER (LIMIT DURATION(minute, 1))' : '';
      return `SELECT ${call}${over} AS c FROM i`;
    }
    case 'system':
      return grouped(call, 'TumblingWindow(minute, 1)');
    case 'matchRecognize':
      return `SELECT * FROM i MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES ${call} AS m AFTER MATCH SKIP TO NEXT ROW PATTERN (A) DEFINE A AS A.v > 1) AS m`;
    default:
      return `SELECT ${call} AS c FROM i`;
  }
}

function errorsOf(query: string): readonly string[] {
  return analyze(parse(query))
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

/** Exactly one error, with the name of the function in it. */
function checkRefused(query: string, name: string): void {
  const errors = errorsOf(query);
  assert.equal(errors.length, 1, `${query}: ${errors.join(' · ')}`);
  assert.ok(errors[0]?.toLowerCase().includes(name.toLowerCase()), `${query}: ${errors[0]}`);
}

/** Windows, their arguments, CAST and the functions of patterns have a syntax of their own: they are tried below. */
const calledAsFunctions = functionCatalogue.filter(
  ({ kind, family }) => kind !== 'window' && kind !== 'windowArgument' && kind !== 'matchRecognize' && family !== 'conversion',
);

describe('every function: good calls are fine; too few, too many and wrong arguments are found', () => {
  for (const spec of calledAsFunctions) {
    test(spec.name, () => {
      const { min, max } = arity(spec);
      const least = spec.parameters.filter(({ optional }) => optional !== true).map(goodValue);
      const most = spec.parameters.map(goodValue);
      for (const args of [least, most]) assert.deepEqual(errorsOf(queryWith(spec, args)), [], queryWith(spec, args));
      if (min > 0) checkRefused(queryWith(spec, least.slice(0, -1)), spec.name);
      if (max === Number.POSITIVE_INFINITY) assert.deepEqual(errorsOf(queryWith(spec, [...most, ...most.slice(-1)])), []);
      else checkRefused(queryWith(spec, [...most, 'x']), spec.name);
      for (const [index, parameter] of spec.parameters.entries()) {
        const wrong = values[parameter.kind][1];
        if (wrong !== null) checkRefused(queryWith(spec, most.with(index, wrong)), spec.name);
        const { min: low, max: high, oneOf } = parameter.domain ?? {};
        if (low !== undefined) checkRefused(queryWith(spec, most.with(index, String(low - 1))), spec.name);
        if (high !== undefined) checkRefused(queryWith(spec, most.with(index, String(high + 1))), spec.name);
        if (oneOf !== undefined) checkRefused(queryWith(spec, most.with(index, "'none of them'")), spec.name);
      }
    });
  }
});

describe('what has a syntax of its own: one good call, and wrong ones', () => {
  const grouped = (window: string): string => `SELECT COUNT(*) AS n FROM i TIMESTAMP BY t GROUP BY ${window}`;
  const item = (call: string): string => `SELECT ${call} AS c FROM i`;
  const match = (call: string): string =>
    `SELECT * FROM i MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES ${call} AS m AFTER MATCH SKIP TO NEXT ROW PATTERN (A) DEFINE A AS A.v > 1) AS m`;
  const cases: Readonly<Record<string, readonly [good: string, ...wrong: string[]]>> = {
    CAST: [item('CAST(x AS bigint)'), item('CAST(x)'), item('CAST(x AS int)'), item('CAST()')],
    TRY_CAST: [item('TRY_CAST(x AS bigint)'), item('TRY_CAST(x)'), item('TRY_CAST(x AS varchar(5))'), item('TRY_CAST()')],
    GetType: [item('GetType(x)'), item('GetType()'), item('GetType(x, y)')],
    TumblingWindow: [
      grouped('TumblingWindow(minute, 5, -1)'),
      grouped('TumblingWindow(minute)'),
      grouped('TumblingWindow(minute, 5, 1, 1)'),
      grouped("TumblingWindow(minute, 'x')"),
      grouped('TumblingWindow(month, 1)'),
    ],
    HoppingWindow: [
      grouped('HoppingWindow(minute, 10, 5, 1)'),
      grouped('HoppingWindow(minute, 10)'),
      grouped('HoppingWindow(minute, 10, 5, 1, 1)'),
      grouped('HoppingWindow(minute, 10, 2.5)'),
    ],
    SlidingWindow: [
      grouped('SlidingWindow(minute, 10)'),
      grouped('SlidingWindow(minute)'),
      grouped('SlidingWindow(minute, 1, 1)'),
    ],
    SessionWindow: [
      grouped('SessionWindow(minute, 5, 60)'),
      grouped('SessionWindow(minute, 5)'),
      grouped('SessionWindow(minute, 5, 60, 1)'),
      grouped('SessionWindow(minute, x, 60)'),
    ],
    Windows: [
      grouped('Windows(TumblingWindow(minute, 1), SlidingWindow(minute, 1))'),
      grouped('Windows()'),
      grouped('Windows(5)'),
      grouped('Windows(Windows(TumblingWindow(minute, 1)))'),
    ],
    Window: [
      grouped("Windows(Window('a', TumblingWindow(minute, 1)))"),
      grouped("Windows(Window('a'))"),
      grouped('Windows(Window(5, TumblingWindow(minute, 1)))'),
      grouped("Windows(Window('a', TumblingWindow(minute, 1), 1))"),
    ],
    Duration: [
      grouped('TumblingWindow(Duration(minute, 5))'),
      grouped('TumblingWindow(Duration(minute))'),
      grouped('TumblingWindow(Duration(minute, 5, 1))'),
      grouped("TumblingWindow(Duration(minute, 'x'))"),
    ],
    Hop: [
      grouped('HoppingWindow(Duration(minute, 5), Hop(minute, 1))'),
      grouped('HoppingWindow(Duration(minute, 5), Hop(minute))'),
      grouped('HoppingWindow(Duration(minute, 5), Hop(minute, 1, 1))'),
    ],
    Offset: [
      grouped('TumblingWindow(Duration(minute, 5), Offset(second, -1))'),
      grouped('TumblingWindow(Duration(minute, 5), Offset(second))'),
      grouped('TumblingWindow(Duration(minute, 5), Offset(second, 1, 1))'),
    ],
    Timeout: [
      grouped('SessionWindow(Timeout(minute, 5), MaxDuration(minute, 60))'),
      grouped('SessionWindow(Timeout(minute), MaxDuration(minute, 60))'),
      grouped('SessionWindow(Timeout(minute, 5, 1), MaxDuration(minute, 60))'),
    ],
    MaxDuration: [
      grouped('SessionWindow(Timeout(minute, 5), MaxDuration(minute, 60))'),
      grouped('SessionWindow(Timeout(minute, 5), MaxDuration(minute))'),
      grouped('SessionWindow(Timeout(minute, 5), MaxDuration(minute, 60, 1))'),
    ],
    Min: [match('Min(A.v)'), match('Min(A.v + 1)'), match('Min()'), match('Min(A.v, A.w)')],
    Max: [match('Max(A.v)'), match('Max(A.v + 1)'), match('Max()'), match('Max(A.v, A.w)')],
    First: [match('First(A.v)'), match('First(A.v + 1)'), match('First()'), match('First(A.v, A.w)')],
    Last: [match('Last(A.v)'), match('Last(A.v + 1)'), match('Last()'), match('Last(A.v, A.w)')],
    Classifier: [match('Classifier()'), match('Classifier(A.v)'), item('Classifier()')],
  };
  test('nothing is left out', () => {
    const tried = [...calledAsFunctions.map(({ name }) => name), ...Object.keys(cases)];
    assert.deepEqual(
      functionCatalogue.filter(({ name }) => !tried.includes(name)).map(({ name }) => name),
      [],
    );
  });
  for (const [name, [good, ...wrong]] of Object.entries(cases)) {
    test(name, () => {
      assert.deepEqual(errorsOf(good), [], good);
      for (const query of wrong) assert.equal(errorsOf(query).length, 1, `${query}: ${errorsOf(query).join(' · ')}`);
    });
  }
});

test('types follow from literals, casts, functions and steps', () => {
  const { selects } = analyze(
    parse(`WITH s AS (
      SELECT 1 AS b, 1.5 AS f, 'x' AS t, 1 + 1.5 AS s, CAST(a AS datetime) AS d, LEN(a) AS l, a AS u, COALESCE(1, 2.5) AS c,
        CASE WHEN a = 1 THEN 'x' ELSE NULL END AS k, LAG(2) OVER (LIMIT DURATION(minute, 1)) AS g
      FROM i
    ) SELECT s.* FROM s`),
  );
  const types = selects.at(-1)!.result.columns.map((column) => `${column.name} ${column.type.name}`);
  assert.deepEqual(types, [
    'b bigint',
    'f float',
    't nvarchar(max)',
    's float',
    'd datetime',
    'l bigint',
    'u any',
    'c float',
    'k nvarchar(max)',
    'g bigint',
  ]);
});
