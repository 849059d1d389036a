/** Random and damaged texts obey every law: tree, diagnostics, editor services, formatting. */
import { test } from 'node:test';
import fc from 'fast-check';
import { assertActions, assertFormatting, assertServices, assertTree } from './support/laws.ts';
import { fuzzRuns, fuzzSeed, textFamilies } from './support/random-texts.ts';

const families = Object.entries(textFamilies);

for (const [name, texts] of families) {
  test(name, () => {
    const law = fc.property(texts, fc.nat(10_000), (text, place) => {
      assertTree(text);
      assertServices(text, place);
      // These cost ten times as much as the rest: a share of the texts is enough.
      if (place % 8 === 0) assertActions(text);
      if (place % 4 === 0) assertFormatting(text);
    });
    fc.assert(law, { numRuns: Math.ceil(fuzzRuns / families.length), seed: fuzzSeed });
  });
}
