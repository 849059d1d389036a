// The dashboard's server over real sockets: the feed against the Cosmos emulator through the real SDK, and who may ask what.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DeltaMessage, HealthMessage, HostMessage, SnapshotMessage } from '@asaql/webview/protocol';
import { PortInUseError } from '../../src/dashboard/port-in-use.ts';
import { startDashboard } from '../../src/dashboard/start-dashboard.ts';
import { containerDefinition, healthy, startFixture } from './support/dashboard-fixture.ts';
import { sampleDocuments, upsertAll, writtenTime } from './support/sample-documents.ts';

// The emulator checks how old a request is, and TTL is not in play: only the dashboard's clock stands still.
const nowMs = Date.parse('2026-01-15T12:00:15Z');
const now = () => nowMs;
const quarter = { fromMs: nowMs - 14 * 60_000, toMs: nowMs - 15_000, users: 50 };

const isSnapshot = (message: HostMessage): message is SnapshotMessage => message.kind === 'snapshot';
const showsViewers =
  (viewers: number) =>
  (message: HostMessage): message is DeltaMessage =>
    message.kind === 'delta' && message.sections.now?.viewers === viewers;
const isHealth = (message: HostMessage): message is HealthMessage => message.kind === 'health';
const isSource = (state: string) => (message: HostMessage) => message.kind === 'source' && message.state === state;

function viewerDocument(endMs: number, contentId: string, viewers: number) {
  const window_end = writtenTime(endMs);
  return {
    aggregation_type: 'viewer_count',
    id: `viewer_count|${contentId}|${window_end}`,
    content_id: contentId,
    content_title: 'Orbit Road',
    window_end,
    viewers,
    events: viewers * 2,
  };
}

test('a page gets a snapshot by query, then changes by the change feed', async (context) => {
  const fixture = await startFixture({ now });
  context.after(() => fixture.close());
  await upsertAll(fixture.container, sampleDocuments(quarter));
  const feed = await fixture.openFeed('1h');
  const snapshot = await feed.until(isSnapshot);
  await feed.until(isHealth);

  const partitionKey = 'device_distribution';
  const { resources } = await fixture.container.items
    .query('SELECT VALUE SUM(c.completions) FROM c', { partitionKey })
    .fetchAll();
  // Documents may have come in between the query and the feed: the state that counts is the one after the last change.
  const completions = () =>
    feed.messages.reduce<number | undefined>(
      (latest, message) =>
        message.kind === 'snapshot' || message.kind === 'delta' ? (message.sections.totals?.completions ?? latest) : latest,
      undefined,
    );
  if (completions() !== resources[0]) await feed.untilTrue(() => completions() === resources[0]);
  assert.equal(snapshot.range, '1h');
  assert.equal(snapshot.outOfOrderMs, 10_000);

  const seen = feed.messages.length;
  const endMs = Date.parse('2026-01-15T12:00:10Z');
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF001', 41));
  const first = await feed.until(showsViewers(41), seen);
  assert.deepEqual(first.points, [{ endMs, viewers: 41, peakViewers: 41, events: 82 }]);
  assert.equal(first.sections.trending, undefined, 'what did not change is not sent');

  // The same document again, as after a replay, and another one of the same window: nothing is counted twice.
  const later = feed.messages.length;
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF001', 41));
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF002', 9));
  const second = await feed.until(showsViewers(50), later);
  assert.equal(second.sections.now?.titles, 2);
  assert.deepEqual(fixture.errors, []);
});

test('an older window that is written again is recounted', async (context) => {
  const fixture = await startFixture({ now });
  context.after(() => fixture.close());
  const endMs = Date.parse('2026-01-15T11:55:00Z');
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF001', 10));
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF002', 5));
  const feed = await fixture.openFeed('1h');
  const viewers = () =>
    feed.messages.flatMap((message) => (message.kind === 'snapshot' || message.kind === 'delta' ? message.points : [])).at(-1)
      ?.viewers;
  await feed.untilTrue(() => viewers() === 15);
  await fixture.container.items.upsert(viewerDocument(endMs, 'NF002', 7));
  await feed.untilTrue(() => viewers() === 17);
});

test('pages of several ranges are fed by one poller; a longer range is read when it is asked for', async (context) => {
  const fixture = await startFixture({ now });
  context.after(() => fixture.close());
  const old = Date.parse('2026-01-15T07:00:10Z');
  await fixture.container.items.upsert(viewerDocument(old, 'NF001', 33));
  await upsertAll(fixture.container, sampleDocuments({ ...quarter, fromMs: nowMs - 120_000 }));
  const hour = await fixture.openFeed('1h');
  const hourPoints = (await hour.until(isSnapshot)).points;
  assert.ok(hourPoints.every((point) => point.endMs > nowMs - 3_600_000));
  const day = await fixture.openFeed('24h');
  const dayPoints = (await day.until(isSnapshot)).points;
  assert.equal(dayPoints[0]?.viewers, 33);
  assert.ok(dayPoints.length < hourPoints.length + 1, 'a day is sent at a coarser resolution');
});

