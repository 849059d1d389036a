// The Data Lake SDK against the emulator: filesystems, directories, files, renames, listings, access control.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { all, failure, startForFile, textOf } from './storage-under-test.ts';

const storage = await startForFile({ filesystems: ['raw'] });

async function filesystem(name: string): Promise<DataLakeFileSystemClient> {
  const client = storage.lake.getFileSystemClient(name);
  await client.create();
  return client;
}

async function write(fs: DataLakeFileSystemClient, path: string, text: string): Promise<void> {
  const file = fs.getFileClient(path);
  await file.create();
  await file.append(text, 0, Buffer.byteLength(text));
  await file.flush(Buffer.byteLength(text));
}

test('filesystems are created, described, listed and deleted', async () => {
  const fs = storage.lake.getFileSystemClient('life');
  assert.equal(await fs.exists(), false);
  await fs.create({ metadata: { owner: 'ann' } });
  assert.equal((await failure(fs.create())).code, 'ContainerAlreadyExists');
  assert.equal((await fs.createIfNotExists()).succeeded, false);
  assert.deepEqual((await fs.getProperties()).metadata, { owner: 'ann' });
  await fs.setMetadata({ owner: 'bob' });
  assert.deepEqual((await fs.getProperties()).metadata, { owner: 'bob' });
  const names = (await all(storage.lake.listFileSystems({ prefix: 'li' }))).map((item) => item.name);
  assert.deepEqual(names, ['life']);
  await fs.delete();
  assert.equal(await fs.exists(), false);
  assert.equal((await failure(fs.delete())).status, 404);
  assert.equal(await storage.lake.getFileSystemClient('raw').exists(), true);
});

test('appended data is seen only when flushed, and lies in a plain file', async () => {
  const fs = await filesystem('appends');
  const file = fs.getFileClient('2026-01-15/10/events.jsonl');
  await file.create();
  const onDisk = join(storage.dataDir, 'appends', '2026-01-15', '10', 'events.jsonl');
  await file.append('one\n', 0, 4);
  assert.equal(readFileSync(onDisk, 'utf8'), '');
  await file.append('two\n', 4, 4);
  assert.equal((await file.getProperties()).contentLength, 0);
  const before = await file.getProperties();
  const flushed = await file.flush(8, { close: true });
  assert.notEqual(flushed.etag, before.etag);
  assert.equal(readFileSync(onDisk, 'utf8'), 'one\ntwo\n');
  await file.append('three\n', 8, 6, { flush: true });
  assert.equal(await textOf((await file.read()).readableStreamBody), 'one\ntwo\nthree\n');
  assert.equal(await textOf((await file.read(4, 3)).readableStreamBody), 'two');
});

test('a flush that leaves a gap is refused, out-of-order appends are put in order', async () => {
  const fs = await filesystem('gaps');
  const file = fs.getFileClient('f');
  await file.create();
  await file.append('def', 3, 3);
  assert.equal((await failure(file.flush(6))).code, 'InvalidFlushPosition');
  await file.append('abc', 0, 3);
  await file.flush(6);
  assert.equal(await textOf((await file.read()).readableStreamBody), 'abcdef');
  // A client that lost the answer sends both again, and nothing is doubled.
  await file.append('def', 3, 3);
  await file.flush(6);
  assert.equal(await textOf((await file.read()).readableStreamBody), 'abcdef');
});

test('uncommitted data beyond a flush is dropped, unless it is to be retained', async () => {
  const fs = await filesystem('retained');
  const file = fs.getFileClient('f');
  await file.create();
  await file.append('abc', 0, 3);
  await file.append('def', 3, 3);
  await file.flush(3, { retainUncommittedData: true });
  await file.flush(6);
  assert.equal(await textOf((await file.read()).readableStreamBody), 'abcdef');
  await file.append('ghi', 6, 3);
  await file.append('jkl', 9, 3);
  await file.flush(9);
  assert.equal((await failure(file.flush(12))).code, 'InvalidFlushPosition');
});

test('upload and download of a large body in parallel parts', async () => {
  const fs = await filesystem('large');
  const file = fs.getFileClient('blob.bin');
  const bytes = Buffer.alloc(9_000_000, 'abcdefghij');
  await file.upload(bytes, { singleUploadThreshold: 1 << 20, chunkSize: 1 << 20, maxConcurrency: 4 });
  assert.ok(bytes.equals(await file.readToBuffer()));
});

