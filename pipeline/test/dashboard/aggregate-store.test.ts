// Laws of the store: the same documents give the same figures however often, in whatever order and by whichever way they come.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AggregateDocument, readDocument } from '../../src/dashboard/aggregate-document.ts';
import { AggregateStore } from '../../src/dashboard/aggregate-store.ts';
import { pointsFrom, sectionsFrom } from '../../src/dashboard/sections-from-store.ts';
import { WindowTotals } from '../../src/dashboard/window-totals.ts';
import { type SampleDocument, sampleDocuments, writtenTime } from './support/sample-documents.ts';

const nowMs = Date.parse('2026-01-15T12:00:15Z');
const documents = [...sampleDocuments({ fromMs: nowMs - 15 * 60_000, toMs: nowMs - 12_000, users: 40 })];

function read(document: unknown): AggregateDocument {
  const found = readDocument(document);
  assert.ok(found && found.kind !== 'unreadable', JSON.stringify(found));
  return found;
}

function storeOf(list: Iterable<SampleDocument>): AggregateStore {
  const store = new AggregateStore();
  store.coveredFromMs = 0;
  for (const document of list) store.fold(read(document));
  return store;
}

const reference = storeOf(documents);

test('documents may come twice and in any order of windows', () => {
  const rows = documents.filter(
    (document) => document.aggregation_type !== 'watch_time' && document.aggregation_type !== 'engagement',
  );
  const current = documents.filter((document) => !rows.includes(document));
  const expected = sectionsFrom(reference, '15m', nowMs);
  const expectedPoints = pointsFrom(reference, '15m', nowMs);
  fc.assert(
    fc.property(fc.shuffledSubarray(rows), fc.shuffledSubarray(rows, { minLength: rows.length }), (again, shuffled) => {
      const store = storeOf([...again, ...shuffled, ...current]);
      assert.deepEqual(roundedSums(sectionsFrom(store, '15m', nowMs)), roundedSums(expected));
      assert.deepEqual(pointsFrom(store, '15m', nowMs), expectedPoints);
    }),
    { numRuns: 12 },
  );
});

/** Floating-point sums may differ in their last digits with the order of the cells. */
function roundedSums(sections: ReturnType<typeof sectionsFrom>): unknown {
  return JSON.parse(JSON.stringify(sections), (name, value) =>
    name === 'watchSeconds' || name === 'averageScore' ? Math.round(value * 1e3) : value,
  );
}

test('figures are those of the documents', () => {
  const sections = sectionsFrom(reference, '15m', nowMs);
  const of = (type: string) => documents.filter((document) => document.aggregation_type === type);
  const newestEnd = (type: string) =>
    of(type)
      .map((document) => document.window_end)
      .sort()
      .at(-1);
  const sum = (list: SampleDocument[], column: string) => list.reduce((total, document) => total + Number(document[column]), 0);

  const newestViewers = of('viewer_count').filter((document) => document.window_end === newestEnd('viewer_count'));
  assert.equal(sections.now?.viewers, sum(newestViewers, 'viewers'));
  assert.equal(sections.now?.titles, newestViewers.length);
  assert.equal(sections.totals?.completions, sum(of('device_distribution'), 'completions'));
  assert.equal(sections.totals?.bufferEvents, sum(of('device_distribution'), 'buffer_events'));
  assert.equal(sections.alerts?.alerts, of('quality_alert').length);
  assert.equal(sections.trending?.titles.length, 20);
  const byScore = of('trending')
    .filter((document) => document.window_end === newestEnd('trending'))
    .sort((left, right) => Number(right.trending_score) - Number(left.trending_score));
  assert.deepEqual(
    sections.trending?.titles.map((title) => title.score),
    byScore.map((document) => document.trending_score),
  );
  assert.equal(sections.cities?.cities.length, 8);
  assert.equal(sections.hotspots?.count, 17);
  assert.equal(sections.hotspots?.hotspots.length, 12);
  assert.equal(sections.engagement?.users, 40);
  assert.equal(sections.watchTime?.titles.length, 20);
  const points = pointsFrom(reference, '15m', nowMs);
  assert.equal(
    points.reduce((total, point) => total + point.events, 0),
    sum(of('viewer_count'), 'events'),
  );
});