test('an outage is told, what was read stays, and the feed goes on where it stopped', async (context) => {
  const fixture = await startFixture({ now });
  context.after(() => fixture.close());
  await upsertAll(fixture.container, sampleDocuments({ ...quarter, fromMs: nowMs - 120_000 }));
  const feed = await fixture.openFeed('15m');
  await feed.until(isSnapshot);
  await feed.untilTrue(isSource('live'));

  await fixture.stopCosmos();
  const outage = await feed.untilTrue(isSource('unreachable'));
  assert.ok(outage.kind === 'source' && (outage.detail ?? '').length > 0);
  const late = await fixture.openFeed('15m');
  const snapshot = await late.until(isSnapshot);
  assert.ok(snapshot.sections.now, 'a page that comes during the outage gets what is known');
  assert.equal(fixture.errors.length, 1, 'an outage is reported once');

  const seen = feed.messages.length;
  await fixture.startCosmosAgain();
  await feed.untilTrue(isSource('live'), seen);
  await fixture.container.items.upsert(viewerDocument(nowMs - 5_000, 'NF001', 77));
  await feed.until(showsViewers(77), seen);
  assert.ok(!feed.messages.slice(seen).some(isSnapshot), 'no new snapshot was needed');
});

test('a container that does not exist yet is waited for', async (context) => {
  const fixture = await startFixture({ now, hasContainer: false });
  context.after(() => fixture.close());
  const feed = await fixture.openFeed('1h');
  await feed.untilTrue(isSource('missing'));
  await fixture.client.database('netflix-streaming').containers.create(containerDefinition());
  const snapshot = await feed.until(isSnapshot);
  assert.equal(snapshot.sections.coverage.newestMs, null);
  await fixture.container.items.upsert(viewerDocument(nowMs - 5_000, 'NF001', 3));
  await feed.until(showsViewers(3));
});

test('an unreadable document is told and counted, not guessed', async (context) => {
  const fixture = await startFixture({ now });
  context.after(() => fixture.close());
  const feed = await fixture.openFeed('1h');
  await feed.until(isSnapshot);
  await fixture.container.items.upsert({ ...viewerDocument(nowMs - 5_000, 'NF001', 3), viewers: 'three' });
  const told = await feed.untilTrue((message) => message.kind === 'source' && message.unreadableDocuments === 1);
  assert.ok(told);
  assert.match(
    String(fixture.errors[0]),
    /viewer_count\|NF001\|.* is not shown: a viewer_count document has no usable column viewers/,
  );
});

test('health comes every interval; when it cannot be had the page is told so', async (context) => {
  let isBroken = false;
  const health = () => {
    if (isBroken) throw new Error('the metrics have no reader');
    return healthy;
  };
  const fixture = await startFixture({ now, health });
  context.after(() => fixture.close());
  const feed = await fixture.openFeed('1h');
  assert.deepEqual((await feed.until(isHealth)).health, healthy);
  isBroken = true;
  await feed.untilTrue(
    (message) => message.kind === 'health' && message.health.parts[0]?.detail === 'the metrics have no reader',
  );
  assert.equal(fixture.errors.length, 1);
});

function statusOf(url: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('only this machine, only GET, only the page and its feed', async (context) => {
  const staticDir = await mkdtemp(join(tmpdir(), 'asaql-page-'));
  context.after(() => rm(staticDir, { recursive: true }));
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(staticDir, 'secret.txt'), 'secret');
  const fixture = await startFixture({ now, staticDir });
  context.after(() => fixture.close());
  const { host, port } = new URL(fixture.url);
  const page = await fetch(fixture.url);
  assert.equal(page.status, 200);
  assert.equal(await page.text(), '<!doctype html><title>page</title>');
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);

  assert.equal(await statusOf(fixture.url, { headers: { Host: `rebound.example:${port}` } }), 421);
  assert.equal(await statusOf(`${fixture.url}feed`, { headers: { Host: host, Origin: 'http://evil.example' } }), 403);
  assert.equal(
    await statusOf(`${fixture.url}feed`, { headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' } }),
    403,
  );
  assert.equal(await statusOf(fixture.url, { method: 'POST' }), 405);
  assert.equal(await statusOf(fixture.url, { method: 'HEAD' }), 200);
  assert.equal(await statusOf(`${fixture.url}secret.txt`), 404);
  assert.equal(await statusOf(`${fixture.url}%2e%2e/package.json`), 404);
  assert.equal(await statusOf(`${fixture.url}constructor`), 404);
  assert.equal(await statusOf(`${fixture.url}feed?range=forever`), 400);
  assert.equal(await statusOf(`${fixture.url}dashboard.js`), 503, 'a page that is not built says so');
  assert.deepEqual(fixture.errors, []);
});

test('a port in use is named, and a free one offered', async (context) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  context.after(() => new Promise((resolve) => taken.close(resolve)));
  const { port } = taken.address() as AddressInfo;
  const start = startDashboard({
    port,
    cosmos: { endpoint: 'http://127.0.0.1:9', key: 'bm9uZQ==' },
    databaseId: 'd',
    containerId: 'c',
    health: () => healthy,
    onError: () => undefined,
  });
  await assert.rejects(start, (error: unknown) => {
    assert.ok(error instanceof PortInUseError);
    assert.equal(error.port, port);
    assert.ok(error.freePort > 0 && error.freePort !== port);
    assert.match(error.message, new RegExp(`^Port ${port} is in use by another program\\. Port ${error.freePort} is free`));
    return true;
  });
});
