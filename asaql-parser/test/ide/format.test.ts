/** Formatting: what it looks like, that doing it twice changes nothing, and that it never changes what a query says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { format, parse } from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';

/** Words and signs, keywords in capitals. */
function words(text: string): string[] {
  return parse(text)
    .tokens.filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment')
    .map((token) => (token.kind === 'keyword' ? token.text.toUpperCase() : token.text));
}

function comments(text: string): string[] {
  return parse(text)
    .tokens.filter((token) => token.kind === 'comment')
    .map((token) => token.text.trimEnd())
    .sort();
}

function assertLaws(text: string): void {
  const formatted = format(text);
  assert.equal(format(formatted), formatted);
  assert.deepEqual(words(formatted), words(text));
  assert.deepEqual(comments(formatted), comments(text));
}

describe('laws', () => {
  for (const { name, text } of corpus) test(name, () => assertLaws(text));

  test('a comment in any gap survives', () => {
    for (const { text } of corpus) {
      const { tokens } = parse(text);
      for (let index = 0; index < tokens.length; index += 61) {
        const token = tokens[index]!;
        if (token.kind === 'comment') continue;
        for (const comment of ['/* gap */', '-- gap\n'])
          assertLaws(`${text.slice(0, token.span.start)}${comment}${text.slice(token.span.start)}`);
      }
    }
  });

  test('broken queries are never made worse', () => {
    const damaged = fc
      .record({ text: fc.constantFrom(...corpus.map((query) => query.text)), at: fc.nat(3000), cut: fc.nat(20) })
      .map(({ text, at, cut }) => text.slice(0, at % text.length) + text.slice((at % text.length) + cut));
    fc.assert(fc.property(damaged, assertLaws), { numRuns: 200 });
  });
});

test('texts that are hard to lay out are left alone or laid out, never an exception', () => {
  for (const text of [
    '('.repeat(20_000),
    `SELECT ${'CASE '.repeat(20_000)}`,
    `SELECT a${' + a'.repeat(5000)} FROM i`,
    'SELECT a FROM i;'.repeat(2000),
  ]) {
    const formatted = format(text);
    assert.equal(format(formatted), formatted);
  }
});

describe('layout', () => {
  const cases: { name: string; from: string; to: string }[] = [
    { name: 'a short query', from: 'select a,b from i where a=1', to: 'SELECT a, b\nFROM i\nWHERE a = 1\n' },
    {
      name: 'names keep their case, also those of keywords',
      from: 'select timestamp as Top, i.end from input timestamp by timestamp',
      to: 'SELECT timestamp AS Top, i.end\nFROM input TIMESTAMP BY timestamp\n',
    },
    {
      name: 'steps',
      from: 'with a as (select x from i), b as (select x from a) select x into o from b',
      to: 'WITH\n    a AS (\n        SELECT x\n        FROM i\n    ),\n    b AS (\n        SELECT x\n        FROM a\n    )\n\nSELECT x\nINTO o\nFROM b\n',
    },
    {
      name: 'signs and calls',
      from: 'SELECT - 1 AS m, a - -1 AS n, COUNT( * ) AS c, LEFT ( a , 2 ) AS l FROM i',
      to: 'SELECT -1 AS m, a - -1 AS n, COUNT(*) AS c, LEFT(a, 2) AS l\nFROM i\n',
    },
    {
      name: 'a sign before a sign is no comment',
      from: 'SELECT a FROM i WHERE a = - -1',
      to: 'SELECT a\nFROM i\nWHERE a = - -1\n',
    },
    {
      name: 'comments stay where they are',
      from: '-- head\nSELECT a, -- first\n/* second */ b\nFROM i -- last',
      to: '-- head\nSELECT\n    a, -- first\n    /* second */ b\nFROM i -- last\n',
    },
    {
      name: 'joins',
      from: 'select a.x from l a timestamp by t left outer join r b on a.k=b.k and datediff(minute,a,b) between 0 and 5',
      to: 'SELECT a.x\nFROM l a TIMESTAMP BY t\nLEFT OUTER JOIN r b ON a.k = b.k AND datediff(minute, a, b) BETWEEN 0 AND 5\n',
    },
    {
      name: 'windows keep the names of their arguments',
      from: 'select k from i group by k,TumblingWindow(Duration(minute,5),Offset(second,-1))',
      to: 'SELECT k\nFROM i\nGROUP BY k, TumblingWindow(Duration(minute, 5), Offset(second, -1))\n',
    },
    { name: 'nothing', from: ' \n ', to: '' },
    { name: 'only a comment', from: '\n-- note\n\n', to: '-- note\n' },
    { name: 'an open text is left alone', from: "select 'a from i", to: "select 'a from i" },
  ];
  for (const { name, from, to } of cases) test(name, () => assert.equal(format(from), to));
});
