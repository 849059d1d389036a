// The page's model: what messages make of it, and what it says has changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DashboardModel } from '../src/model/dashboard-model.ts';
import { healthFigures, partLevel, worstLevel } from '../src/model/health-levels.ts';
import { keyFigures, spokenFigures } from '../src/model/key-figures.ts';
import { movementOf, spokenSeries } from '../src/model/spoken-charts.ts';
import { emptyReason, standingOf } from '../src/model/standing.ts';
import { lineFrom, ViewerSeries } from '../src/model/viewer-series.ts';
import type { DeltaMessage, Sections, SourceState, ViewerPoint } from '../src/protocol/index.ts';
import { PROTOCOL_VERSION, RANGES } from '../src/protocol/index.ts';
import { sampleHealth, sampleSnapshot, sampleSource } from './support/sample-messages.ts';

const atMs = Date.parse('2026-01-15T12:00:15Z');

function delta(sections: Partial<Sections>, points: ViewerPoint[] = [], pointsFromMs = 0): DeltaMessage {
  return { version: PROTOCOL_VERSION, kind: 'delta', atMs, range: '1h', sections, points, pointsFromMs };
}

function liveModel(): DashboardModel {
  const model = new DashboardModel();
  model.setConnection('open', atMs);
  model.apply(sampleSource(atMs), atMs);
  model.apply(sampleHealth(atMs), atMs);
  model.apply(sampleSnapshot('1h', atMs), atMs);
  return model;
}

const point = (endMs: number, viewers = 1): ViewerPoint => ({ endMs, viewers, peakViewers: viewers, events: viewers });
const anyPoints = fc.array(fc.record({ endMs: fc.integer({ min: 0, max: 50 }), viewers: fc.nat(100) }));

test('a series holds the newest point of each time, in order, whatever the order of arrival', () => {
  fc.assert(
    fc.property(anyPoints, fc.integer({ min: 0, max: 50 }), (raw, fromMs) => {
      const points = raw.map(({ endMs, viewers }) => point(endMs, viewers));
      const series = new ViewerSeries();
      series.update(points, fromMs);
      const expected = [...new Map(points.map((one) => [one.endMs, one])).values()]
        .filter((one) => one.endMs >= fromMs)
        .sort((left, right) => left.endMs - right.endMs);
      assert.deepEqual(series.points, expected);
    }),
  );
});

test('a line keeps the mean, breaks at gaps and stays below its limit', () => {
  const steady = Array.from({ length: 8_640 }, (_, index) => point((index + 1) * 10_000, index % 2 === 0 ? 10 : 20));
  const line = lineFrom(steady, 10_000, 800);
  assert.ok(line.length <= 800, `${line.length} points`);
  assert.ok(line.every(([, viewers]) => viewers !== null && Math.abs(viewers - 15) <= 1));
  assert.equal(line.at(-1)?.[0], 86_400_000);
  const torn = lineFrom([point(10_000), point(20_000), point(90_000)], 10_000, 800);
  assert.deepEqual(torn, [
    [10_000, 1],
    [20_000, 1],
    [30_000, null],
    [90_000, 1],
  ]);
  assert.deepEqual(lineFrom([], 10_000, 800), []);
});

test('a delta changes only its sections and says which', () => {
  const model = liveModel();
  const before = model.sections;
  const now = { windowEndMs: atMs, windowSizeMs: 10_000, viewers: 5, titles: 1, events: 9, previousViewers: null };
  const changed = model.apply(delta({ now, coverage: { newestMs: atMs } }), atMs);
  assert.deepEqual([...changed], ['now']);
  assert.equal(model.sections?.now?.viewers, 5);
  assert.equal(model.sections?.trending, before?.trending);
});

test('a late answer to an older choice of range is not shown', () => {
  const model = liveModel();
  model.chooseRange('24h');
  assert.equal(model.sections, null);
  assert.equal(model.apply(sampleSnapshot('1h', atMs), atMs).size, 0);
  assert.equal(model.apply(delta({ now: null }), atMs).size, 0);
  assert.equal(model.sections, null);
  model.apply(sampleSnapshot('24h', atMs), atMs);
  assert.ok(model.sections);
  assert.equal(model.resolutionMs, 120_000);
});

test('dead letters count for a minute', () => {
  const model = new DashboardModel();
  const at = (seconds: number, deadLetters: number | null) => {
    const message = sampleHealth(atMs + seconds * 1_000);
    model.apply({ ...message, health: { ...message.health, deadLetters } }, atMs + seconds * 1_000);
  };
  assert.equal(model.newDeadLetters, null);
  at(0, 3);
  assert.equal(model.newDeadLetters, 0);
  at(10, 5);
  assert.equal(model.newDeadLetters, 2);
  at(71, 5);
  assert.equal(model.newDeadLetters, 0);
});

