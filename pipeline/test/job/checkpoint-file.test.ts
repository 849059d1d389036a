/** The job's checkpoint on disk: whole or not at all, and honest about damage. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CheckpointError, readCheckpoint, writeCheckpoint } from '../../src/job/checkpoint-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-checkpoint-'));
after(() => rmSync(folder, { recursive: true }));

test('is read as it was written', async () => {
  const path = join(folder, 'a', 'checkpoint.bin');
  assert.equal(readCheckpoint(path), null);
  const state = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
  await writeCheckpoint(path, { queryHash: 'h', positions: { 0: 41, 1: -1 }, state });
  assert.deepEqual(readCheckpoint(path), { queryHash: 'h', positions: { 0: 41, 1: -1 }, state });
  await writeCheckpoint(path, { queryHash: 'h', positions: { 0: 42 }, state: null });
  assert.deepEqual(readCheckpoint(path), { queryHash: 'h', positions: { 0: 42 }, state: null });
});

test('one that is cut short or no checkpoint says what to do', async () => {
  const path = join(folder, 'b.bin');
  await writeCheckpoint(path, { queryHash: 'h', positions: {}, state: new Uint8Array(100) });
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  assert.throws(
    () => readCheckpoint(path),
    (error: Error) => error instanceof CheckpointError && /cut short: delete it/.test(error.message),
  );
  writeFileSync(path, 'nonsense');
  assert.throws(() => readCheckpoint(path), CheckpointError);
  writeFileSync(path, '{"format":2}\n');
  assert.throws(() => readCheckpoint(path), /format 2, this version reads 1/);
});
