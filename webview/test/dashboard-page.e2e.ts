// The same page in an editor: messages come by postMessage, colours by the editor's variables, and a day of data stays fluent.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildDashboard } from '../build.ts';
import type { HostMessage } from '../src/protocol/index.ts';
import { PROTOCOL_VERSION } from '../src/protocol/index.ts';
import { randomFrom, sampleHealth, sampleSections, sampleSnapshot, sampleSource } from './support/sample-messages.ts';

const origin = 'http://editor.test';
/** The policy that the editor's own guide asks for, with the origin in place of its resource scheme. */
const policy = `default-src 'none'; img-src data:; script-src ${origin}; style-src ${origin}`;
const atMs = Date.parse('2026-01-15T12:00:15Z');

let browser: Browser;
let pageDir: string;

before(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'asaql-webview-'));
  await buildDashboard(pageDir);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});

after(async () => {
  await browser.close();
  await rm(pageDir, { recursive: true });
});

/** What the editor does before a page of its own runs: gives it the API once, and marks the body with the theme. */
function playEditor(): void {
  const sent: unknown[] = [];
  let state: unknown;
  Object.assign(globalThis, {
    sentToEditor: sent,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => sent.push(message),
      getState: () => state,
      setState: (value: unknown) => {
        state = value;
      },
    }),
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.body.dataset.vscodeThemeKind = 'vscode-dark';
    document.documentElement.style.setProperty('--vscode-foreground', 'rgb(1, 2, 3)');
    document.documentElement.style.setProperty('--vscode-editor-background', 'rgb(250, 250, 250)');
    document.documentElement.style.setProperty('--vscode-charts-blue', 'rgb(10, 20, 200)');
  });
}

async function openInEditor(): Promise<{ page: Page; troubles: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const type = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html';
    const headers = { 'content-security-policy': policy, 'content-type': type };
    await route.fulfill({ headers, body: await readFile(join(pageDir, name)) });
  });
  await page.addInitScript(playEditor);
  await page.goto(`${origin}/`);
  return { page, troubles };
}

function post(page: Page, message: unknown): Promise<void> {
  return page.evaluate((value) => window.postMessage(value, '*'), message);
}

test("in an editor the page speaks by postMessage and wears the editor's colours", async () => {
  const { page, troubles } = await openInEditor();
  assert.deepEqual(await page.evaluate('sentToEditor'), [{ version: PROTOCOL_VERSION, kind: 'ready', range: '1h' }]);
  for (const message of [sampleSource(atMs), sampleHealth(atMs), sampleSnapshot('1h', atMs)]) await post(page, message);
  await page.locator('[data-figure=viewers]', { hasText: '4,312' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Theme' }).count(), 0, "the theme is the editor's");
  const colours = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return [style.color, style.backgroundColor];
  });
  assert.deepEqual(colours, ['rgb(1, 2, 3)', 'rgb(250, 250, 250)']);
  await page.getByRole('combobox', { name: 'Range' }).focus();
  for (const key of ['Space', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  assert.deepEqual(await page.evaluate('sentToEditor.at(-1)'), { version: PROTOCOL_VERSION, kind: 'range', range: '6h' });
  assert.deepEqual(troubles, []);
  await page.close();
});

test('a host of another protocol version is named, not misread', async () => {
  const { page } = await openInEditor();
  await post(page, { ...sampleSource(atMs), version: PROTOCOL_VERSION + 1 });
  await page.locator('#notice', { hasText: 'different versions' }).waitFor();
  await page.close();
});

/** A day at full resolution: finer than hosts send, so that the page itself is what is measured. */
function dayInFull(): HostMessage {
  const random = randomFrom(3);
  const points = Array.from({ length: 8_640 }, (_, index) => {
    const viewers = 4_000 + Math.round(900 * Math.sin(index / 700) + 300 * random());
    return { endMs: atMs - (8_640 - index) * 10_000, viewers, peakViewers: viewers, events: viewers * 2 };
  });
  return { ...sampleSnapshot('24h', atMs), points };
}

/** The update number `index`: with every section changed, or as most seconds are. */
function updateOf(index: number, isFull: boolean, random: () => number): HostMessage[] {
  const nowMs = atMs + index * 10_000;
  const { now, ...others } = sampleSections(nowMs, random);
  const changed = now && { ...now, viewers: 4_000 + index };
  const delta: HostMessage = {
    version: PROTOCOL_VERSION,
    kind: 'delta',
    atMs: nowMs,
    range: '24h',
    sections: isFull ? { now: changed, ...others } : { now: changed, totals: others.totals },
    points: [{ endMs: nowMs, viewers: 4_000 + index, peakViewers: 4_100, events: 9_000 }],
    pointsFromMs: nowMs - 86_400_000,
  };
  return [delta, sampleHealth(nowMs)];
}

/** Posts updates one after the other, each when the one before has been drawn; returns milliseconds per update. */
async function costOf(page: Page, updates: readonly HostMessage[][]): Promise<Record<string, number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const metrics = async () => {
    const answer = await session.send('Performance.getMetrics');
    return Object.fromEntries(answer.metrics.map((metric) => [metric.name, metric.value]));
  };
  const start = await metrics();
  await page.evaluate(async (list) => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (const update of list) {
      for (const message of update) window.postMessage(message, '*');
      // The page draws with the frame after the message, its charts with the one after that.
      for (let frame = 0; frame < 3; frame++) await nextFrame();
    }
  }, updates as HostMessage[][]);
  const end = await metrics();
  const names = { script: 'ScriptDuration', layout: 'LayoutDuration', style: 'RecalcStyleDuration', all: 'TaskDuration' };
  return Object.fromEntries(
    Object.entries(names).map(([name, metric]) => [name, (((end[metric] ?? 0) - (start[metric] ?? 0)) * 1_000) / updates.length]),
  );
}

test('eighty updates over a day of data are all drawn, at the cost that is printed', async () => {
  const { page, troubles } = await openInEditor();
  await page.getByRole('combobox', { name: 'Range' }).focus();
  for (const key of ['Space', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  for (const message of [sampleSource(atMs), dayInFull()]) await post(page, message);
  await page.locator('#viewers canvas').waitFor();
  const random = randomFrom(5);
  const usual = Array.from({ length: 40 }, (_, index) => updateOf(index, false, random));
  const full = Array.from({ length: 40 }, (_, index) => updateOf(40 + index, true, random));
  const costs = { 'as most seconds are': await costOf(page, usual), 'with every section changed': await costOf(page, full) };
  for (const [name, cost] of Object.entries(costs)) {
    const figures = Object.entries(cost).map(([part, ms]) => `${part} ${ms.toFixed(1)} ms`);
    console.log(`an update over 8,640 points ${name}: ${figures.join(', ')}`);
  }
  assert.equal(await page.locator('[data-figure=viewers]').textContent(), '4,079');
  assert.deepEqual(troubles, []);
  await page.close();
});