test('properties: content headers, metadata, conditions', async () => {
  const fs = await filesystem('properties');
  const file = fs.getFileClient('f.json');
  await file.create({ metadata: { a: '1' }, pathHttpHeaders: { contentType: 'application/json' } });
  const made = await file.getProperties();
  assert.deepEqual([made.contentType, made.metadata], ['application/json', { a: '1' }]);
  await file.setMetadata({ b: 'zwei' });
  await file.setHttpHeaders({ contentType: 'text/plain', cacheControl: 'no-store' });
  const changed = await file.getProperties();
  assert.deepEqual([changed.contentType, changed.cacheControl, changed.metadata], ['text/plain', 'no-store', { b: 'zwei' }]);
  assert.equal((await failure(file.setMetadata({}, { conditions: { ifMatch: made.etag ?? '' } }))).status, 412);
  assert.equal((await failure(file.create({ conditions: { ifNoneMatch: '*' } }))).code, 'PathAlreadyExists');
  assert.equal((await file.createIfNotExists()).succeeded, false);
  assert.equal((await failure(file.read(0, 1, { conditions: { ifNoneMatch: changed.etag ?? '' } }))).status, 304);
  assert.equal((await failure(file.read(0, 1))).status, 416);
});

test('directories: made with their parents, listed, deleted', async () => {
  const fs = await filesystem('directories');
  const directory = fs.getDirectoryClient('a/b');
  await directory.create({ metadata: { kind: 'x' } });
  const properties = await directory.getProperties();
  assert.deepEqual(properties.metadata, { kind: 'x', hdi_isfolder: 'true' });
  await write(fs, 'a/b/c.txt', 'c');
  await write(fs, 'a-b.txt', 'd');
  const paths = await all(fs.listPaths({ recursive: true }));
  assert.deepEqual(
    paths.map((path) => [path.name, path.isDirectory ?? false, path.contentLength]),
    [
      ['a-b.txt', false, 1],
      ['a', true, 0],
      ['a/b', true, 0],
      ['a/b/c.txt', false, 1],
    ],
  );
  assert.ok(paths[0]?.lastModified instanceof Date);
  assert.deepEqual(
    (await all(fs.listPaths({ path: 'a' }))).map((path) => path.name),
    ['a/b'],
  );
  assert.equal((await failure(all(fs.listPaths({ path: 'none' })))).code, 'PathNotFound');
  assert.equal((await failure(directory.delete(false))).code, 'DirectoryNotEmpty');
  await fs.getDirectoryClient('a').delete(true);
  assert.equal(await directory.exists(), false);
  assert.equal(existsSync(join(storage.dataDir, 'directories', 'a')), false);
  assert.equal((await failure(fs.getFileClient('a-b.txt/under').create())).status, 409);
});

test('a listing is paged, and goes on where it stopped', async () => {
  const fs = await filesystem('paged');
  for (const name of ['x/1', 'x/2', 'y', 'x/2/..'.slice(0, 3), 'z/1', 'x-1'])
    if (!(await fs.getFileClient(name).exists())) await write(fs, name, name);
  const names: string[][] = [];
  for await (const page of fs.listPaths({ recursive: true }).byPage({ maxPageSize: 2 })) {
    names.push((page.pathItems ?? []).map((item) => item.name ?? ''));
  }
  assert.deepEqual(names, [['x-1', 'x'], ['x/1', 'x/2'], ['y', 'z'], ['z/1']]);
  const from = async (startFrom: string, path = '') =>
    (await all(fs.listPaths({ recursive: true, path, startFrom }))).map((item) => item.name);
  assert.deepEqual(await from('x/2'), ['x/2', 'y', 'z', 'z/1']);
  assert.deepEqual(await from('x/15'), ['x/2', 'y', 'z', 'z/1']);
  assert.deepEqual(await from('2', 'x'), ['x/2']);
});

test('renames move files and whole directories in one step', async () => {
  const fs = await filesystem('renames');
  await write(fs, 'from/one.txt', 'one');
  await write(fs, 'from/deep/two.txt', 'two');
  await fs.getFileClient('from/one.txt').setMetadata({ kept: 'yes' });
  await fs.getDirectoryClient('from').move('to');
  assert.equal(await fs.getDirectoryClient('from').exists(), false);
  assert.deepEqual((await fs.getFileClient('to/one.txt').getProperties()).metadata, { kept: 'yes' });
  await write(fs, 'other.txt', 'other');
  const blocked = fs.getFileClient('to/one.txt').move('renames', 'other.txt', { destinationConditions: { ifNoneMatch: '*' } });
  assert.equal((await failure(blocked)).code, 'PathAlreadyExists');
  await fs.getFileClient('to/one.txt').move('other.txt');
  assert.equal(await textOf((await fs.getFileClient('other.txt').read()).readableStreamBody), 'one');
  assert.equal((await failure(fs.getFileClient('none').move('x'))).code, 'SourcePathNotFound');
  assert.equal(
    (await failure(fs.getFileClient('other.txt').move('no/such/parent.txt'))).code,
    'RenameDestinationParentPathNotFound',
  );
  const stale = fs.getFileClient('other.txt').move('renames', 'z.txt', { conditions: { ifMatch: '"0x0"' } });
  assert.equal((await failure(stale)).code, 'SourceConditionNotMet');
  const other = await filesystem('renames2');
  await fs.getDirectoryClient('to').move('renames2', 'arrived');
  assert.equal(await textOf((await other.getFileClient('arrived/deep/two.txt').read()).readableStreamBody), 'two');
});

