/** The language in a real VS Code, from the packaged extension: a diagnostic while one types, and its quick fix. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { packageExtension } from '../build.ts';
import { CodeServer } from './support/code-server.ts';
import { launchChromium, Workbench } from './support/workbench.ts';

let server: CodeServer;
let browser: Browser;
let folder: string;
let window: Workbench;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asaql-workspace-'));
  writeFileSync(join(folder, 'query.asaql'), 'SELECT deviceId INTO [out] FROM [in]\n');
  server = await CodeServer.start({ vsix: await packageExtension() });
  browser = await launchChromium();
  window = await Workbench.open(browser, server.windowOn(folder));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a diagnostic appears while one types, and its quick fix mends the query', async () => {
  await window.openFile('query.asaql');
  await window.replaceText('SELECT LENN(deviceId) AS size INTO [out] FROM [in]');
  const squiggle = window.editor.locator('.squiggly-error');
  await squiggle.first().waitFor();
  await window.goTo(1, 9);
  await window.quickFix('Change to LEN');
  await window.editor.locator('.view-line', { hasText: 'LEN(deviceId)' }).first().waitFor();
  await squiggle.first().waitFor({ state: 'detached' });
  assert.equal(await window.text(), 'SELECT LEN(deviceId) AS size INTO [out] FROM [in]');
});