test('a range holds the windows that end within it, and an empty one holds nothing', () => {
  const later = nowMs + 14 * 60_000;
  assert.ok((sectionsFrom(reference, '15m', later).totals?.minutes ?? 99) < 3);
  const muchLater = sectionsFrom(reference, '15m', nowMs + 3_600_000);
  assert.equal(muchLater.now, null);
  assert.equal(muchLater.totals, null);
  assert.equal(muchLater.trending, null);
  assert.equal(muchLater.hotspots, null);
  assert.equal(muchLater.engagement, null);
  assert.notEqual(muchLater.coverage.newestMs, null);
  assert.deepEqual(pointsFrom(reference, '15m', nowMs + 3_600_000), []);
});

test('a minute without hotspots says so instead of showing an older one', () => {
  const store = storeOf(documents);
  const endMs = Date.parse('2026-01-15T12:01:00Z');
  const device = documents.find((document) => document.aggregation_type === 'device_distribution');
  store.fold(read({ ...device, id: 'device|x', window_end: writtenTime(endMs) }));
  assert.deepEqual(sectionsFrom(store, '15m', nowMs).hotspots, { minuteEndMs: endMs, count: 0, hotspots: [] });
});

test('sums per window: a cell that comes again replaces itself', () => {
  const cells = fc.array(fc.record({ window: fc.nat(5), key: fc.constantFrom('a', 'b', 'c'), value: fc.nat(1_000) }));
  fc.assert(
    fc.property(cells, (list) => {
      const totals = new WindowTotals(1);
      const expected = new Map<number, Map<string, number>>();
      for (const { window, key, value } of list) {
        totals.put({ windowEndMs: window, windowEnd: String(window) }, key, [value]);
        expected.set(window, (expected.get(window) ?? new Map()).set(key, value));
      }
      for (const [window, values] of expected) {
        assert.deepEqual(totals.sumsOf(window), [[...values.values()].reduce((left, right) => left + right, 0), values.size]);
      }
      assert.deepEqual(totals.endsAfter(2), [...expected.keys()].filter((window) => window > 2).sort());
      assert.deepEqual(totals.wantedRecounts, []);
    }),
  );
});

test('a window known only by its sum is recounted, not counted twice', () => {
  const totals = new WindowTotals(1);
  const window = { windowEndMs: 10, windowEnd: 'ten' };
  totals.load(window, [7, 2]);
  totals.put(window, 'a', [5]);
  assert.deepEqual(totals.sumsOf(10), [7, 2]);
  assert.deepEqual(totals.wantedRecounts, [window]);
  totals.load(window, [12, 3]);
  assert.deepEqual(totals.wantedRecounts, []);
  assert.deepEqual(totals.sumsOf(10), [12, 3]);
});

test('an old window keeps its sum when its cells are forgotten', () => {
  const totals = new WindowTotals(1);
  for (const windowEndMs of [10, 20, 30]) totals.put({ windowEndMs, windowEnd: String(windowEndMs) }, 'a', [windowEndMs]);
  totals.prune(10, 25);
  assert.deepEqual(totals.endsAfter(0), [20, 30]);
  assert.deepEqual(totals.sumsOf(20), [20, 1]);
  totals.put({ windowEndMs: 20, windowEnd: '20' }, 'b', [1]);
  assert.deepEqual(totals.sumsOf(20), [20, 1]);
  assert.equal(totals.wantedRecounts.length, 1);
});

test('a document without its columns is told apart, one of another type is none of ours', () => {
  assert.equal(readDocument({ aggregation_type: 'something_else', id: 'x' }), null);
  assert.equal(readDocument('text'), null);
  const [viewers] = documents;
  const broken = readDocument({ ...viewers, viewers: 'many' });
  assert.deepEqual(broken, {
    kind: 'unreadable',
    id: viewers?.id,
    reason: 'a viewer_count document has no usable column viewers',
  });
  assert.equal(readDocument({ ...viewers, window_end: 'yesterday' })?.kind, 'unreadable');
  fc.assert(
    fc.property(fc.anything(), (value) => {
      readDocument(value);
      readDocument({ aggregation_type: 'engagement', ...(value as object) });
    }),
  );
});
