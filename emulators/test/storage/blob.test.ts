// The Blob SDK against the emulator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ContainerClient } from '@azure/storage-blob';
import { all, failure, startForFile, textOf } from './storage-under-test.ts';

const storage = await startForFile();

async function container(name: string): Promise<ContainerClient> {
  const client = storage.blobs.getContainerClient(name);
  await client.create();
  return client;
}

async function read(client: ContainerClient, name: string): Promise<string> {
  return textOf((await client.getBlobClient(name).download()).readableStreamBody);
}

test('block blobs in one piece, with headers, metadata and conditions', async () => {
  const blobs = await container('whole');
  const blob = blobs.getBlockBlobClient('dir/äöü and space.txt');
  const put = await blob.upload('hello', 5, { metadata: { Key: 'v' }, blobHTTPHeaders: { blobContentType: 'text/plain' } });
  assert.equal(readFileSync(join(storage.dataDir, 'whole', 'dir', 'äöü and space.txt'), 'utf8'), 'hello');
  const properties = await blob.getProperties();
  assert.deepEqual([properties.contentType, properties.contentLength, properties.etag], ['text/plain', 5, put.etag]);
  assert.equal(properties.metadata?.key, 'v');
  assert.equal(await textOf((await blob.download(1, 3)).readableStreamBody), 'ell');
  assert.equal((await failure(blob.upload('x', 1, { conditions: { ifNoneMatch: '*' } }))).code, 'BlobAlreadyExists');
  assert.equal((await failure(blob.setMetadata({}, { conditions: { ifMatch: '"0x1"' } }))).code, 'ConditionNotMet');
  await blob.setHTTPHeaders({ blobContentType: 'a/b' });
  assert.equal((await blob.getProperties()).contentType, 'a/b');
  await blob.delete();
  assert.equal((await failure(blob.getProperties())).status, 404);
  assert.equal((await failure(blob.download())).code, 'BlobNotFound');
  assert.equal(
    (await failure(storage.blobs.getContainerClient('none').getBlockBlobClient('b').upload('', 0))).code,
    'ContainerNotFound',
  );
});

test('block lists: order, reuse, appending, mistakes', async () => {
  const blobs = await container('blocks');
  const blob = blobs.getBlockBlobClient('b');
  const id = (n: number) => Buffer.from(`block-${n}`).toString('base64');
  for (const n of [1, 2, 3]) await blob.stageBlock(id(n), `<${n}>`, 3);
  assert.equal(await blob.exists(), false);
  assert.equal((await blob.getBlockList('uncommitted')).uncommittedBlocks?.length, 3);
  await blob.commitBlockList([id(2), id(1)]);
  assert.equal(await read(blobs, 'b'), '<2><1>');
  assert.equal((await failure(blob.commitBlockList([id(3)]))).code, 'InvalidBlockList');
  await blob.stageBlock(id(4), '<4>', 3);
  await blob.commitBlockList([id(2), id(1), id(4)]);
  assert.equal(await read(blobs, 'b'), '<2><1><4>');
  await blob.stageBlock(id(1), '<one>', 5);
  await blob.commitBlockList([id(4), id(1)]);
  assert.equal(await read(blobs, 'b'), '<4><one>');
  const list = await blob.getBlockList('all');
  assert.deepEqual(
    list.committedBlocks?.map((block) => [block.name, block.size]),
    [
      [id(4), 3],
      [id(1), 5],
    ],
  );
  const big = Buffer.alloc(5_000_000, '0123456789');
  await blob.uploadData(big, { blockSize: 1 << 20, maxSingleShotSize: 1 << 20, concurrency: 3 });
  assert.ok(big.equals(await blob.downloadToBuffer()));
});

test('append blobs grow, under their conditions', async () => {
  const blobs = await container('appending');
  const blob = blobs.getAppendBlobClient('log');
  await blob.create();
  assert.equal((await blob.appendBlock('one', 3)).blobAppendOffset, '0');
  const second = await blob.appendBlock('two', 3, { conditions: { appendPosition: 3 } });
  assert.deepEqual([second.blobAppendOffset, second.blobCommittedBlockCount], ['3', 2]);
  assert.equal(
    (await failure(blob.appendBlock('x', 1, { conditions: { appendPosition: 3 } }))).code,
    'AppendPositionConditionNotMet',
  );
  assert.equal(await read(blobs, 'log'), 'onetwo');
  await blob.seal();
  assert.equal((await failure(blob.appendBlock('x', 1))).code, 'BlobIsSealed');
});

test('listings: flat, by hierarchy, with metadata, by page', async () => {
  const blobs = await container('listed');
  for (const name of ['a/1', 'a/2', 'b', 'a-b', 'c/d/e'])
    await blobs.getBlockBlobClient(name).upload(name, name.length, { metadata: { n: name } });
  const names = async (prefix = '') => (await all(blobs.listBlobsFlat({ prefix }))).map((blob) => blob.name);
  assert.deepEqual(await names(), ['a-b', 'a/1', 'a/2', 'b', 'c/d/e']);
  assert.deepEqual(await names('a/'), ['a/1', 'a/2']);
  assert.deepEqual(await names('none'), []);
  assert.deepEqual(
    (await all(blobs.listBlobsFlat({ startFrom: 'a/2' }))).map((blob) => blob.name),
    ['a/2', 'b', 'c/d/e'],
  );
  const [first] = await all(blobs.listBlobsFlat({ includeMetadata: true, prefix: 'b' }));
  assert.deepEqual(first?.metadata, { n: 'b' });
  const levels = await all(blobs.listBlobsByHierarchy('/'));
  assert.deepEqual(levels.map((item) => `${item.kind}:${item.name}`).sort(), ['blob:a-b', 'blob:b', 'prefix:a/', 'prefix:c/']);
  const pages: number[] = [];
  for await (const page of blobs.listBlobsFlat().byPage({ maxPageSize: 2 })) pages.push(page.segment.blobItems.length);
  assert.deepEqual(pages, [2, 2, 1]);
  const other = await all(blobs.listBlobsByHierarchy('-'));
  assert.deepEqual(other.map((item) => item.name).sort(), ['a-', 'a/1', 'a/2', 'b', 'c/d/e']);
});