test('appends under way survive a rename of their file', async () => {
  const fs = await filesystem('renamed-appends');
  const file = fs.getFileClient('a');
  await file.create();
  await file.append('xyz', 0, 3);
  await file.move('b');
  await fs.getFileClient('b').flush(3);
  assert.equal(await textOf((await fs.getFileClient('b').read()).readableStreamBody), 'xyz');
});

test('leases keep others from writing', async () => {
  const fs = await filesystem('leases');
  await write(fs, 'f', 'x');
  const file = fs.getFileClient('f');
  const lease = file.getDataLakeLeaseClient();
  const { leaseId } = await lease.acquireLease(-1);
  assert.equal((await file.getProperties()).leaseState, 'leased');
  assert.equal((await failure(file.append('y', 1, 1))).code, 'LeaseIdMissing');
  await file.append('y', 1, 1, { conditions: { leaseId: leaseId ?? '' } });
  await file.flush(2, { conditions: { leaseId: leaseId ?? '' } });
  assert.equal((await failure(file.delete())).code, 'LeaseIdMissing');
  await lease.renewLease();
  await lease.releaseLease();
  await file.delete();
});

test('access control lists are set, read and changed below a directory', async () => {
  const fs = await filesystem('acls');
  await fs.getDirectoryClient('d').create();
  await write(fs, 'd/f', 'x');
  const file = fs.getFileClient('d/f');
  await file.setPermissions({
    owner: { read: true, write: true, execute: false },
    group: { read: true, write: false, execute: false },
    other: { read: false, write: false, execute: false },
    stickyBit: false,
    extendedAcls: false,
  });
  const access = await file.getAccessControl();
  assert.deepEqual([access.owner, access.permissions?.owner.write, access.acl.length], ['$superuser', true, 3]);
  await file.setAccessControl(
    [
      { accessControlType: 'user', entityId: '', defaultScope: false, permissions: { read: true, write: true, execute: true } },
      {
        accessControlType: 'group',
        entityId: '',
        defaultScope: false,
        permissions: { read: true, write: false, execute: false },
      },
      {
        accessControlType: 'other',
        entityId: '',
        defaultScope: false,
        permissions: { read: false, write: false, execute: false },
      },
      {
        accessControlType: 'user',
        entityId: 'ann',
        defaultScope: false,
        permissions: { read: true, write: false, execute: false },
      },
    ],
    { owner: 'me' },
  );
  const changed = await file.getAccessControl();
  assert.deepEqual([changed.owner, changed.acl.length, changed.permissions?.owner.execute], ['me', 4, true]);
  const result = await fs.getDirectoryClient('d').updateAccessControlRecursive([
    {
      accessControlType: 'user',
      entityId: 'bob',
      defaultScope: false,
      permissions: { read: true, write: false, execute: true },
    },
  ]);
  assert.deepEqual([result.counters.changedDirectoriesCount, result.counters.changedFilesCount], [1, 1]);
  assert.ok((await file.getAccessControl()).acl.some((entry) => entry.entityId === 'bob'));
});

test('a file whose time is over is gone', async () => {
  const fs = await filesystem('expiry');
  await write(fs, 'f', 'x');
  const file = fs.getFileClient('f');
  await file.setExpiry('Absolute', { expiresOn: new Date(Date.now() + 3_600_000) });
  assert.ok((await file.getProperties()).expiresOn);
  await file.setExpiry('NeverExpire');
  assert.equal((await file.getProperties()).expiresOn, undefined);
});

test('what is not supported is refused by name', async () => {
  const fs = await filesystem('refusals');
  await write(fs, 'f', 'x');
  const query = await failure(fs.getFileClient('f').query('SELECT * FROM BlobStorage'));
  assert.equal(query.status, 501);
  assert.match(query.message, /POST with comp=query on a blob/);
});
