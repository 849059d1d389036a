/** The mocha suite inside the extension host of a real VS Code, over the packaged extension. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageExtension } from '../build.ts';
import { buildSuite } from './in-host/build-suite.ts';
import { CodeServer } from './support/code-server.ts';
import { launchChromium } from './support/workbench.ts';
import { installVsCode } from './vscode/install-vscode.ts';

test('the suite inside the extension host', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-in-host-'));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const [workspace, driver] = [join(folder, 'workspace'), join(folder, 'driver')];
  cpSync(join(import.meta.dirname, '..', '..', 'stream-analytics'), workspace, { recursive: true });
  // The suite needs an extension under development to come with: an empty one, so that the packaged one is what runs.
  mkdirSync(driver);
  writeFileSync(
    join(driver, 'package.json'),
    JSON.stringify({ name: 'driver', publisher: 'asaql-test', version: '0.0.1', engines: { vscode: '*' } }),
  );
  const { runner, suite } = await buildSuite(join(folder, 'suite'));
  const result = join(folder, 'result.json');
  const server = await CodeServer.start({
    vsix: await packageExtension(),
    environment: { ASAQL_MOCHA: installVsCode().mocha, ASAQL_SUITE: suite, ASAQL_RESULT: result },
  });
  context.after(() => server.stop());
  const browser = await launchChromium();
  context.after(() => browser.close());
  const page = await browser.newPage();
  const ended = new EventTarget();
  await page.exposeFunction('codeAutomationLog', () => undefined);
  await page.exposeFunction('codeAutomationExit', () => ended.dispatchEvent(new Event('ended')));
  const done = once(ended, 'ended', { signal: AbortSignal.timeout(240_000) });
  const remote = `vscode-remote://${new URL(server.url).host}`;
  await page.goto(
    server.windowOn(workspace, [
      ['extensionDevelopmentPath', `${remote}${driver}`],
      ['extensionTestsPath', `${remote}${runner}`],
    ]),
  );
  await done;
  assert.ok(existsSync(result), 'The suite said nothing.');
  const told = JSON.parse(readFileSync(result, 'utf8')) as { name: string; error: string | null }[];
  assert.ok(told.length >= 5);
  assert.deepEqual(
    told.filter(({ error }) => error !== null),
    [],
  );
});
