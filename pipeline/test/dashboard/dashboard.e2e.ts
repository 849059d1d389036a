// The dashboard in a real browser over the real feed: what stands on the page is what stands in Cosmos DB.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildDashboard } from '@asaql/webview/build';
import type { Browser } from 'playwright-core';
import { capturePictures, picturePath } from './capture-pictures.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { launchChromium, openPage } from './support/chromium.ts';
import { containerDefinition, type DashboardFixture, startFixture } from './support/dashboard-fixture.ts';
import {
  asCount,
  asDecimal,
  asPercent,
  keyFiguresFromCosmos,
  keyFigureTexts,
  newestEnd,
  newestRows,
  sql,
  tableTexts,
} from './support/page-figures.ts';
import { sampleDocuments, upsertAll, writtenTime } from './support/sample-documents.ts';

const nowMs = Date.parse('2026-01-15T12:00:25Z');
const now = () => nowMs;
const desktop = { width: 1440, height: 900 };
const shownFigure = '[data-figure=viewers]';

let browser: Browser;
let staticDir: string;

before(async () => {
  staticDir = await mkdtemp(join(tmpdir(), 'asaql-page-'));
  await buildDashboard(staticDir);
  browser = await launchChromium();
});

after(async () => {
  await browser.close();
  await rm(staticDir, { recursive: true });
});

