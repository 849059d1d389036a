/**
 * The packaged extension in a real VS Code, as a person uses it: a diagnostic and its fix, rows that change with the text, the
 * diagram, the local pipeline from the palette, live figures and the dashboard, in four themes. With ASAQL_PICTURES=FOLDER it
 * also writes the pictures of the documents.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { packageExtension } from '../build.ts';
import { CodeServer } from './support/code-server.ts';
import { launchChromium, Workbench, waitMs } from './support/workbench.ts';

const project = join(import.meta.dirname, '..', '..', 'stream-analytics');
const pictures = process.env.ASAQL_PICTURES;
let server: CodeServer;
let browser: Browser;
let folder: string;
let window: Workbench;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asaql-workspace-'));
  cpSync(project, folder, { recursive: true });
  // Without its local input the project is previewed over the generator's 10,000 events.
  rmSync(join(folder, 'Inputs', 'Local_eventhub-input.json'), { force: true });
  writeFileSync(join(folder, 'scratch.asaql'), 'SELECT deviceId INTO [out] FROM [in]\n');
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  server = await CodeServer.start({
    vsix: await packageExtension(),
    settings: { 'asaql.checkAs': 'alone', 'asaql.generator.eventsPerSecond': 50, 'asaql.localPipeline.aloneSeconds': 5 },
  });
  browser = await launchChromium();
  window = await Workbench.open(browser, server.windowOn(folder));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
});

async function picture(name: string): Promise<void> {
  if (pictures !== undefined) await window.page.screenshot({ path: join(pictures, `${name}.png`) });
}

test('a diagnostic appears while one types, and its quick fix mends the query', async () => {
  await window.openFile('scratch.asaql');
  await window.replaceText('SELECT LENN(deviceId) AS size INTO [out] FROM [in]');
  const squiggle = window.editor.locator('.squiggly-error');
  await squiggle.first().waitFor();
  await window.goTo(1, 9);
  await window.quickFix('Change to LEN');
  await window.editor.locator('.view-line', { hasText: 'LEN(deviceId)' }).first().waitFor();
  await squiggle.first().waitFor({ state: 'detached' });
  // The type that is shown behind a name is no text.
  const text = (await window.text()).replace(': bigint', '');
  assert.equal(text, 'SELECT LEN(deviceId) AS size INTO [out] FROM [in]');
});

test('rows of the preview change with the text, and an error leaves the last ones where they are', async () => {
  await window.openFile('scratch.asaql');
  await window.replaceText(
    "SELECT user_id, device_type INTO [out] FROM [in] TIMESTAMP BY [timestamp] WHERE device_type = 'mobile'",
  );
  await window.run('Asaql: Preview Query');
  const preview = await window.webviewWith('body.preview');
  const cell = preview.locator('.grid-cell', { hasText: /^mobile$/ });
  await cell.first().waitFor();
  await window.replaceText(
    "SELECT user_id, device_type INTO [out] FROM [in] TIMESTAMP BY [timestamp] WHERE device_type = 'tablet'",
  );
  await preview
    .locator('.grid-cell', { hasText: /^tablet$/ })
    .first()
    .waitFor();
  assert.equal(await cell.count(), 0);
  await window.replaceText('SELECT user_id, INTO');
  await preview.locator('.problems li').first().waitFor();
  assert.ok((await preview.locator('.grid-cell', { hasText: /^tablet$/ }).count()) > 0);
});

test('a cell is followed back to its events, and the watermark can be moved back', async () => {
  await window.openFile('realtime_viewer_count.asaql');
  const preview = await window.webviewWith('body.preview');
  const output = preview.locator('[data-table="output:cosmos-viewer-count"]');
  await output.click();
  const [all] = await output.locator('.count').allTextContents();
  await preview.locator('.grid-cell.number').first().click();
  await preview.locator('.event').first().waitFor();
  assert.match(
    (await preview.locator('.trace h2').textContent()) ?? '',
    /^Row 1 comes from \d+ events · viewers is made from user_id$/,
  );
  await picture('preview');
  const slider = preview.locator('input[type=range]');
  await slider.focus();
  for (let presses = 0; presses < 60; presses += 1) await window.page.keyboard.press('ArrowLeft');
  await preview.locator('.timeline-told', { hasText: /watermark .* open: / }).waitFor();
  const told = (await preview.locator('.timeline-told').textContent()) ?? '';
  const rows = Number(/([\d,]+) rows/.exec(told)?.[1]?.replace(',', ''));
  assert.ok(rows > 0 && rows < Number(all?.replace(',', '')), `${told} of ${all}`);
});

test('the diagram shows the job with its counts, and a column its way back', async () => {
  await window.openFile('engagement_scoring.asaql');
  await window.run('Asaql: Show Job Diagram');
  const diagram = await window.webviewWith('body.diagram');
  await diagram.locator('[data-node="output:cosmos-engagement"] .node-count', { hasText: /\d/ }).waitFor();
  await diagram.locator('[data-node="output:cosmos-engagement"]').click();
  await diagram.locator('.chip', { hasText: /^user_id$/ }).click();
  await diagram.locator('.origin', { hasText: /user_id is made from .*user_id/ }).waitFor();
  await diagram.locator('.grid-row').first().waitFor();
  await window.run('View: Maximize Editor Group and Hide Side Bars');
  await diagram.locator('.node.on').first().waitFor();
  await picture('diagram');
  await window.run('View: Reset Editor Group Sizes');
});

test('the local pipeline starts from the palette; figures live in the side bar and in the dashboard; themes; it stops', async () => {
  await window.run('Asaql: Start Local Pipeline');
  const rate = window.page.locator('.statusbar-item', { hasText: /[1-9][\d.]* events\/s/ });
  await rate.waitFor({ timeout: 2 * waitMs });
  await window.notified('The local pipeline runs');
  await window.run('View: Show Asaql');
  const metrics = await window.webviewWith('body.metrics');
  await metrics.locator('.health-value', { hasText: /[1-9]/ }).first().waitFor();
  await metrics
    .locator('.figures', { hasText: /[1-9]\d* / })
    .first()
    .waitFor({ timeout: 2 * waitMs });
  await window.run('Asaql: Open Dashboard');
  const dashboard = await window.webviewWith('.grid #viewers, .grid section');
  await dashboard
    .locator('canvas')
    .first()
    .waitFor({ timeout: 2 * waitMs });
  for (const [name, title, kind] of [
    ['light', 'Light Modern', 'vs'],
    ['high-contrast', 'Dark High Contrast', 'hc-black'],
    ['dark', 'Dark Modern', 'vs-dark'],
  ] as const) {
    await window.chooseTheme(title, kind);
    await picture(`dashboard-in-editor-${name}`);
  }
  await window.run('Asaql: Stop Local Pipeline');
  await rate.waitFor({ state: 'hidden', timeout: 2 * waitMs });
  await window.notified('The local pipeline has stopped');
});
