// What is on disk: after a SIGKILL in mid-write, when the disk refuses, and when documents expire.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CommitQueue } from '../../src/cosmos/commit-queue.ts';
import { startCosmos } from '../../src/cosmos/start-cosmos.ts';
import { clientOf, temporaryFolder } from './cosmos-under-test.ts';

async function serve(dataDir: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [endpoint] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  return { child, endpoint };
}

test('every acknowledged write is there after a SIGKILL in mid-write, and the change feed goes on', async () => {
  const dataDir = temporaryFolder();
  const { child, endpoint } = await serve(dataDir);
  const client = clientOf(endpoint);
  const container = client.database('db').container('items');
  const acknowledged: string[] = [];
  const ended = once(child, 'exit');
  const writer = async (name: string): Promise<void> => {
    for (let round = 0; ; round++) {
      const ids = Array.from({ length: 20 }, (_, index) => `${name}-${round}-${index}`);
      try {
        const { code } = await container.items.batch(
          ids.map((id) => ({ operationType: 'Upsert' as const, resourceBody: { id, pk: name, round } })),
          name,
        );
        assert.equal(code, 200);
      } catch {
        // The process is gone: this batch was not acknowledged.
        return;
      }
      acknowledged.push(...ids);
      if (acknowledged.length > 1500) child.kill('SIGKILL');
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(writer));
  await ended;
  client.dispose();
  assert.ok(acknowledged.length > 1500);

  const again = await startCosmos({ dataDir });
  const second = clientOf(again.endpoint);
  try {
    const items = second.database('db').container('items').items;
    const stored = new Set((await items.query<string>('SELECT VALUE c.id FROM c').fetchAll()).resources);
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
    );
    // A batch is whole or absent.
    assert.equal(stored.size % 20, 0);
    const { resource } = await items.upsert({ id: 'after', pk: 'a' });
    const last = (await items.query<{ _ts: number; id: string }>("SELECT * FROM c WHERE c.id = 'after'").fetchAll()).resources;
    assert.equal(last[0]?.id, resource?.id);
  } finally {
    second.dispose();
    await again.close();
  }
});

test('a write that the disk refuses is not acknowledged, and what stood before stays', async () => {
  const db = new DatabaseSync(join(temporaryFolder(), 'full.sqlite'));
  try {
    db.exec('CREATE TABLE t (text TEXT)');
    const commits = new CommitQueue(db, () => {});
    await commits.write(() => db.prepare('INSERT INTO t VALUES (?)').run('kept'));
    db.exec('PRAGMA max_page_count = 10');
    const writes = ['small', 'x'.repeat(100_000)].map((text) =>
      commits.write(() => db.prepare('INSERT INTO t VALUES (?)').run(text)),
    );
    const outcomes = await Promise.allSettled(writes);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.match(String((outcomes[0] as PromiseRejectedResult).reason), /could not store the write/);
    assert.deepEqual(
      db
        .prepare('SELECT text FROM t')
        .all()
        .map(({ text }) => text),
      ['kept'],
    );
    db.exec('PRAGMA max_page_count = 1000');
    await commits.write(() => db.prepare('INSERT INTO t VALUES (?)').run('again'));
  } finally {
    db.close();
  }
});

test('expired documents leave the disk, and pages that were not read to their end hold nothing up', async () => {
  const dataDir = temporaryFolder();
  const clock = { nowMs: Date.UTC(2026, 0, 15) };
  const databases = [{ id: 'db', containers: [{ id: 'c', partitionKey: '/pk', defaultTtl: 60 }] }];
  const emulator = await startCosmos({ dataDir, databases, now: () => clock.nowMs });
  const client = clientOf(emulator.endpoint);
  const container = client.database('db').container('c');
  const text = 'x'.repeat(50_000);
  for (let round = 0; round < 20; round++) {
    clock.nowMs += 61_000;
    const operations = Array.from({ length: 30 }, (_, n) => ({
      operationType: 'Create' as const,
      resourceBody: { id: `${n}`, pk: 'a', text },
    }));
    assert.equal((await container.items.batch(operations, 'a')).code, 200);
    await container.items.query('SELECT * FROM c', { maxItemCount: 1 }).fetchNext();
  }
  assert.ok(statSync(join(dataDir, 'cosmos.sqlite-wal')).size < 25_000_000, 'the log is taken into the file and used again');
  client.dispose();
  await emulator.close();
  assert.ok(statSync(join(dataDir, 'cosmos.sqlite')).size < 8_000_000, '30 MB were written, 1.5 MB are alive');
  assert.deepEqual(readdirSync(dataDir), ['cosmos.sqlite']);
});
