/** Definition, references and rename, as texts with marks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  analyze,
  applyEdits,
  definition,
  type JobDeclarations,
  parse,
  prepareRename,
  references,
  rename,
} from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { markedText } from '../support/cursor.ts';

/** The definitions are marked, the cursor stands on a use. */
function checkDefinition(marked: string, declarations?: JobDeclarations): void {
  const { snapshot, offset, spans } = markedText(marked, declarations);
  assert.deepEqual(definition(snapshot, offset)?.targets ?? [], spans);
}

/** Every place is marked. */
function checkReferences(marked: string): void {
  const { snapshot, offset, spans } = markedText(marked);
  assert.deepEqual(
    references(snapshot, offset).map(({ span }) => span),
    spans,
  );
}

function checkRename(marked: string, newName: string, expected: string): void {
  const { snapshot, offset } = markedText(marked);
  const result = rename(snapshot, offset, newName);
  assert.ok(result.ok, result.ok ? '' : result.reason);
  assert.equal(applyEdits(snapshot.text, result.edits), expected);
}

function checkRefused(marked: string, newName: string, reason: RegExp): void {
  const { snapshot, offset } = markedText(marked);
  const result = rename(snapshot, offset, newName);
  assert.match(result.ok ? 'renamed' : result.reason, reason);
}

describe('definition', () => {
  test('of a step', () => checkDefinition('WITH «s» AS (SELECT a FROM i) SELECT a FROM s$0'));
  test('of an alias', () => checkDefinition('SELECT c$0.a FROM cars «c»'));
  test('of a column with an alias', () => checkDefinition('WITH s AS (SELECT a + 1 AS «n» FROM i) SELECT s.n$0 FROM s'));
  test('of a column without an alias', () => checkDefinition('WITH s AS (SELECT i.«a» FROM i) SELECT a$0 FROM s'));
  test('of a column that came through a star', () =>
    checkDefinition('WITH s AS (SELECT 1 AS «n» FROM i), u AS (SELECT * FROM s) SELECT n$0 FROM u'));
  test('of a column of a UNION', () =>
    checkDefinition('WITH s AS (SELECT 1 AS «n» FROM i UNION SELECT 2 AS «n» FROM j) SELECT n$0 FROM s'));
  test('of a field of a record made of an event', () =>
    checkDefinition(
      'WITH s AS (SELECT 1 AS «n» FROM i), u AS (SELECT TopOne() OVER (ORDER BY n) AS top FROM s GROUP BY TumblingWindow(minute, 1)) SELECT top.n$0 FROM u',
    ));
  test('of an alias in HAVING', () =>
    checkDefinition('SELECT COUNT(*) AS «n» FROM i GROUP BY TumblingWindow(minute, 1) HAVING n$0 > 1'));
  test('of a declared column', () => checkDefinition('CREATE TABLE i («a» bigint) SELECT a$0 FROM i'));
  test('of a pattern variable', () =>
    checkDefinition(
      'SELECT * FROM i MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) MEASURES Last(A.v) AS v AFTER MATCH SKIP TO NEXT ROW PATTERN (A$0+) DEFINE «A» AS A.v > 1) AS m',
    ));
  test('of an input is in the job', () => {
    const { snapshot, offset } = markedText('SELECT a FROM i$0');
    assert.deepEqual(definition(snapshot, offset)?.external, { kind: 'input', name: 'i' });
  });
});

describe('references', () => {
  test('to a step, its name before dots too', () =>
    checkReferences('WITH «s$0» AS (SELECT a FROM i) SELECT «s».a, «S».b FROM «s» SELECT * FROM «[s]» x'));
  test('to an alias', () =>
    checkReferences(
      'SELECT «c$0».a, «c».* FROM cars «c» JOIN bikes b ON «C».k = b.k AND DATEDIFF(minute, «c», b) BETWEEN 0 AND 1 WHERE «c».x = 1',
    ));
  test('to a column', () =>
    checkReferences(
      'WITH s AS (SELECT 1 AS «n», n AS m FROM i) SELECT «n$0», s.«N» + 1 AS x FROM s WHERE «n» > 1 AND s.«[n]» < 3',
    ));
  test('to a field of an input', () =>
    checkReferences('SELECT «a$0», i.«a» AS b, a.a FROM i WHERE «A» = 1'.replace(', a.a', '')));
  test('to an output', () => checkReferences('SELECT a INTO «o$0» FROM i SELECT b INTO «o» FROM j'));
  test('to a function', () => checkReferences('SELECT «ABS$0»(a) AS a, «abs»(b) AS b FROM i'));
  test('nothing on white space', () => checkReferences('SELECT a  $0  FROM i'));
});