test('the standing tells waiting, live, late, no data and lost apart', () => {
  const model = new DashboardModel();
  const label = (laterMs = 0) => standingOf(model, atMs + laterMs).label;
  assert.equal(label(), 'Connecting');
  model.setConnection('open', atMs);
  const source = (state: SourceState, detail: string | null = null) =>
    model.apply({ ...sampleSource(atMs), state, detail, sinceMs: atMs - 5_000 }, atMs);
  source('missing');
  assert.equal(label(), 'Waiting');
  source('loading');
  assert.equal(label(), 'Loading');
  assert.equal(emptyReason(model, 10_000), 'Loading …');
  source('live');
  const snapshot = sampleSnapshot('1h', atMs);
  model.apply({ ...snapshot, sections: { ...snapshot.sections, coverage: { newestMs: null } } }, atMs);
  assert.equal(label(), 'Waiting');
  assert.match(standingOf(model, atMs).notice ?? '', /closes 10 s after its end.*within 20 s of the first event/);
  assert.equal(emptyReason(model, 60_000), 'The first window closes within 70 s of the first event.');
  model.apply(snapshot, atMs);
  assert.equal(label(), 'Live');
  assert.equal(standingOf(model, atMs).notice, null);
  assert.equal(label(60_000), 'Late');
  assert.equal(label(3_700_000), 'No data');
  assert.match(standingOf(model, atMs + 3_700_000).notice ?? '', /^Nothing in the last hour\. The newest result is from/);
  source('unreachable', 'connect ECONNREFUSED 127.0.0.1:8081.');
  assert.equal(label(), 'No database');
  assert.match(standingOf(model, atMs).notice ?? '', /not answered for 5 s\. connect ECONNREFUSED.*last ones read/);
  model.setConnection('lost', atMs);
  assert.match(standingOf(model, atMs + 3_000).notice ?? '', /lost 3 s ago.*last ones received; trying again/);
  model.setConnection('refused', atMs);
  assert.equal(label(), 'Wrong version');
});

test('unreadable documents are mentioned while all else is well', () => {
  const model = liveModel();
  model.apply({ ...sampleSource(atMs), unreadableDocuments: 2 }, atMs);
  assert.match(standingOf(model, atMs).notice ?? '', /^2 documents in Cosmos DB could not be read and are not shown\.$/);
});

test('health is judged against the rate and the time policy', () => {
  const levels = (change: Partial<ReturnType<typeof sampleHealth>['health']>, newDeadLetters = 0) =>
    Object.fromEntries(
      healthFigures({ ...sampleHealth(atMs).health, ...change }, newDeadLetters, 10_000).map((figure) => [
        figure.key,
        figure.level,
      ]),
    );
  assert.deepEqual(levels({}), { in: 'ok', out: 'ok', lag: 'ok', watermark: 'ok', dead: 'ok' });
  assert.equal(levels({ lagEvents: 6_000 }).lag, 'warn');
  assert.equal(levels({ lagEvents: 60_000 }).lag, 'bad');
  assert.equal(levels({ watermarkDelayMs: 19_000 }).watermark, 'ok');
  assert.equal(levels({ watermarkDelayMs: 25_000 }).watermark, 'warn');
  assert.equal(levels({ watermarkDelayMs: 90_000 }).watermark, 'bad');
  assert.equal(levels({ eventsInPerSecond: 0 }).in, 'warn');
  assert.equal(levels({ deadLetters: 9 }, 1).dead, 'warn');
  assert.deepEqual(
    new Set(
      Object.values(
        levels({ eventsInPerSecond: null, eventsOutPerSecond: null, lagEvents: null, watermarkDelayMs: null, deadLetters: null }),
      ),
    ),
    new Set(['unknown']),
  );
  assert.equal(
    worstLevel([
      partLevel({ name: 'job', state: 'running', detail: null }),
      partLevel({ name: 'hub', state: 'failed', detail: null }),
    ]),
    'bad',
  );
  assert.equal(worstLevel([]), 'unknown');
});

test('key figures are text, and a gap is a dash, not a zero', () => {
  const figures = keyFigures(sampleSnapshot('1h', atMs).sections, RANGES['1h']);
  assert.deepEqual(
    figures.map((figure) => figure.value),
    ['4,312', '20', '8,724 h', '55.5%', '10.0%', '1,284'],
  );
  assert.deepEqual(figures[0]?.trend, { direction: 'up', text: '45' });
  assert.equal(figures[2]?.note, 'last hour');
  const sections = sampleSnapshot('1h', atMs).sections;
  const young = { ...sections, totals: sections.totals && { ...sections.totals, minutes: 2 } };
  assert.equal(keyFigures(young, RANGES['1h'])[2]?.note, '2 minutes of data');
  assert.match(spokenFigures(figures), /^Active viewers: 4,312\. Titles being watched: 20\./);
  const nothing = keyFigures(null, RANGES['1h']);
  assert.ok(nothing.every((figure) => figure.value === '–'));
  assert.equal(spokenFigures(nothing), 'No figures yet.');
});

test('movement and series are told in words', () => {
  const title = { contentId: 'NF001', title: 'A', rank: 2, previousRank: 5, score: 1, viewers: 1, completionRate: 0.5 };
  assert.equal(movementOf(title, true).spoken, 'up 3 places');
  assert.equal(movementOf({ ...title, previousRank: 1 }, true).spoken, 'down 1 place');
  assert.equal(movementOf({ ...title, previousRank: null }, true).spoken, 'new in the ranking');
  assert.equal(movementOf({ ...title, previousRank: null }, false).spoken, '');
  assert.equal(spokenSeries([]), 'Viewers over time: no data.');
  assert.match(spokenSeries([point(atMs, 3), point(atMs + 10_000, 7)]), /now 7, peak 7 at .*, lowest 3 at/);
});
