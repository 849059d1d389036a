/** Random tokens and random bytes: whatever they make, the parser and the checks give a tree and diagnostics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyze, parse, print } from '../../src/index.ts';
import { damagedQueries, fuzzRuns, randomTokens } from '../support/random-texts.ts';

function assertTree(text: string): void {
  const result = parse(text);
  assert.equal(print(result), text);
  analyze(result);
}

test('random tokens', () => {
  fc.assert(fc.property(randomTokens, assertTree), { numRuns: fuzzRuns });
});

test('random characters', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), assertTree), { numRuns: fuzzRuns });
});

test('good queries with something cut out and something put in', () => {
  fc.assert(fc.property(damagedQueries, assertTree), { numRuns: fuzzRuns });
});
