// What the Cosmos DB emulator takes in and answers, and what CPU that costs it: the emulator is a process of its own, the clients are this one.
// Usage: node cosmos.bench.ts [documents=100000]. Prints batches of upserts, single upserts, queries, point reads and change feed reads.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeFeedStartFrom, type Container, CosmosClient } from '@azure/cosmos';
import { cosmosEmulatorKey, startCosmos } from '../../src/cosmos/start-cosmos.ts';

const keys = 8;
const batchSize = 100;

function document(n: number) {
  return {
    id: `document-${n}`,
    aggregation_type: `type-${n % keys}`,
    window_end: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    n,
    content: { id: `NF${n % 20}`, title: 'A title of some length', type: 'movie' },
    viewers: n % 997,
    completion_rate: (n % 100) / 100,
    text: 'x'.repeat(500),
  };
}

async function serve(dataDir: string): Promise<void> {
  const databases = [{ id: 'db', containers: [{ id: 'c', partitionKey: '/aggregation_type', defaultTtl: 86_400 }] }];
  const emulator = await startCosmos({ dataDir, databases });
  process.send?.({ endpoint: emulator.endpoint });
  process.on('message', () => process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));
}

async function cpuSeconds(child: ChildProcess): Promise<{ seconds: number; rssMb: number }> {
  child.send('cpu');
  const [{ cpu, rss }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage; rss: number }];
  return { seconds: (cpu.user + cpu.system) / 1e6, rssMb: Math.round(rss / 1e6) };
}

async function measure(child: ChildProcess, what: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const before = await cpuSeconds(child);
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await cpuSeconds(child);
  const rate = Math.round(count / seconds).toLocaleString('en');
  const cpu = (((after.seconds - before.seconds) * 1e6) / count).toFixed(0);
  console.log(`${what}: ${rate}/s in ${seconds.toFixed(2)} s, ${cpu} µs of emulator CPU each, ${after.rssMb} MB`);
}

async function upsertBatches(container: Container, from: number, to: number, inFlight: number): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) {
      const start = next;
      next += batchSize * keys;
      for (let key = 0; key < keys; key++) {
        const operations = Array.from({ length: batchSize }, (_, index) => ({
          operationType: 'Upsert' as const,
          resourceBody: document(start + index * keys + key),
        }));
        const { code } = await container.items.batch(operations, `type-${key}`, { contentResponseOnWriteEnabled: false });
        if (code !== 200) throw new Error(`batch answered ${code}`);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function inParallel(count: number, inFlight: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function bench(documents: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cosmos-bench-'));
  const child = fork(import.meta.filename, ['serve', dataDir]);
  const [{ endpoint }] = (await once(child, 'message')) as [{ endpoint: string }];
  const client = new CosmosClient({ endpoint, key: cosmosEmulatorKey, connectionPolicy: { enableEndpointDiscovery: false } });
  const container = client.database('db').container('c');
  try {
    await measure(child, 'new documents in batches of 100, 4 in flight', documents, () =>
      upsertBatches(container, 0, documents, 4),
    );
    await measure(child, 'the first fifth again (replaced)', documents / 5, () => upsertBatches(container, 0, documents / 5, 4));
    await measure(child, 'single upserts, 16 in flight', 5000, () =>
      inParallel(5000, 16, (n) => container.items.upsert(document(n))),
    );
    await measure(child, 'point reads, 16 in flight', 5000, () =>
      inParallel(5000, 16, (n) => container.item(`document-${n}`, `type-${n % keys}`).read()),
    );
    const feed = container.items.getChangeFeedIterator({
      changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
      maxItemCount: 1000,
    });
    await measure(child, 'change feed from the beginning, pages of 1000', documents, async () => {
      while ((await feed.readNext()).statusCode === 200);
    });
    await measure(child, 'change feed polls without news', 2000, () => inParallel(2000, 1, () => feed.readNext()));
    for (const query of [
      "SELECT * FROM c WHERE c.id = 'document-777'",
      "SELECT * FROM c WHERE c.aggregation_type = 'type-1' AND c.id = 'document-777'",
      "SELECT TOP 20 * FROM c WHERE c.aggregation_type = 'type-3' ORDER BY c.window_end DESC",
      "SELECT * FROM c WHERE c.aggregation_type = 'type-3' AND c.window_end >= '2026-01-02T03:30:00'",
      'SELECT VALUE COUNT(1) FROM c',
      "SELECT VALUE COUNT(1) FROM c WHERE c.content.id = 'NF7'",
      'SELECT * FROM c WHERE c.viewers = 501 AND c.completion_rate > 0.5',
      'SELECT c.aggregation_type, COUNT(1) AS n, AVG(c.viewers) AS viewers FROM c GROUP BY c.aggregation_type',
      'SELECT TOP 20 c.id FROM c ORDER BY c.viewers DESC, c.n',
    ]) {
      await container.items.query(query).fetchAll();
      await measure(child, query, 1, () => container.items.query(query).fetchAll());
    }
  } finally {
    client.dispose();
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const [order = '100000', folder = ''] = process.argv.slice(2);
if (order === 'serve') await serve(folder);
else await bench(Number(order));
