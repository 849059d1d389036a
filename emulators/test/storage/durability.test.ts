// What a kill, a restart, a hand in the folder and a failing disk leave behind.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { DataLakeServiceClient, StorageSharedKeyCredential } from '@azure/storage-file-datalake';
import { writeFully } from '../../src/storage/disk/journal.ts';
import { Store } from '../../src/storage/disk/store.ts';
import { developmentAccount, developmentKey, startStorage } from '../../src/storage/start-storage.ts';
import { all, failure, noRetries, startUnderTest, temporaryFolder, textOf } from './storage-under-test.ts';

const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** An emulator in its own process, and the filesystem `data` in it. */
async function startChild(dataDir: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const lake = new DataLakeServiceClient(url, new StorageSharedKeyCredential(developmentAccount, developmentKey), noRetries);
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    children.delete(child);
  };
  return { fs: lake.getFileSystemClient('data'), kill };
}

test('killed between append and flush: the old content stays, and the acknowledged append can still be flushed', async () => {
  const dataDir = temporaryFolder();
  const child = await startChild(dataDir);
  const file = child.fs.getFileClient('f');
  await file.create({ metadata: { m: '1' } });
  await file.append('old\n', 0, 4);
  const { etag } = await file.flush(4);
  await file.append('new\n', 4, 4);
  await child.kill();
  assert.equal(readFileSync(join(dataDir, 'data', 'f'), 'utf8'), 'old\n');
  const storage = await startUnderTest({ dataDir });
  try {
    const again = storage.lake.getFileSystemClient('data').getFileClient('f');
    const properties = await again.getProperties();
    assert.deepEqual([properties.etag, properties.metadata, properties.contentLength], [etag, { m: '1' }, 4]);
    await again.flush(8);
    assert.equal(await textOf((await again.read()).readableStreamBody), 'old\nnew\n');
  } finally {
    await storage.close();
  }
});

test('killed while appending, again and again: whole lines only, every acknowledged one, none twice', async () => {
  const dataDir = temporaryFolder();
  const line = (n: number) => `${String(n).padStart(9, '0')}${'x'.repeat(2000)}\n`;
  const size = line(0).length;
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    const child = await startChild(dataDir);
    const file = child.fs.getFileClient('log.jsonl');
    await file.createIfNotExists();
    const length = (await file.getProperties()).contentLength ?? 0;
    assert.equal(length % size, 0);
    assert.ok(
      length / size === acknowledged || length / size === acknowledged + 1,
      `${length / size} lines, ${acknowledged} acknowledged`,
    );
    acknowledged = length / size;
    const target = acknowledged + 25;
    let killed: Promise<void> | undefined;
    const writer = (async () => {
      for (let n = acknowledged; ; n++) {
        await file.append(line(n), n * size, size);
        await file.flush((n + 1) * size);
        acknowledged = n + 1;
        if (acknowledged === target) killed = child.kill();
      }
    })();
    await assert.rejects(writer);
    await killed;
  }
  const text = readFileSync(join(dataDir, 'data', 'log.jsonl'), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  assert.ok(lines.length >= acknowledged);
  lines.forEach((one, n) => {
    assert.equal(`${one}\n`, line(n));
  });
});

test('killed in the middle of a flush and before a rename: done wholly at the next start', () => {
  const dataDir = temporaryFolder();
  const first = new Store(dataDir, Date.now);
  first.createContainer('data', {});
  const entry = first.place(['data', 'f'], first.stageNothing(), {});
  const staged = first.stage();
  writeFully(staged.fd, Buffer.from('all of it'), 0);
  closeSync(staged.fd);
  first.keepPiece(['data', 'f'], { kind: 'append', key: '0', position: 0, size: 9, file: staged.file });
  const { container: _c, path: _p, etag: _e, named: _n, ...record } = entry;
  first.ledger.writeJournal({
    steps: [{ do: 'extend', at: ['data', 'f'], from: 0, pieces: [staged.file] }],
    entered: [
      { enter: 'put', at: ['data', 'f'], record: { ...record, metadata: { done: 'yes' } } },
      { enter: 'dropPiece', at: ['data', 'f'], kind: 'append', key: '0' },
    ],
    discards: [staged.file],
  });
  first.ledger.writeJournal({
    steps: [{ do: 'rename', from: ['data', 'f'], to: ['data', 'g'] }],
    entered: [{ enter: 'rename', from: ['data', 'f'], to: ['data', 'g'] }],
    discards: [],
  });
  // The kill came when half of the bytes had been written.
  appendFileSync(join(dataDir, 'data', 'f'), 'all o');
  first.close();
  const second = new Store(dataDir, Date.now);
  try {
    assert.equal(second.find('data', 'f'), undefined);
    assert.deepEqual(second.get('data', 'g').metadata, { done: 'yes' });
    assert.equal(readFileSync(join(dataDir, 'data', 'g'), 'utf8'), 'all of it');
    assert.deepEqual(readdirSync(join(dataDir, '.storage', 'staged')), []);
  } finally {
    second.close();
  }
});

