/** The grammar itself, and trees of single constructs. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Expression, ExpressionItem, Query, QuerySpecification } from '../../src/index.ts';
import { parse } from '../../src/index.ts';
import { ScriptGrammar } from '../../src/parser/script-grammar.ts';

function selectOf(text: string): QuerySpecification {
  const result = parse(text);
  assert.deepEqual(
    result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error'),
    [],
  );
  const body = (result.script.statements[0] as Query).selects[0]?.body;
  assert.equal(body?.kind, 'select');
  return body as QuerySpecification;
}

/** An expression with all its parentheses. */
function grouped(node: Expression): string {
  switch (node.kind) {
    case 'binary':
      return `(${grouped(node.left)} ${node.operator} ${grouped(node.right)})`;
    case 'unary':
      return `${node.operator}(${grouped(node.operand)})`;
    case 'parenthesized':
      return grouped(node.expression);
    case 'path':
      return node.parts.map((part) => part.text).join('.');
    case 'number':
      return node.text;
    case 'between':
      return `(${grouped(node.operand)} between ${grouped(node.low)} and ${grouped(node.high)})`;
    default:
      return node.kind;
  }
}

test('chevrotain finds nothing wrong with the grammar', () => {
  assert.doesNotThrow(() => new ScriptGrammar(false));
});

describe('precedence', () => {
  const cases: Record<string, string> = {
    'a + b * c = d': '((a + (b * c)) = d)',
    'a - b - c = 0': '(((a - b) - c) = 0)',
    'a + b & c = 0': '(((a + b) & c) = 0)',
    'a = 1 OR b = 2 AND c = 3': '((a = 1) or ((b = 2) and (c = 3)))',
    'NOT a = 1 AND b = 2': '(not((a = 1)) and (b = 2))',
    'a BETWEEN 1 AND 2 AND b = 3': '((a between 1 and 2) and (b = 3))',
    '(a + b) * -c !< 1': '(((a + b) * -(c)) >= 1)',
  };
  for (const [text, expected] of Object.entries(cases)) {
    test(text, () => assert.equal(grouped(selectOf(`SELECT x FROM y WHERE ${text}`).where!), expected));
  }
});

describe('constructs', () => {
  const item = (text: string): ExpressionItem => selectOf(`SELECT ${text} FROM x`).items[0] as ExpressionItem;

  test('aliases with AS, without, before =, and as a text', () => {
    assert.equal(item('a AS b').alias?.text, 'b');
    assert.equal(item('a b').alias?.text, 'b');
    assert.equal(item('b = a').alias?.text, 'b');
    assert.equal(item("a AS 'b c'").alias?.quoting, 'string');
    assert.equal(item('a [b ]] c]').alias?.text, 'b ] c');
  });

  test('numeric keys in brackets are names, not indexes', () => {
    const { expression } = item('rules.filter.[0].value AS v');
    assert.deepEqual(expression.kind === 'path' && expression.parts.map((part) => part.text), ['rules', 'filter', '0', 'value']);
  });

  test('System.Timestamp with and without parentheses is a call', () => {
    for (const text of ['System.Timestamp', 'SYSTEM.TIMESTAMP()']) {
      const { expression } = item(`${text} AS t`);
      assert.ok(expression.kind === 'call' && expression.prefix === 'system');
    }
  });

  test('COUNT(DISTINCT x), and a column named distinct', () => {
    const counted = item('COUNT(DISTINCT x)').expression;
    assert.ok(counted.kind === 'call' && counted.distinct && counted.arguments.length === 1);
    const named = item('COUNT(distinct)').expression;
    assert.ok(named.kind === 'call' && !named.distinct);
  });

  test('short and long forms of windows', () => {
    const windowOf = (text: string) => selectOf(`SELECT k FROM x GROUP BY k, ${text}`).groupBy?.items[1];
    const short = windowOf('HoppingWindow(minute, 10, 5)');
    const long = windowOf('hopping(Duration(mi, 10), Hop(second, 300), Offset(millisecond, -1))');
    assert.ok(short?.kind === 'window' && short.size?.amount === 10 && short.hop?.amount === 5 && short.offset === null);
    assert.ok(
      long?.kind === 'window' && long.size?.unit === 'minute' && long.hop?.unit === 'second' && long.offset?.amount === -1,
    );
    const session = windowOf('SessionWindow(Timeout(second, 5), MaxDuration(minute, 1)) OVER (PARTITION BY k)');
    assert.ok(
      session?.kind === 'window' &&
        session.size?.amount === 5 &&
        session.maxDuration?.unit === 'minute' &&
        session.partitionBy.length === 1,
    );
    const several = windowOf("Windows(Window('a', Tumbling(minute, 1)), Window('b', System.Timestamp()))");
    assert.ok(
      several?.kind === 'windows' && several.windows[0]?.id === 'a' && several.windows[1]?.window.windowKind === 'snapshot',
    );
  });

  test('joins, APPLY and MATCH_RECOGNIZE', () => {
    const { from } = selectOf(
      'SELECT a.x FROM i a TIMESTAMP BY t LEFT JOIN j b ON a.k = b.k INNER JOIN r ON r.k = a.k OUTER APPLY GetArrayElements(a.l) AS e',
    );
    assert.deepEqual(
      from?.joins.map((join) => join.type),
      ['left', 'inner', 'outer'],
    );
    const matched = selectOf(
      'SELECT * FROM i TIMESTAMP BY t MATCH_RECOGNIZE (LIMIT DURATION(minute, 1) PARTITION BY k MEASURES Last(A.v) AS v AFTER MATCH SKIP TO NEXT ROW PATTERN (A+ (B | .)? C{2,4}) DEFINE A AS A.v > 1, B AS B.v > 2, C AS C.v > 3) AS m',
    ).from?.matchRecognize;
    assert.ok(matched?.pattern?.kind === 'patternSequence' && matched.pattern.parts.length === 3);
    const counted = matched.pattern.parts[2];
    assert.ok(counted?.kind === 'patternRepeat' && counted.min === 2 && counted.max === 4);
  });

  test('contextual keywords stay usable as names', () => {
    const { from } = selectOf('SELECT limit, duration, partition, top, [order] FROM output TIMESTAMP BY timestamp');
    assert.ok(from?.source.kind === 'source' && from.source.alias === null && from.source.timestampBy !== null);
  });

  test('what is broken keeps its good parts', () => {
    const { script, diagnostics } = parse('SELECT a, b. FROM i WHERE x = GROUP BY k, TumblingWindow(second, 10)');
    const body = (script.statements[0] as Query).selects[0]?.body as QuerySpecification;
    assert.equal(diagnostics.length, 2);
    assert.equal(body.items.length, 2);
    assert.equal(body.where?.kind, 'binary');
    assert.equal(body.groupBy?.items.length, 2);
  });
});
