/** Queries that people write in vain: one message each that says what to write instead, a tree, and a fix where there is one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { applyEdits, createSnapshot, fixesFor, type Node, parse, print, walk } from '../../src/index.ts';

interface Habit {
  readonly query: string;
  readonly finding: string;
  readonly fixed: string | null;
}

const text = readFileSync(join(import.meta.dirname, '../habits/written-in-vain.asaql'), 'utf8');
const habits: readonly Habit[] = text
  .split(/\n\n+/)
  .slice(1)
  .filter((block) => block.trim() !== '')
  .map((block) => {
    const lines = block.trim().split('\n');
    const query = lines.filter((line) => !/^-- (?:ASA\d{4} |= )/.test(line)).join('\n');
    const finding = lines.find((line) => line.startsWith('-- ASA'))?.slice(3) ?? '';
    const fixed = lines.find((line) => line.startsWith('-- = '))?.slice(5) ?? null;
    return { query, finding, fixed };
  });

function kindsIn(query: string): ReadonlySet<Node['kind']> {
  const kinds = new Set<Node['kind']>();
  walk(parse(query).script, (node) => {
    kinds.add(node.kind);
    return true;
  });
  return kinds;
}

test('there are many', () => {
  assert.ok(habits.length >= 200, String(habits.length));
});

describe('one finding, a tree, and a fix that mends it', () => {
  for (const { query, finding, fixed } of habits) {
    test(query, () => {
      const snapshot = createSnapshot(query);
      const found = snapshot.model.diagnostics;
      assert.deepEqual(
        found.map(({ code, message }) => `${code} ${message}`),
        [finding],
      );
      assert.equal(print(snapshot.parsed), query);
      const isSelect = /^(?:SELECT|WITH)\b/.test(query);
      assert.ok(kindsIn(query).has(isSelect ? 'select' : 'script'), 'nothing of it is in the tree');
      const [fix] = fixesFor(snapshot, found[0]!);
      assert.equal(fix === undefined ? null : applyEdits(query, fix.edits), fixed);
      if (fixed === null) return;
      const after = createSnapshot(fixed).model.diagnostics;
      const errors = after.filter(({ severity, span }) => severity === 'error' && !fixed.slice(span.start).startsWith('OFFSET'));
      assert.deepEqual(errors, []);
      assert.ok(!after.some(({ code, message }) => `${code} ${message}` === finding));
    });
  }
});
