/** A line that is repeated is held back, others are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepeatedLines } from '../../src/up/repeated-lines.ts';

test('a repeated line is told once, and after a while with its count', () => {
  const lines = new RepeatedLines();
  assert.equal(lines.take('disk full', 0), 'disk full');
  assert.equal(lines.take('disk full', 10), null);
  assert.equal(lines.take('job ended', 20), 'job ended');
  assert.equal(lines.take('disk full', 29_999), null);
  assert.equal(lines.take('disk full', 30_000), 'disk full (and 2 times more before)');
  assert.equal(lines.take('disk full', 30_001), null);
  assert.equal(lines.take('job ended', 99_000), 'job ended');
});
