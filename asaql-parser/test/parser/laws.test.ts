/** Laws that hold for any text: a tree without exceptions, the text given back, spans that nest, comments that survive. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, parse, print } from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { hardTexts } from '../support/hard-texts.ts';
import { assertTree, shape } from '../support/laws.ts';

describe('laws over the corpus', () => {
  for (const { name, text } of corpus) {
    test(`${name}: no errors, and every prefix has a tree`, () => {
      const errors = analyze(parse(text)).diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
      assert.deepEqual(
        errors.map((error) => error.message),
        [],
      );
      for (let end = 0; end <= text.length; end += text.length > 800 ? 11 : 1) assertTree(text.slice(0, end));
    });
  }

  test('a comment in any gap survives and changes nothing', () => {
    for (const { text } of corpus) {
      const plain = parse(text);
      const starts = plain.tokens.filter((token) => token.kind !== 'whitespace').map((token) => token.span.start);
      for (let index = 0; index < starts.length; index += 5) {
        const at = starts[index]!;
        if (plain.tokens.some((token) => token.kind === 'comment' && token.span.start < at && at < token.span.end)) continue;
        const commented = parse(`${text.slice(0, at)}/* gap */${text.slice(at)}`);
        assert.ok(print(commented).includes('/* gap */'));
        assert.equal(commented.diagnostics.length, plain.diagnostics.length, `at ${at} of ${text.slice(0, 60)}`);
        assert.equal(shape(commented.script), shape(plain.script));
      }
    }
  });

  test('names are found whatever the case of keywords', () => {
    for (const { text } of corpus) {
      const result = parse(text);
      const lower = result.tokens.map((token) => (token.kind === 'keyword' ? token.text.toLowerCase() : token.text)).join('');
      assert.equal(shape(parse(lower).script).toLowerCase(), shape(result.script).toLowerCase());
    }
  });
});

describe('texts that are hard on a parser', () => {
  for (const [name, make] of Object.entries(hardTexts)) test(name, () => assertTree(make(25_000)));
});