describe('with an hour of documents', () => {
  let fixture: DashboardFixture;
  before(async () => {
    fixture = await startFixture({ now, staticDir });
    await upsertAll(fixture.container, sampleDocuments({ fromMs: nowMs - 59 * 60_000, toMs: nowMs - 12_000, users: 2_000 }));
  });
  after(() => fixture.close());

  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light']) {
    test(`in ${theme} the figures on the page are those in Cosmos DB, and everybody can read them`, async () => {
      const { page, context, troubles } = await openPage(browser, theme, desktop);
      await page.goto(fixture.url);
      await page.locator('#standing', { hasText: 'Live' }).waitFor();
      await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
      const expected = await keyFiguresFromCosmos(fixture.container);
      await page.locator(shownFigure, { hasText: expected.viewers ?? '' }).waitFor();
      assert.deepEqual(await keyFigureTexts(page), expected);
      assert.deepEqual(await accessibilityProblems(page), []);
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }

  test('the tables hold the rows of the newest windows', async () => {
    const { page, context } = await openPage(browser, 'dark', desktop);
    const { container } = fixture;
    await page.goto(fixture.url);
    await page.locator(shownFigure, { hasNotText: '–' }).waitFor();

    const trending = await newestRows<{
      content_title: string;
      trending_score: number;
      viewers: number;
      completion_rate: number;
    }>(container, 'trending', 'c.trending_score DESC');
    assert.deepEqual(
      (await tableTexts(page, 'trending')).map(([rank, , ...rest]) => [rank, ...rest]),
      trending
        .slice(0, 10)
        .map((row, index) => [
          String(index + 1),
          row.content_title,
          asDecimal(row.trending_score),
          asCount(row.viewers),
          asPercent(row.completion_rate),
        ]),
    );

    const devices = await newestRows<{ users: number }>(container, 'device_distribution', 'c.users DESC');
    const users = devices.reduce((sum, row) => sum + row.users, 0);
    assert.deepEqual(
      (await tableTexts(page, 'devices')).map((cells) => cells.slice(1, 3)),
      devices.map((row) => [asCount(row.users), asPercent(row.users / users)]),
    );

    const hotspots = await newestRows<{ buffer_events: number }>(container, 'buffer_metrics', 'c.buffer_events DESC');
    assert.deepEqual(
      (await tableTexts(page, 'hotspots')).map((cells) => cells[4]),
      hotspots.slice(0, 12).map((row) => asCount(row.buffer_events)),
    );

    const watchTime = await sql<{ content_title: string; viewings: number }>(
      container,
      'watch_time',
      'SELECT * FROM c ORDER BY c.median_watch_seconds DESC',
    );
    assert.deepEqual(
      (await tableTexts(page, 'watch-time')).map((cells) => [cells[0], cells[4]]).sort(),
      watchTime.map((row) => [row.content_title, asCount(row.viewings)]).sort(),
    );

    const segments = await sql<{ segment: string; users: number }>(
      container,
      'engagement',
      'SELECT c.segment, COUNT(1) AS users FROM c GROUP BY c.segment',
    );
    assert.deepEqual(
      (await tableTexts(page, 'engagement')).map((cells) => cells[1]).sort(),
      segments.map((row) => asCount(row.users)).sort(),
    );
    await context.close();
  });

  test('charts have their data as tables, opened by keyboard', async () => {
    const { page, context } = await openPage(browser, 'light', desktop);
    await page.goto(fixture.url);
    await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
    await page.getByText('Cities as a table').focus();
    await page.keyboard.press('Enter');
    const cities = await newestRows<{ city: string; viewers: number }>(fixture.container, 'geo_distribution', 'c.viewers DESC');
    assert.deepEqual(
      (await tableTexts(page, 'cities')).map((cells) => [cells[0], cells[2]]).sort(),
      cities.map((row) => [row.city, asCount(row.viewers)]).sort(),
    );
    const map = page.getByRole('img', { name: /^World map of viewers in 8 cities, most in/ });
    assert.equal(await map.count(), 1);

    await page.getByText('Viewers as a table').focus();
    await page.keyboard.press('Enter');
    const end = await newestEnd(fixture.container, 'viewer_count');
    const rows = await newestRows<{ viewers: number; events: number }>(fixture.container, 'viewer_count', 'c.content_id');
    const sum = (column: 'viewers' | 'events') => asCount(rows.reduce((total, row) => total + row[column], 0));
    assert.deepEqual((await tableTexts(page, 'viewers'))[0], [end.slice(11, 19), sum('viewers'), sum('viewers'), sum('events')]);
    await context.close();
  });

  test('a range is chosen by keyboard, kept for the next visit, and its figures change', async () => {
    const { page, context } = await openPage(browser, 'dark', desktop);
    await page.goto(fixture.url);
    await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
    const before = await keyFigureTexts(page);
    await page.getByRole('combobox', { name: 'Range' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('#viewers .panel-note', { hasText: 'Last 15 minutes' }).waitFor();
    await page.locator('[data-figure=alerts]', { hasNotText: new RegExp(`^(–|${before.alerts})$`) }).waitFor();
    const saved = await page.evaluate(() => localStorage.getItem('asaql-dashboard'));
    assert.equal(JSON.parse(saved ?? '{}').range, '15m');
    await context.close();
  });

  test('pictures for the documents, where there are none yet', async () => {
    if (!existsSync(picturePath('light')) || process.env.UPDATE_PICTURES === '1') await capturePictures(fixture.url);
    assert.ok(existsSync(picturePath('light')) && existsSync(picturePath('dark')));
  });

  test('a new window shows by the change feed', async () => {
    const { page, context, troubles } = await openPage(browser, 'dark', desktop);
    await page.goto(fixture.url);
    await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
    const windowEnd = writtenTime(Date.parse('2026-01-15T12:00:20Z'));
    const document = {
      aggregation_type: 'viewer_count',
      content_id: 'NF001',
      content_title: 'Orbit Road',
      window_end: windowEnd,
      viewers: 98_765,
      events: 100_000,
    };
    await fixture.container.items.upsert({ ...document, id: `viewer_count|NF001|${windowEnd}` });
    await page.locator(shownFigure, { hasText: '98,765' }).waitFor();
    assert.equal((await keyFigureTexts(page)).titles, '1');
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('at no width anything is cut off sideways', async () => {
    const { page, context } = await openPage(browser, 'light', desktop);
    await page.goto(fixture.url);
    await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
    for (const width of [340, 420, 700, 761, 900, 1_100, 1_181, 1_280, 1_366, 1_920]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page
        .locator('body, .panel, .figure, .health, .page-head')
        .evaluateAll((nodes) =>
          nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.id || node.className),
        );
      assert.deepEqual(wide, [], `at ${width} pixels`);
    }
    await context.close();
  });
});

test('before there is anything to show, the page says what it waits for', async (context) => {
  const fixture = await startFixture({ now, staticDir, hasContainer: false });
  context.after(() => fixture.close());
  const opened = await openPage(browser, 'light', desktop);
  context.after(() => opened.context.close());
  const { page } = opened;
  await page.goto(fixture.url);
  await page.locator('#notice', { hasText: 'The results have no place yet' }).waitFor();
  await fixture.client.database('netflix-streaming').containers.create(containerDefinition());
  await page.locator('#notice', { hasText: 'No window has closed yet' }).waitFor();
  assert.equal(
    await page.locator('#trending .panel-empty').textContent(),
    'The first window closes within 70 s of the first event.',
  );
  assert.deepEqual(await accessibilityProblems(page), []);
});

test('when the server or the database is lost, the page says so, keeps its figures and recovers', async (context) => {
  const fixture = await startFixture({ now, staticDir });
  let isOpen = true;
  context.after(() => (isOpen ? fixture.close() : undefined));
  await upsertAll(fixture.container, sampleDocuments({ fromMs: nowMs - 120_000, toMs: nowMs - 12_000 }));
  const opened = await openPage(browser, 'dark', desktop);
  context.after(() => opened.context.close());
  const { page } = opened;
  await page.goto(fixture.url);
  await page.locator('#standing', { hasText: 'Live' }).waitFor();
  await page.locator(shownFigure, { hasNotText: '–' }).waitFor();
  const figures = await keyFigureTexts(page);

  await fixture.stopCosmos();
  await page.locator('#notice', { hasText: 'Cosmos DB has not answered' }).waitFor();
  assert.deepEqual(await keyFigureTexts(page), figures);
  await fixture.startCosmosAgain();
  await page.locator('#standing', { hasText: 'Live' }).waitFor();

  isOpen = false;
  await fixture.close();
  await page.locator('#notice', { hasText: 'The connection was lost' }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Try again now' }).isVisible());
  const levels = await page.locator('.health-item').evaluateAll((items) => items.map((item) => item.getAttribute('data-level')));
  assert.deepEqual(new Set(levels), new Set(['unknown']), 'health of some time ago is not called fine');
  assert.deepEqual(await keyFigureTexts(page), figures);
});
