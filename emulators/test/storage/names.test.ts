// Names: what becomes of odd ones on disk, and that none leads out of the folder.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskName, segmentOf } from '../../src/storage/disk/path-names.ts';
import { developmentAccount } from '../../src/storage/start-storage.ts';
import { all, failure, signedRequest, startForFile, textOf } from './storage-under-test.ts';

const storage = await startForFile({ filesystems: ['data'] });
const blobs = storage.blobs.getContainerClient('data');

const raw = (method: string, path: string, headers: Record<string, string> = {}) =>
  signedRequest(storage, method, path, { headers });

test('every segment comes back from disk as it went, and is a name that every file system takes', () => {
  const odd = [
    'a',
    '50%',
    '%41',
    '%2E',
    '100%25',
    'a:b',
    'con',
    'CON.txt',
    'console',
    'nul',
    'lpt1.x',
    'dot.',
    'space ',
    'q?*"<>|',
    'back\\slash',
    'é',
    '😀',
    '.hidden',
    'tab\t',
  ];
  for (const segment of odd) {
    const name = diskName(segment);
    assert.equal(segmentOf(name), segment);
    assert.doesNotMatch(name, /[<>:"|?*\\\t]|[. ]$|^(con|nul|lpt1)(\.|$)/i);
  }
  assert.equal(new Set(odd.map(diskName)).size, odd.length);
  assert.equal(diskName('2026-01-15 part.jsonl'), '2026-01-15 part.jsonl');
  assert.equal(segmentOf('stray%3Fname.'), undefined);
});

test('odd names go through the SDKs and back', async () => {
  const names = [
    '50% off.txt',
    'a%2Fb',
    'con',
    'what?.json',
    'plus+and&equals=',
    "quote's",
    'dot./space /x',
    '😀/é',
    'back\\slash',
  ];
  for (const name of names) await blobs.getBlockBlobClient(name).upload(name, Buffer.byteLength(name));
  const listed = (await all(blobs.listBlobsFlat())).map((blob) => blob.name);
  assert.deepEqual(new Set(listed), new Set(names));
  for (const name of names) assert.equal(await textOf((await blobs.getBlobClient(name).download()).readableStreamBody), name);
  const paths = (await all(storage.lake.getFileSystemClient('data').listPaths({ recursive: true }))).map((path) => path.name);
  assert.ok(paths.includes('a%2Fb'));
});

test('no name leads out of the folder', async () => {
  writeFileSync(join(storage.dataDir, 'outside.txt'), 'outside');
  const account = `/${developmentAccount}`;
  for (const path of [
    'data/../outside.txt',
    'data/%2e%2e/outside.txt',
    'data/..%2Foutside.txt',
    'data/x/%2e%2e/%2e%2e/outside.txt',
    '..%2F/outside.txt',
    '%2e%2e/outside.txt',
    '.storage/ledger.sqlite',
    'data/a%00b',
  ]) {
    const answer = await raw('GET', `${account}/${path}`);
    assert.ok(answer.status === 400 || answer.status === 404, `${path}: ${answer.status}`);
    assert.doesNotMatch(answer.body, /^outside/);
  }
  for (const source of ['/data/../outside.txt', '/data/..%2Foutside.txt', '/..%2Fx/outside.txt', '/.storage/ledger.sqlite']) {
    const answer = await raw('PUT', `${account}/data/stolen`, { 'x-ms-rename-source': source, 'content-length': '0' });
    assert.ok(answer.status === 400 || answer.status === 404, `${source}: ${answer.status}`);
  }
  for (const source of ['data/..%2Foutside.txt', '..%2F..%2Fetc/hostname', '.storage/ledger.sqlite']) {
    const answer = await raw('PUT', `${account}/data/copied`, {
      'x-ms-copy-source': `${storage.url}/${source}`,
      'content-length': '0',
    });
    assert.equal(answer.status, 404, source);
  }
  assert.equal(existsSync(join(storage.dataDir, 'outside.txt')), true);
  assert.equal(await blobs.getBlobClient('stolen').exists(), false);
  assert.deepEqual(readdirSync(storage.dataDir).sort(), ['.storage', 'data', 'outside.txt']);
});

test('a path through a file, one that is too long, an empty segment: refused', async () => {
  await blobs.getBlockBlobClient('file').upload('', 0);
  assert.equal((await failure(blobs.getBlockBlobClient('file/under').upload('', 0))).code, 'ResourceTypeMismatch');
  assert.equal((await failure(blobs.getBlockBlobClient('a'.repeat(300)).upload('', 0))).code, 'InvalidUri');
  assert.equal((await failure(blobs.getBlockBlobClient('a//b').upload('', 0))).code, 'InvalidUri');
  assert.deepEqual(await all(blobs.listBlobsFlat({ prefix: '../' })), []);
  assert.deepEqual(await all(blobs.listBlobsFlat({ prefix: '//' })), []);
});

test('a malformed request gets a clear answer', async () => {
  assert.equal((await raw('GET', `/${developmentAccount}/data/%E0%A4%A`)).status, 400);

  const unknown = await raw('GET', '/nobody/data/x');
  assert.match(unknown.body, /is not served here: this emulator holds .*devstoreaccount1/);
});
