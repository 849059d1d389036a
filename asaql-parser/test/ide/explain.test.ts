/** Hover and signature help, as texts with marks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSnapshot, hover, type JobDeclarations, signatureHelp } from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { markedText } from '../support/cursor.ts';

const job: JobDeclarations = {
  inputs: null,
  outputs: [{ name: 'store', neededColumns: [{ name: 'id', role: 'document id' }] }],
  functions: [{ name: 'score', kind: 'scalar', parameterCount: 2 }],
  compatibilityLevel: '1.2',
};
const nowMs = Date.parse('2024-05-01T12:03:00Z');

/** The span is marked, the contents match. */
function checkHover(marked: string, ...patterns: readonly RegExp[]): void {
  const { snapshot, offset, spans } = markedText(marked, job);
  const found = hover(snapshot, offset, { nowMs });
  assert.ok(found !== null, 'nothing to show');
  if (spans[0] !== undefined) assert.deepEqual(found.span, spans[0]);
  for (const pattern of patterns) assert.match(found.contents, pattern);
}

describe('hover', () => {
  test('a function with its signature and page', () =>
    checkHover(
      'SELECT «SUB$0STRING»(a, 1, 2) AS b FROM i',
      /SUBSTRING\(expression, start, length\)/,
      /part of a text/,
      /learn\.microsoft\.com/,
    ));
  test('a function of the job', () =>
    checkHover('SELECT udf.«sc$0ore»(a, b) AS b FROM i', /A function of the job\. It takes 2 arguments/));
  test('a step with its columns', () =>
    checkHover('WITH «s$0» AS (SELECT 1 AS one, a FROM i) SELECT one FROM s', /step, named 1 time/, /one: bigint\na: any/));
  test('a column with its type', () =>
    checkHover('WITH s AS (SELECT 1.5 AS x FROM i) SELECT s.«x$0» FROM s', /x: float/, /column of step s/));
  test('a field of events', () => checkHover('SELECT «a$0» FROM i', /a: any/));
  test('an output and what it needs', () =>
    checkHover('SELECT id INTO «store$0» FROM i', /output/, /id \(document id\)/, /id: any/));
  test('an alias', () => checkHover('SELECT «c$0».a FROM cars c', /alias of input cars/));
  test('a tumbling window with its next boundaries', () =>
    checkHover(
      'SELECT COUNT(*) AS n FROM i GROUP BY «Tumbling$0Window(minute, 5)»',
      /each 5 minutes long/,
      /\(2024-05-01T12:00:00Z, 2024-05-01T12:05:00Z\], \(2024-05-01T12:05:00Z, 2024-05-01T12:10:00Z\], \(2024-05-01T12:10:00Z, 2024-05-01T12:15:00Z\]/,
    ));
  test('an offset moves the boundaries', () =>
    checkHover(
      'SELECT COUNT(*) AS n FROM i GROUP BY «Tumbling$0Window(Duration(hour, 24), Offset(hour, -4))»',
      /\(2024-04-30T20:00:00Z, 2024-05-01T20:00:00Z\]/,
    ));
  test('a hopping window', () =>
    checkHover(
      'SELECT COUNT(*) AS n FROM i GROUP BY «Hopping$0Window(minute, 10, 2)»',
      /belongs to 5 of them/,
      /\(2024-05-01T11:54:00Z, 2024-05-01T12:04:00Z\]/,
    ));
  test('a sliding window', () =>
    checkHover(
      'SELECT COUNT(*) AS n FROM i GROUP BY «Sliding$0Window(second, 10)»',
      /enters or leaves/,
      /leaves at 2024-05-01T12:03:10Z/,
    ));
  test('a session window', () =>
    checkHover(
      'SELECT COUNT(*) AS n FROM i GROUP BY «Session$0Window(minute, 5, 60)»',
      /Looked at next at 2024-05-01T13:00:00Z, 2024-05-01T14:00:00Z/,
    ));
  test('several windows', () =>
    checkHover(
      "SELECT COUNT(*) AS n FROM i GROUP BY Win$0dows(Window('a', TumblingWindow(minute, 1)), Window('b', TumblingWindow(hour, 1)))",
      /\*\*a\*\*/,
      /1 hour long/,
    ));
  test('a size', () => checkHover('SELECT COUNT(*) AS n FROM i GROUP BY TumblingWindow(«minute, 5$0»)', /^5 minutes$/));
  test('a cast', () => checkHover('SELECT «TRY$0_CAST»(a AS float) AS b FROM i', /NULL if that is not possible/));
  test('the type of an expression', () => checkHover('SELECT «1 +$0 1.5» AS b FROM i', /float/));
  test('no boundaries without a time', () => {
    const { snapshot, offset } = markedText('SELECT COUNT(*) AS n FROM i GROUP BY Tumbling$0Window(minute, 5)');
    assert.doesNotMatch(hover(snapshot, offset)?.contents ?? '', /Next/);
  });
  test('nothing on keywords', () => {
    const { snapshot, offset } = markedText('SEL$0ECT a FROM i');
    assert.equal(hover(snapshot, offset), null);
  });
});

