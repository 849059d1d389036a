/** Waiting for rows taken before a moment, while more keeps coming. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingRows } from '../../src/job/pending-rows.ts';

async function isSettled(promise: Promise<void>): Promise<boolean> {
  const pending = Symbol('pending');
  // A settled promise wins the race; the turns let its callbacks run.
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))])) !== pending;
}

test('settles at once when nothing is out', async () => {
  assert.equal(await isSettled(new PendingRows().settled()), true);
});

test('waits for what came before and not for what came after', async () => {
  const pending = new PendingRows();
  const first = pending.open();
  pending.add(first, 2);
  const settled = pending.settled();
  const second = pending.open();
  pending.add(second);
  pending.remove(first);
  assert.equal(await isSettled(settled), false);
  pending.remove(first);
  assert.equal(await isSettled(settled), true);
  assert.equal(pending.total, 1);
});

test('a row that a newer version overtakes is not waited for', async () => {
  const pending = new PendingRows();
  const older = pending.open();
  pending.add(older);
  const settled = pending.settled();
  const newer = pending.open();
  pending.remove(older);
  pending.add(newer);
  assert.equal(await isSettled(settled), true);
  assert.equal(await isSettled(pending.settled()), false);
});