test('a disk that fails in mid-flush: the error is told, the file is as it was, a second try succeeds', () => {
  const dataDir = temporaryFolder();
  const store = new Store(dataDir, Date.now);
  try {
    store.createContainer('data', {});
    const stage = (text: string) => {
      const { file, fd } = store.stage();
      writeFully(fd, Buffer.from(text), 0);
      closeSync(fd);
      return { file };
    };
    const made = store.place(['data', 'f'], stage('old').file, {});
    const good = stage('good');
    assert.throws(() => store.extend(made, [good, { file: 'missing' }], [], {}), /ENOENT/);
    assert.equal(readFileSync(join(dataDir, 'data', 'f'), 'utf8'), 'old');
    assert.equal(store.get('data', 'f').size, 3);
    store.extend(store.get('data', 'f'), [good], [], {});
    assert.equal(readFileSync(join(dataDir, 'data', 'f'), 'utf8'), 'oldgood');
    if (existsSync('/dev/full')) {
      const full = openSync('/dev/full', 'w');
      assert.throws(() => writeFully(full, Buffer.from('x'), 0), { code: 'InsufficientStorage', status: 507 });
      closeSync(full);
    }
  } finally {
    store.close();
  }
});

test('a restart goes on: metadata, leases, uncommitted blocks, etags that never come again', async () => {
  const dataDir = temporaryFolder();
  const first = await startUnderTest({ dataDir, filesystems: ['data'], now: () => 1_700_000_000_000 });
  const blob = first.blobs.getContainerClient('data').getBlockBlobClient('b');
  const { etag } = await blob.upload('x', 1, { metadata: { a: 'b' } });
  const { leaseId } = await blob.getBlobLeaseClient().acquireLease(-1);
  await first.blobs.getContainerClient('data').getBlockBlobClient('c').stageBlock('AAAA', 'staged', 6);
  await first.close();
  const second = await startUnderTest({ dataDir, filesystems: ['data'], now: () => 1_700_000_000_000 });
  try {
    const container = second.blobs.getContainerClient('data');
    const properties = await container.getBlobClient('b').getProperties();
    assert.deepEqual([properties.etag, properties.metadata, properties.leaseState], [etag, { a: 'b' }, 'leased']);
    await container.getBlockBlobClient('c').commitBlockList(['AAAA']);
    assert.equal(readFileSync(join(dataDir, 'data', 'c'), 'utf8'), 'staged');
    const again = await container.getBlockBlobClient('b').upload('x', 1, { conditions: { leaseId: leaseId ?? '' } });
    assert.notEqual(again.etag, etag);
  } finally {
    await second.close();
  }
});

test('a hand in the folder: edits, new files and deletions are followed', async () => {
  const storage = await startUnderTest({ filesystems: ['data'] });
  try {
    const fs = storage.lake.getFileSystemClient('data');
    const place = (name: string) => join(storage.dataDir, 'data', name);
    const file = fs.getFileClient('f.txt');
    await file.upload(Buffer.from('by the emulator'));
    const before = await file.getProperties();
    writeFileSync(place('f.txt'), 'by hand');
    const edited = await file.getProperties();
    assert.notEqual(edited.etag, before.etag);
    assert.equal((await file.getProperties()).etag, edited.etag);
    assert.equal(await textOf((await file.read()).readableStreamBody), 'by hand');
    assert.equal((await failure(file.setMetadata({}, { conditions: { ifMatch: before.etag ?? '' } }))).status, 412);
    await file.append('!', 7, 1, { flush: true });
    assert.equal(readFileSync(place('f.txt'), 'utf8'), 'by hand!');
    mkdirSync(place('new'));
    writeFileSync(place('new/g'), 'g');
    assert.deepEqual(
      (await all(fs.listPaths({ recursive: true }))).map((path) => path.name),
      ['f.txt', 'new', 'new/g'],
    );
    rmSync(place('f.txt'));
    assert.equal(await file.exists(), false);
    await file.create();
    assert.deepEqual((await file.getProperties()).metadata, {});
    mkdirSync(join(storage.dataDir, 'by-hand'));
    assert.equal(await storage.lake.getFileSystemClient('by-hand').exists(), true);
  } finally {
    await storage.close();
  }
});

test('a folder in use, a port in use, an address beyond loopback, a wrong name: one clear sentence each', async () => {
  const storage = await startUnderTest();
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    await assert.rejects(startStorage({ dataDir: storage.dataDir, port: 0 }), /in use by another storage emulator/);
    const dataDir = temporaryFolder();
    await assert.rejects(startStorage({ dataDir, port }), new RegExp(`Port ${port} on 127.0.0.1 is in use.*Choose another port`));
    await assert.rejects(startStorage({ dataDir, port: 0, host: '0.0.0.0' }), /loopback only/);
    await assert.rejects(startStorage({ dataDir, port: 0, filesystems: ['Not A Name'] }), /is no filesystem name/);
    const free = await startStorage({ dataDir, port: 0, filesystems: ['data'] });
    await free.close();
    writeFileSync(join(dataDir, 'data', 'f'), 'kept');
    const ledger = join(dataDir, '.storage', 'ledger.sqlite');
    writeFileSync(ledger, 'not a database, and long enough to be looked at as one');
    await assert.rejects(startStorage({ dataDir, port: 0 }), /cannot open its ledger .*Move that file away/);
    rmSync(ledger);
    const afresh = await startUnderTest({ dataDir });
    assert.equal(await afresh.blobs.getContainerClient('data').getBlobClient('f').exists(), true);
    await afresh.close();
  } finally {
    blocker.close();
    await storage.close();
  }
});
