// What depends on the time, with a clock that the test turns: leases, expiry, signatures, uncommitted data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { developmentAccount, developmentKey } from '../../src/storage/start-storage.ts';
import { all, failure, noRetries, startForFile, startUnderTest, temporaryFolder } from './storage-under-test.ts';

let nowMs = Date.UTC(2026, 0, 15, 10);
const storage = await startForFile({ filesystems: ['data'], now: () => nowMs });
const blobs = storage.blobs.getContainerClient('data');
const lake = storage.lake.getFileSystemClient('data');

test('a lease ends by itself, and a break waits', async () => {
  const blob = blobs.getBlockBlobClient('leased');
  await blob.upload('x', 1);
  const lease = blob.getBlobLeaseClient();
  await lease.acquireLease(15);
  assert.equal((await failure(blob.upload('y', 1))).code, 'LeaseIdMissing');
  nowMs += 10_000;
  await lease.renewLease();
  nowMs += 14_000;
  assert.equal((await blob.getProperties()).leaseState, 'leased');
  nowMs += 1_000;
  assert.equal((await blob.getProperties()).leaseState, 'expired');
  await blob.upload('y', 1);
  await lease.renewLease();
  assert.equal((await lease.breakLease(5)).leaseTime, 5);
  assert.equal((await blob.getProperties()).leaseState, 'breaking');
  assert.equal((await failure(lease.renewLease())).code, 'LeaseIsBrokenAndCannotBeRenewed');
  nowMs += 5_000;
  assert.equal((await blob.getProperties()).leaseState, 'broken');
  const next = blob.getBlobLeaseClient();
  await next.acquireLease(-1);
  nowMs += 1e9;
  assert.equal((await failure(blob.delete())).code, 'LeaseIdMissing');
  await next.breakLease(0);
  await blob.delete();
});

test('a file is gone when its time is over', async () => {
  const file = lake.getFileClient('short');
  await file.create();
  await file.setExpiry('RelativeToNow', { timeToExpireInMs: 60_000 });
  nowMs += 59_999;
  assert.equal(await file.exists(), true);
  nowMs += 1;
  assert.deepEqual(await all(lake.listPaths({ recursive: true })), []);
  assert.equal(await file.exists(), false);
});

test('a signature holds from its start to its expiry', async () => {
  const key = new StorageSharedKeyCredential(developmentAccount, developmentKey);
  const permissions = ContainerSASPermissions.parse('l');
  const values = { containerName: 'data', permissions, startsOn: new Date(nowMs + 1_000), expiresOn: new Date(nowMs + 2_000) };
  const sas = generateBlobSASQueryParameters(values, key);
  const reader = new BlobServiceClient(`${storage.url}?${sas}`, undefined, noRetries).getContainerClient('data');
  assert.equal((await failure(all(reader.listBlobsFlat()))).code, 'AuthenticationFailed');
  nowMs += 1_000;
  assert.deepEqual(await all(reader.listBlobsFlat()), []);
  nowMs += 1_000;
  assert.equal((await failure(all(reader.listBlobsFlat()))).code, 'AuthenticationFailed');
});

test('conditions on the time of change', async () => {
  const blob = blobs.getBlockBlobClient('dated');
  const { lastModified } = await blob.upload('x', 1);
  assert.equal(lastModified?.getTime(), Math.floor(nowMs / 1000) * 1000);
  const since = new Date(nowMs);
  const before = new Date(nowMs - 10_000);
  assert.equal((await failure(blob.download(0, 1, { conditions: { ifModifiedSince: since } }))).status, 304);
  assert.equal((await failure(blob.setMetadata({}, { conditions: { ifUnmodifiedSince: before } }))).code, 'ConditionNotMet');
  await blob.setMetadata({}, { conditions: { ifUnmodifiedSince: since } });
});

test('uncommitted data is kept for a week', async () => {
  const dataDir = temporaryFolder();
  const start = () => startUnderTest({ dataDir, filesystems: ['data'], now: () => nowMs });
  let emulator = await start();
  await emulator.blobs.getContainerClient('data').getBlockBlobClient('b').stageBlock('AAAA', 'x', 1);
  await emulator.close();
  nowMs += 6 * 86_400_000;
  emulator = await start();
  assert.equal(
    (await emulator.blobs.getContainerClient('data').getBlockBlobClient('b').getBlockList('uncommitted')).uncommittedBlocks
      ?.length,
    1,
  );
  await emulator.close();
  nowMs += 2 * 86_400_000;
  emulator = await start();
  assert.equal(
    (await failure(emulator.blobs.getContainerClient('data').getBlockBlobClient('b').getBlockList('all'))).status,
    404,
  );
  await emulator.close();
});
