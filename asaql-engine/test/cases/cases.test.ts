/**
 * Every case runs five ways to one result: straight; from a checkpoint after every batch; in other batch and step sizes;
 * in two halves, as on two threads; and, where time policies do not look at it, in another order of arrival.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { differenceOf } from './compare-rows.ts';
import { type Case, type RunOptions, runCase } from './run-case.ts';

/** The documented examples, then cases of our own for rules that no example shows. */
const cases = ['cases.jsonl', 'rules.jsonl'].flatMap((file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case),
);

/** Cases whose printed rows contradict the rule that the engine follows; semantics.md names each choice. */
const otherChoice = new Map([
  ['W02-hopping-10-5', 'the first and the last partial window are left out; the rule emits them (W02b)'],
  ['W08-hopping-topone-periodic', 'printed eight hours later than the data; time is UTC (W08b)'],
  ['D11b-session-gap-equals-timeout-W05-reading', 'a gap equal to the timeout closes the session; the formula keeps it open'],
  ['S14-match-recognize', 'one of the three matches is printed'],
]);

const straight: RunOptions = { batchRows: 1000, rowsPerStep: 8192, checkpoints: false };
const ways: { readonly [name: string]: RunOptions } = {
  straight,
  'with checkpoints': { batchRows: 1, rowsPerStep: 1, checkpoints: true },
  'in two halves': { batchRows: 3, rowsPerStep: 2, checkpoints: false, halves: true },
  'in small batches': { batchRows: 2, rowsPerStep: 1, checkpoints: false },
};

for (const one of cases) {
  const different = otherChoice.get(one.id);
  const compare = { prefix: one.expectedIsPrefix === true, unorderedArrays: one.unorderedArrays === true };
  test(`case ${one.id}${different === undefined ? '' : ` (chosen otherwise: ${different})`}`, () => {
    const first = runCase(one, straight);
    for (const [output, expected] of Object.entries(one.expected)) {
      const difference = differenceOf(first[output] ?? [], expected, compare);
      if (different === undefined) assert.equal(difference, null);
      else assert.notEqual(difference, null, 'The engine does as the case says: take it off the list.');
    }
    for (const [way, options] of Object.entries(ways))
      assert.deepEqual(sortedRows(runCase(one, options)), sortedRows(first), way);
    if (one.policy !== undefined || one.timestampBy === null) return;
    // Without policies rows are taken in order of event time, whatever the order in the file; ties may change places.
    const reversed = runCase(one, { ...straight, order: (events) => [...events].reverse() });
    for (const [output, expected] of Object.entries(one.expected)) {
      if (different === undefined)
        assert.equal(differenceOf(reversed[output] ?? [], expected, { ...compare, unorderedArrays: true }), null);
    }
  });
}

function sortedRows(outputs: ReturnType<typeof runCase>): unknown {
  return Object.fromEntries(
    Object.entries(outputs).map(([output, rows]) => [output, rows.map((row) => JSON.stringify(row)).sort()]),
  );
}
