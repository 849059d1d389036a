/** No false errors: valid queries, as the reference and the articles write them, give no error at any compatibility level. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, type CompatibilityLevel, type Diagnostic, functionCatalogue, parse, unknownJob } from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { samples } from '../support/samples.ts';

const levels: readonly CompatibilityLevel[] = ['1.0', '1.1', '1.2'];

function errorsOf(query: string): readonly string[] {
  const parsed = parse(query);
  const found: readonly Diagnostic[] = levels.flatMap(
    (compatibilityLevel) => analyze(parsed, { ...unknownJob, compatibilityLevel }).diagnostics,
  );
  return [...new Set(found.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`))];
}

test('there are many, with every function among them', () => {
  assert.ok(samples.length >= 180, String(samples.length));
  const text = samples.map(({ query }) => query.toLowerCase()).join('\n');
  const unused = functionCatalogue.filter(({ name }) => !new RegExp(`\\b${name.toLowerCase()}\\b`).test(text));
  assert.deepEqual(
    unused.map(({ name }) => name),
    [],
  );
});

describe('samples', () => {
  for (const [index, { page, query }] of samples.entries())
    test(`${index + 1} ${page}`, () => assert.deepEqual(errorsOf(query), [], query));
});

describe('documented examples', () => {
  for (const { name, text } of corpus) test(name, () => assert.deepEqual(errorsOf(text), []));
});
