/** Random and damaged texts: no feature throws, whatever the text and the place, and edits stay inside the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyEdits,
  codeActions,
  codeLenses,
  completion,
  createSnapshot,
  definition,
  documentSymbols,
  foldingRanges,
  hover,
  inlayHints,
  type JobDeclarations,
  prepareRename,
  references,
  rename,
  selectionRanges,
  semanticTokens,
  signatureHelp,
  stepGraph,
} from '../../src/index.ts';
import { damagedQueries, fuzzRuns, randomTokens } from '../support/random-texts.ts';

const job: JobDeclarations = {
  inputs: [{ name: 'input', kind: 'stream', columns: [{ name: 'a', type: { name: 'float' } }] }],
  outputs: [{ name: 'output' }],
  functions: [{ name: 'f', kind: 'scalar', parameterCount: 1 }],
  compatibilityLevel: '1.1',
};

function assertFeatures(text: string, place: number): void {
  const offset = text.length === 0 ? 0 : place % (text.length + 1);
  for (const declarations of [undefined, job]) {
    const snapshot = createSnapshot(text, declarations);
    const { replace } = completion(snapshot, offset);
    assert.ok(replace.start <= offset && replace.end === offset);
    hover(snapshot, offset, { nowMs: 1_700_000_000_000 });
    signatureHelp(snapshot, offset);
    definition(snapshot, offset);
    references(snapshot, offset);
    const target = prepareRename(snapshot, offset);
    const renamed = rename(snapshot, offset, 'an other');
    if (renamed.ok) {
      assert.ok(target.ok);
      applyEdits(text, renamed.edits);
    }
    selectionRanges(snapshot, offset);
    for (const feature of [documentSymbols, foldingRanges, semanticTokens, inlayHints, codeLenses, stepGraph]) feature(snapshot);
    for (const { edits } of codeActions(snapshot, { start: 0, end: text.length })) {
      for (const { span } of edits) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
      applyEdits(text, edits);
    }
  }
}

const numRuns = Math.ceil(fuzzRuns / 5);

test('random tokens', () => {
  fc.assert(fc.property(randomTokens, fc.nat(1000), assertFeatures), { numRuns });
});

test('random characters', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat(80), assertFeatures), { numRuns });
});

test('damaged queries', () => {
  fc.assert(fc.property(damagedQueries, fc.nat(5000), assertFeatures), { numRuns });
});
