// Any sequence of writes, appends, renames, deletions and restarts leaves what a simple map of names to texts would hold.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { all, type StorageUnderTest, startUnderTest, temporaryFolder, textOf } from './storage-under-test.ts';

type Step =
  | { do: 'put' | 'append' | 'blocks'; name: string; text: string }
  | { do: 'rename'; name: string; to: string }
  | { do: 'delete'; name: string }
  | { do: 'restart' };

const name = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/a', 'x-y', 'd.txt');
const text = fc.string({ maxLength: 20, unit: 'grapheme' });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('put', 'append', 'blocks'), name, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename'), name, to: name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), name }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' } as const) },
);

/** Does a step in the model; false where it cannot be done. */
function model(files: Map<string, string>, one: Step): boolean {
  if (one.do === 'restart') return true;
  const old = files.get(one.name);
  if (one.do === 'put' || one.do === 'blocks') files.set(one.name, one.text);
  else if (one.do === 'append') files.set(one.name, (old ?? '') + one.text);
  else if (old === undefined) return false;
  else {
    files.delete(one.name);
    if (one.do === 'rename') files.set(one.to, old);
  }
  return true;
}

async function perform(storage: StorageUnderTest, one: Step): Promise<void> {
  if (one.do === 'restart') return;
  const file = storage.lake.getFileSystemClient('data').getFileClient(one.name);
  const blob = storage.blobs.getContainerClient('data').getBlockBlobClient(one.name);
  if (one.do === 'put') await blob.upload(one.text, Buffer.byteLength(one.text));
  if (one.do === 'append') {
    await file.createIfNotExists();
    const length = (await file.getProperties()).contentLength ?? 0;
    const size = Buffer.byteLength(one.text);
    if (size > 0) await file.append(one.text, length, size);
    await file.flush(length + size);
  }
  if (one.do === 'blocks') {
    const parts = [...one.text];
    const ids = parts.map((_, n) => Buffer.from(String(n).padStart(4, '0')).toString('base64'));
    for (const [n, part] of parts.entries()) await blob.stageBlock(ids[n] ?? '', part, Buffer.byteLength(part));
    await blob.commitBlockList(ids);
  }
  if (one.do === 'rename') await file.move(one.to);
  if (one.do === 'delete') await file.delete();
}

/** Directories stand ready, since a rename wants them, and a file of the same name would be another story. */
async function ready(dataDir: string): Promise<StorageUnderTest> {
  const storage = await startUnderTest({ dataDir, filesystems: ['data'] });
  await storage.lake.getFileSystemClient('data').getDirectoryClient('d/e').createIfNotExists();
  return storage;
}

async function contents(storage: StorageUnderTest): Promise<Map<string, string>> {
  const container = storage.blobs.getContainerClient('data');
  const found = new Map<string, string>();
  for (const { name: path, isDirectory } of await all(storage.lake.getFileSystemClient('data').listPaths({ recursive: true }))) {
    if (path !== undefined && !isDirectory)
      found.set(path, await textOf((await container.getBlobClient(path).download()).readableStreamBody));
  }
  return found;
}

test('any sequence of operations leaves what a map would hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const dataDir = temporaryFolder();
      const files = new Map<string, string>();
      let storage = await ready(dataDir);
      try {
        for (const one of steps) {
          if (one.do === 'restart') {
            await storage.close();
            storage = await ready(dataDir);
          }
          const possible = model(files, one);
          if (possible) await perform(storage, one);
          else await assert.rejects(perform(storage, one), { statusCode: 404 });
        }
        assert.deepEqual(await contents(storage), new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
      } finally {
        await storage.close();
      }
      assert.deepEqual(readdirSync(join(dataDir, '.storage', 'staged')), []);
      assert.deepEqual(readdirSync(join(dataDir, '.storage', 'trash')), []);
    }),
    { seed: 20260115, numRuns: 25 },
  );
});