/** The active parameter is written in braces in the expected label. */
function checkSignature(marked: string, expected: string | null): void {
  const { snapshot, offset } = markedText(marked, job);
  const help = signatureHelp(snapshot, offset);
  const active = help?.signatures[help.activeSignature];
  const span = active?.parameters[help?.activeParameter ?? 0];
  const label = active?.label ?? null;
  assert.equal(
    label === null || span === undefined
      ? label
      : `${label.slice(0, span.start)}{${label.slice(span.start, span.end)}}${label.slice(span.end)}`,
    expected,
  );
}

describe('signature help', () => {
  test('first argument', () => checkSignature('SELECT SUBSTRING($0', 'SUBSTRING({expression}, start, length)'));
  test('third argument', () =>
    checkSignature('SELECT SUBSTRING(a, f(1, 2), $0) FROM i', 'SUBSTRING(expression, start, {length})'));
  test('inside parentheses', () => checkSignature('SELECT ROUND((a + $0', 'ROUND({numericExpression}, length)'));
  test('an optional argument', () =>
    checkSignature('SELECT CHARINDEX(a, b, $0', 'CHARINDEX(expressionToFind, expressionToSearch [, {start_location}])'));
  test('a repeated argument', () => checkSignature('SELECT CONCAT(a, b, c, d$0', 'CONCAT(value1, value2 [, {...n}])'));
  test('short form of a window', () =>
    checkSignature('SELECT a FROM i GROUP BY HoppingWindow(minute, $0', 'HoppingWindow(unit, {size}, hop [, offset])'));
  test('long form of a window', () =>
    checkSignature(
      'SELECT a FROM i GROUP BY HoppingWindow(Duration(minute, 5), $0',
      'HoppingWindow(Duration(unit, size), {Hop(unit, hop)} [, Offset(unit, n)])',
    ));
  test('inner call', () => checkSignature('SELECT a FROM i GROUP BY HoppingWindow(Duration($0', 'Duration({unit}, n)'));
  test('a function of the job', () => checkSignature('SELECT udf.score(a, $0', 'udf.score(argument1, {argument2})'));
  test('cast', () => checkSignature('SELECT TRY_CAST(a AS $0', 'TRY_CAST(expression AS {data_type})'));
  test('outside of calls', () => checkSignature('SELECT ABS(a)$0 FROM i', null));
  test('unknown functions', () => checkSignature('SELECT nothing($0', null));
});

test('every place of every query, whole or cut off there', () => {
  for (const { text } of corpus) {
    const whole = createSnapshot(text, job);
    for (let offset = 0; offset <= text.length; offset += text.length > 800 ? 7 : 2) {
      for (const snapshot of [whole, createSnapshot(text.slice(0, offset), job)]) {
        signatureHelp(snapshot, offset);
        const found = hover(snapshot, offset, { nowMs });
        assert.ok(found === null || (found.span.start <= offset && offset <= found.span.end), `${offset} of ${text}`);
      }
    }
  }
});
