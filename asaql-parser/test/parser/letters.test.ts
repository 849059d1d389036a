/** Letters of every language make names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/index.ts';

test('every letter beyond ASCII starts a name', () => {
  const letters = /[\u00aa\u00b5\u00ba\u00c0-\u1fff\u2c00-\u2fef\u3005-\ud7ff\uf900-\ufdff\uff21-\uffdc]/;
  const blank = /\s/;
  const isWrong = (char: string): boolean => {
    const [token] = parse(char).tokens;
    return !blank.test(char) && (token?.kind === 'name') !== letters.test(char);
  };
  const wrong: number[] = [];
  for (let code = 0x80; code < 0x1_0000; code += 7) if (isWrong(String.fromCharCode(code))) wrong.push(code);
  assert.deepEqual(wrong, []);
});
