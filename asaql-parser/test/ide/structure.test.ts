/** Outline, folding, selection, colours, hints, lenses, graph. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  codeLenses,
  createSnapshot,
  type DocumentSymbol,
  documentSymbols,
  foldingRanges,
  inlayHints,
  selectionRanges,
  semanticTokens,
  stepGraph,
} from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { markedText } from '../support/cursor.ts';

const query = `-- Totals of devices
-- by minute
CREATE TABLE readings (id bigint, value float)

WITH totals AS (
    SELECT id, SUM(value) AS total, COUNT(*) AS n
    FROM readings TIMESTAMP BY t
    GROUP BY id, TumblingWindow(minute, 1)
),
named AS (
    SELECT t.*, d.name
    FROM totals t
    LEFT JOIN devices d ON d.id = t.id AND DATEDIFF(minute, t, d) BETWEEN 0 AND 1
    WHERE t.total > 1
)
SELECT * INTO alerts FROM named
SELECT id INTO store FROM totals
`;
const snapshot = createSnapshot(query);

function outline(symbols: readonly DocumentSymbol[]): unknown[] {
  return symbols.map(({ name, kind, detail, children }) => [`${kind} ${name} ${detail}`.trim(), ...outline(children)]);
}

test('outline', () => {
  assert.deepEqual(outline(documentSymbols(snapshot)), [
    ['table readings CREATE TABLE', ['column id bigint'], ['column value float']],
    ['step totals step', ['column id bigint'], ['column total float'], ['column n bigint']],
    ['step named step', ['column t.*'], ['column name any']],
    ['output alerts output', ['column *']],
    ['output store output', ['column id bigint']],
  ]);
});

test('folding', () => {
  const folded = foldingRanges(snapshot).map(({ span, kind }) => {
    const start = snapshot.lines.positionOf(span.start).line;
    return `${kind} ${start}-${snapshot.lines.positionOf(span.end).line}`;
  });
  assert.deepEqual(folded, ['comment 1-2', 'code 5-15', 'code 6-8', 'code 10-15', 'code 11-14']);
});

test('selection grows', () => {
  const { snapshot: one, offset } = markedText('SELECT a + ABS(va$0lue) AS x FROM i WHERE b = 1');
  assert.deepEqual(
    selectionRanges(one, offset).map(({ start, end }) => one.text.slice(start, end)),
    ['value', 'ABS(value)', 'a + ABS(value)', 'a + ABS(value) AS x', one.text],
  );
});

test('colours', () => {
  const text =
    "SELECT t.id, udf.f(x) AS y, DATEADD(minute, 1, z) d INTO o FROM s t WHERE a = 'x' -- end\nGROUP BY TumblingWindow(Duration(minute, 5)), CAST(q AS float)";
  const colours = semanticTokens(createSnapshot(`WITH s AS (SELECT 1 AS id FROM i) ${text}`))
    .map(
      ({ span, type, definition }) =>
        `${`WITH s AS (SELECT 1 AS id FROM i) ${text}`.slice(span.start, span.end)}:${type}${definition ? '!' : ''}`,
    )
    .filter((entry) => !entry.endsWith(':keyword') && !entry.endsWith(':operator') && !entry.endsWith(':number'));
  assert.deepEqual(colours, [
    's:step!',
    'id:column!',
    'i:input',
    't:alias',
    'id:column',
    'udf:userFunction',
    'f:userFunction',
    'x:column',
    'y:column!',
    'DATEADD:function',
    'minute:unit',
    'z:column',
    'd:column!',
    'o:output',
    's:step',
    't:alias!',
    'a:column',
    "'x':string",
    '-- end:comment',
    'TumblingWindow:window',
    'Duration:window',
    'minute:unit',
    'q:column',
    'float:type',
  ]);
});

test('hints', () => {
  const shown = inlayHints(snapshot).map(({ offset, label }) => `${query.slice(0, offset).split(/[\s,]/).at(-1)}${label}`);
  assert.deepEqual(shown, ['id: bigint', 'total: float', 'n: bigint', 't.* 3 columns', '* 4 columns', 'id: bigint']);
  assert.deepEqual(inlayHints(snapshot, { start: 0, end: 10 }), []);
});

test('lenses', () => {
  assert.deepEqual(
    codeLenses(snapshot).map(({ kind, name, title }) => `${kind} ${name}: ${title}`),
    [
      'step totals: 3 columns · read by named, store',
      'step named: 4 columns · read by alerts',
      'output alerts: 4 columns · into alerts',
      'output store: 1 column · into store',
    ],
  );
});

test('graph', () => {
  const { nodes, edges } = stepGraph(snapshot);
  assert.deepEqual(
    nodes.map(({ id, traits }) => [id, ...traits]),
    [
      ['input:readings'],
      ['step:totals', 'tumbling 1 minute'],
      ['input:devices'],
      ['step:named', 'filter', 'left join'],
      ['output:alerts'],
      ['output:store'],
    ],
  );
  assert.deepEqual(
    edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`),
    [
      'input:readings from step:totals',
      'step:totals from step:named',
      'input:devices leftJoin step:named',
      'step:named from output:alerts',
      'step:totals from output:store',
    ],
  );
});

describe('laws over the corpus, whole and cut off', () => {
  for (const { name, text } of corpus) {
    test(name, () => {
      for (let end = text.length; end >= 0; end -= Math.max(7, Math.floor(text.length / 20))) {
        const one = createSnapshot(text.slice(0, end));
        const inside = ({ start, end: last }: { start: number; end: number }): void =>
          assert.ok(start >= 0 && start <= last && last <= end);
        const visit = (symbols: readonly DocumentSymbol[]): void => {
          for (const { span, nameSpan, children } of symbols) {
            inside(span);
            assert.ok(nameSpan.start >= span.start && nameSpan.end <= span.end, 'the name lies in its symbol');
            visit(children);
          }
        };
        visit(documentSymbols(one));
        for (const { span } of foldingRanges(one)) inside(span);
        for (const { span } of codeLenses(one)) inside(span);
        for (const { offset } of inlayHints(one)) inside({ start: offset, end: offset });
        let last = 0;
        for (const { span } of semanticTokens(one)) {
          inside(span);
          assert.ok(span.start >= last, 'tokens do not overlap');
          last = span.end;
        }
        const { nodes, edges } = stepGraph(one);
        const ids = new Set(nodes.map(({ id }) => id));
        for (const { from, to } of edges) assert.ok(ids.has(from) && ids.has(to), `${from} ${to}`);
        for (let offset = 0; offset <= end; offset += 13) for (const span of selectionRanges(one, offset)) inside(span);
      }
    });
  }
});