test('directories made by name are listed, those that merely hold blobs are not', async () => {
  const blobs = await container('hierarchy');
  await blobs.getBlockBlobClient('held/b').upload('x', 1);
  await blobs.getBlockBlobClient('marked').upload('', 0, { metadata: { hdi_isfolder: 'true', m: '1' } });
  await storage.lake.getFileSystemClient('hierarchy').getDirectoryClient('made').create();
  const listed = await all(blobs.listBlobsFlat({ includeMetadata: true }));
  assert.deepEqual(
    listed.map((blob) => [blob.name, { ...blob.metadata }]),
    [
      ['held/b', {}],
      ['made', { hdi_isfolder: 'true' }],
      ['marked', { m: '1', hdi_isfolder: 'true' }],
    ],
  );
  assert.equal((await failure(blobs.getBlobClient('held').delete())).code, 'DirectoryIsNotEmpty');
  await blobs.getBlobClient('made').delete();
});

test('copies within the account, and a batch of deletions', async () => {
  const blobs = await container('copies');
  const source = blobs.getBlockBlobClient('s');
  await source.upload('source', 6, { metadata: { m: '1' } });
  const copy = await (await blobs.getBlobClient('t/copy').beginCopyFromURL(source.url)).pollUntilDone();
  assert.equal(copy.copyStatus, 'success');
  assert.equal(await read(blobs, 't/copy'), 'source');
  await blobs.getBlockBlobClient('u').syncUploadFromURL(source.url);
  assert.deepEqual((await blobs.getBlobClient('u').getProperties()).metadata, { m: '1' });
  assert.equal((await failure(blobs.getBlobClient('v').syncCopyFromURL('http://127.0.0.2:1/x/y/z'))).status, 501);
  const answer = await storage.blobs
    .getBlobBatchClient()
    .deleteBlobs([source, blobs.getBlobClient('u'), blobs.getBlobClient('none')]);
  assert.deepEqual([answer.subResponsesSucceededCount, answer.subResponsesFailedCount], [2, 1]);
  assert.equal(answer.subResponses[2]?.errorCode, 'BlobNotFound');
  assert.deepEqual(
    (await all(blobs.listBlobsFlat())).map((blob) => blob.name),
    ['t/copy'],
  );
});

test('leases on blobs and containers', async () => {
  const blobs = await container('leased');
  const blob = blobs.getBlockBlobClient('b');
  await blob.upload('x', 1);
  const lease = blob.getBlobLeaseClient('11111111-1111-1111-1111-111111111111');
  await lease.acquireLease(15);
  assert.equal((await failure(blob.upload('y', 1))).code, 'LeaseIdMissing');
  assert.equal(
    (await failure(blob.getBlobLeaseClient('22222222-2222-2222-2222-222222222222').acquireLease(15))).code,
    'LeaseAlreadyPresent',
  );
  await blob.upload('y', 1, { conditions: { leaseId: lease.leaseId } });
  await lease.changeLease('33333333-3333-3333-3333-333333333333');
  await lease.breakLease(0);
  await blob.upload('z', 1);
  const whole = blobs.getBlobLeaseClient();
  await whole.acquireLease(-1);
  assert.equal((await failure(blobs.delete())).code, 'LeaseIdMissing');
  await whole.releaseLease();
  await blobs.delete();
});

test('account and service tell what they are, and refuse by name what they are not', async () => {
  assert.equal((await storage.blobs.getAccountInfo()).accountKind, 'StorageV2');
  assert.equal((await storage.blobs.getProperties()).deleteRetentionPolicy?.enabled, false);
  const blobs = await container('refused');
  const blob = blobs.getBlockBlobClient('b');
  await blob.upload('x', 1);
  const refusals: [() => Promise<unknown>, RegExp][] = [
    [() => blob.createSnapshot(), /comp=snapshot/],
    [() => blob.setTags({ a: 'b' }), /comp=tags/],
    [() => blob.withSnapshot('2020-01-01T00:00:00.0000000Z').download(), /the query parameter snapshot/],
    [() => blobs.getPageBlobClient('p').create(512), /page blobs/],
    [() => blob.setMetadata({}, { conditions: { tagConditions: "a = 'b'" } }), /the header x-ms-if-tags/],
    [() => blob.upload('x', 1, { tags: { a: 'b' } }), /the header x-ms-tags/],
    [() => blob.setAccessTier('Archive'), /Archive/],
    [() => all(blobs.listBlobsFlat({ includeUncommitedBlobs: true })), /include=uncommittedblobs/],
  ];
  for (const [call, named] of refusals) {
    const refusal = await failure(call());
    assert.deepEqual([refusal.status, refusal.code], [501, 'NotImplemented']);
    assert.match(refusal.message, named);
  }
  assert.equal((await failure(storage.blobs.getContainerClient('Not_A_Name').create())).code, 'InvalidResourceName');
});
