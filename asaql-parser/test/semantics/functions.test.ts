/** The function catalogue: every function is known, and a wrong call of each is found. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, type FunctionSpec, findFunction, functionCatalogue, parse } from '../../src/index.ts';

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

/** A call with more arguments than any function takes, or none where it needs some. */
function wrongCall(spec: FunctionSpec): string {
  const open = spec.parameters.at(-1)?.repeated === true;
  const args = open ? '' : Array.from({ length: 9 }, (_, index) => `x${index}`).join(', ');
  const unit = spec.unitFirst ? 'minute, ' : '';
  return `${spec.prefix === null ? '' : 'System.'}${spec.name}(${unit}${args})`;
}

describe('a wrong call of every function is found', () => {
  for (const spec of functionCatalogue) {
    if (spec.kind === 'matchRecognize') continue;
    test(spec.name, () => {
      const call = wrongCall(spec);
      const { diagnostics } = analyze(parse(`SELECT ${call} AS c FROM i`));
      assert.ok(
        diagnostics.some((diagnostic) => diagnostic.severity === 'error'),
        call,
      );
    });
  }
  for (const name of ['Min', 'Max', 'First', 'Last', 'Classifier']) {
    test(`${name} of MATCH_RECOGNIZE`, () => {
      const measure = name === 'Classifier' ? 'Classifier(A.v)' : `${name}(A.v + 1)`;
      const text = `SELECT * FROM i MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES ${measure} AS m AFTER MATCH SKIP TO NEXT ROW PATTERN (A) DEFINE A AS A.v > 1) AS m`;
      assert.ok(
        analyze(parse(text)).diagnostics.some((diagnostic) => diagnostic.severity === 'error'),
        measure,
      );
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
