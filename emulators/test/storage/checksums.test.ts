// Checksums that clients send and ask for: MD5, CRC-64, and structured bodies, through both SDKs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Crc64 } from '../../src/storage/crc64.ts';
import { decodeStructured, encodeStructured, structuredLength } from '../../src/storage/structured-body.ts';
import { failure, startForFile, textOf } from './storage-under-test.ts';

const storage = await startForFile({ filesystems: ['data'] });
const blobs = storage.blobs.getContainerClient('data');
const lake = storage.lake.getFileSystemClient('data');
const big = Buffer.alloc(9_500_001, 'the quick brown fox ');

function crc64(bytes: Uint8Array): Buffer {
  const crc = new Crc64();
  crc.update(bytes);
  return crc.digest();
}

test('the CRC is CRC-64/NVME', () => {
  assert.equal(crc64(Buffer.from('123456789')).readBigUInt64LE(0), 0xae8b14860a799888n);
});

test('a wrong checksum is refused and changes nothing', async () => {
  const blob = blobs.getBlockBlobClient('sums');
  const right = createHash('md5').update('abc').digest();
  const wrong = createHash('md5').update('xyz').digest();
  const id = Buffer.from('1').toString('base64');
  await blob.stageBlock(id, 'abc', 3, { transactionalContentMD5: right });
  assert.equal((await failure(blob.stageBlock(id, 'abc', 3, { transactionalContentMD5: wrong }))).code, 'Md5Mismatch');
  await blob.stageBlock(id, 'abc', 3, { transactionalContentCrc64: crc64(Buffer.from('abc')) });
  assert.equal(
    (await failure(blob.stageBlock(id, 'abc', 3, { transactionalContentCrc64: crc64(Buffer.from('x')) }))).code,
    'Crc64Mismatch',
  );
  await blob.commitBlockList([id]);
  const part = await blob.download(1, 2, { rangeGetContentMD5: true });
  assert.deepEqual(Buffer.from(part.contentMD5 ?? []), createHash('md5').update('bc').digest());
  await textOf(part.readableStreamBody);
});

test('bodies checked by CRC-64 go up and down', async () => {
  const checked = { contentChecksumAlgorithm: 'StorageCrc64' } as const;
  const blob = blobs.getBlockBlobClient('big');
  await blob.upload(big, big.length, checked);
  assert.ok(big.equals(Buffer.from(await textOf((await blob.download(0, undefined, checked)).readableStreamBody))));
  assert.equal(await textOf((await blob.download(4, 5, checked)).readableStreamBody), 'quick');
  const file = lake.getFileClient('checked');
  await file.create();
  await file.append('hello', 0, 5, checked);
  await file.flush(5);
  assert.equal(await textOf((await file.read(0, undefined, checked)).readableStreamBody), 'hello');
});

test('a structured body with a flipped bit or cut short is refused', async () => {
  const place = join(storage.dataDir, 'data', 'source');
  writeFileSync(place, big);
  const fd = openSync(place, 'r');
  const parts: Uint8Array[] = [];
  for await (const part of encodeStructured({ fd, start: 0, size: big.length })) parts.push(part);
  assert.throws(() => closeSync(fd), /EBADF/);
  const encoded = Buffer.concat(parts);
  assert.equal(encoded.length, structuredLength(big.length));
  const decode = async (bytes: Buffer) => {
    const chunks: Uint8Array[] = [];
    const source = (async function* () {
      for (let at = 0; at < bytes.length; at += 65_537) yield bytes.subarray(at, at + 65_537);
    })();
    for await (const chunk of decodeStructured(source)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  assert.ok(big.equals(await decode(encoded)));
  const flipped = Buffer.from(encoded);
  flipped[5_000_000] = (flipped[5_000_000] ?? 0) ^ 1;
  await assert.rejects(decode(flipped), { code: 'Crc64Mismatch' });
  await assert.rejects(decode(encoded.subarray(0, -1)), { code: 'InvalidInput' });
  await assert.rejects(decode(Buffer.concat([encoded, Buffer.from('x')])), { code: 'InvalidInput' });
});