describe('rename', () => {
  test('a step', () =>
    checkRename(
      'WITH s$0 AS (SELECT a FROM i) SELECT s.a, S.b FROM s SELECT * FROM [s] x',
      'total',
      'WITH total AS (SELECT a FROM i) SELECT total.a, total.b FROM total SELECT * FROM [total] x',
    ));
  test('a step to a name that needs brackets', () =>
    checkRename(
      'WITH s$0 AS (SELECT a FROM i) SELECT a FROM s',
      'by hour',
      'WITH [by hour] AS (SELECT a FROM i) SELECT a FROM [by hour]',
    ));
  test('an alias to a reserved word', () => checkRename('SELECT c.a FROM cars c$0', 'end', 'SELECT [end].a FROM cars [end]'));
  test('a column keeps the names of what comes after it', () =>
    checkRename(
      'WITH s AS (SELECT x AS a$0 FROM i) SELECT a, a + 1 AS b FROM s WHERE s.a > 1',
      'n',
      'WITH s AS (SELECT x AS n FROM i) SELECT n AS a, n + 1 AS b FROM s WHERE s.n > 1',
    ));
  test('a column without an alias gets one', () =>
    checkRename(
      'WITH s AS (SELECT deviceId$0 FROM i) SELECT deviceId INTO o FROM s',
      'device',
      'WITH s AS (SELECT deviceId AS device FROM i) SELECT device AS deviceId INTO o FROM s',
    ));
  test('a column from where it is read', () =>
    checkRename(
      'WITH s AS (SELECT deviceId FROM i) SELECT deviceId$0 AS d INTO o FROM s',
      'device',
      'WITH s AS (SELECT deviceId AS device FROM i) SELECT device AS d INTO o FROM s',
    ));
  test('a column with brackets inside its name', () =>
    checkRename('SELECT x AS [a]]b]$0 INTO o FROM i', 'c]d', 'SELECT x AS [c]]d] INTO o FROM i'));
  test('a column of a UNION in every branch', () =>
    checkRename(
      'WITH s AS (SELECT n FROM i UNION SELECT k AS n FROM j) SELECT n$0 + 1 AS m FROM s',
      'x',
      'WITH s AS (SELECT n AS x FROM i UNION SELECT k AS x FROM j) SELECT x + 1 AS m FROM s',
    ));
  test('an alias that HAVING reads', () =>
    checkRename(
      'SELECT COUNT(*) AS n FROM i GROUP BY TumblingWindow(minute, 1) HAVING n$0 > 1',
      'count',
      'SELECT COUNT(*) AS count FROM i GROUP BY TumblingWindow(minute, 1) HAVING count > 1',
    ));
  test('what the job names is refused', () => {
    checkRefused('SELECT a FROM i$0', 'j', /input: rename it in the job/);
    checkRefused('SELECT a INTO o$0 FROM i', 'j', /output: rename it in the job/);
    checkRefused('SELECT udf.f$0(a) AS b FROM i', 'g', /function of the job/);
    checkRefused('SELECT ABS$0(a) AS b FROM i', 'g', /part of the language/);
    checkRefused('SELECT a AS b FROM i WHERE x$0 = 1', 'y', /field of the events/);
    checkRefused('SELECT e.ArrayValue$0 AS v FROM i CROSS APPLY GetArrayElements(a) AS e', 'y', /named by the language/);
    checkRefused('SELECT$0 a FROM i', 'y', /nothing here/);
  });
  test('names that are taken are refused', () => {
    checkRefused('WITH s$0 AS (SELECT a FROM i), u AS (SELECT a FROM s) SELECT a FROM u', 'U', /taken/);
    checkRefused('WITH s AS (SELECT x AS a$0, y AS b FROM i) SELECT a AS c FROM s', 'b', /taken/);
    checkRefused('SELECT l.a FROM one l$0 JOIN two r ON l.k = r.k AND DATEDIFF(minute, l, r) BETWEEN 0 AND 1', 'r', /taken/);
    checkRefused('WITH s$0 AS (SELECT a FROM i) SELECT a FROM s SELECT b FROM i', 'i', /taken/);
    checkRefused('WITH s$0 AS (SELECT a FROM i) SELECT a FROM s', ' ', /not empty/);
  });
});

describe('laws over the corpus', () => {
  for (const { name, text } of corpus) {
    test(name, () => {
      const { snapshot } = markedText(text);
      for (const { span } of snapshot.occurrences.all) {
        const target = prepareRename(snapshot, span.start);
        if (!target.ok) continue;
        const result = rename(snapshot, span.start, 'renamed thing');
        assert.ok(result.ok, `${target.name}: ${result.ok ? '' : result.reason}`);
        const after = analyze(parse(applyEdits(text, result.edits)));
        assert.deepEqual(
          after.diagnostics.filter(({ severity }) => severity === 'error'),
          [],
          target.name,
        );
      }
    });
  }
});
