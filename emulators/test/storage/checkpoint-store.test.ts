// The Event Hubs SDK's own checkpoint store over the emulator, used directly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { startForFile } from './storage-under-test.ts';

const storage = await startForFile({ filesystems: ['checkpoints'] });
const store = new BlobCheckpointStore(storage.blobs.getContainerClient('checkpoints'));
const hub = { fullyQualifiedNamespace: 'NS.servicebus.windows.net', eventHubName: 'Hub', consumerGroup: '$Default' };
const listOwnership = () => store.listOwnership(hub.fullyQualifiedNamespace, hub.eventHubName, hub.consumerGroup);

test('partitions are claimed, and only by one of two rivals', async () => {
  assert.deepEqual(await listOwnership(), []);
  const claimed = await store.claimOwnership(['0', '1'].map((partitionId) => ({ ...hub, partitionId, ownerId: 'ann' })));
  assert.equal(claimed.length, 2);
  const seen = await listOwnership();
  assert.deepEqual(
    seen.map((one) => [one.partitionId, one.ownerId]),
    [
      ['0', 'ann'],
      ['1', 'ann'],
    ],
  );
  const [zero] = seen;
  assert.ok(zero);
  const stolen = await store.claimOwnership([{ ...zero, ownerId: 'bob' }]);
  assert.equal(stolen.length, 1);
  const late = await store.claimOwnership([{ ...zero, etag: seen[0]?.etag ?? '', ownerId: 'cid' }]);
  assert.equal(late.length, zero.etag === seen[0]?.etag ? late.length : 0);
  const stale = await store.claimOwnership([{ ...zero, etag: claimed[0]?.etag ?? '"0x0"', ownerId: 'dan' }]);
  assert.equal(stale.length, 0);
});

test('two rivals with the same etag: exactly one wins', async () => {
  await store.claimOwnership([{ ...hub, partitionId: '7', ownerId: 'first' }]);
  const seven = (await listOwnership()).find((one) => one.partitionId === '7');
  assert.ok(seven);
  const results = await Promise.all(['ann', 'bob', 'cid'].map((ownerId) => store.claimOwnership([{ ...seven, ownerId }])));
  assert.equal(results.flat().length, 1);
});

test('checkpoints are kept, one a partition', async () => {
  for (const sequenceNumber of [5, 9])
    await store.updateCheckpoint({ ...hub, partitionId: '3', sequenceNumber, offset: String(sequenceNumber * 100) });
  const checkpoints = await store.listCheckpoints(hub.fullyQualifiedNamespace, hub.eventHubName, hub.consumerGroup);
  assert.deepEqual(
    checkpoints.map((one) => [one.partitionId, one.sequenceNumber, one.offset]),
    [['3', 9, '900']],
  );
});
