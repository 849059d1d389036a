/** Sees to it that the dashboard's page is built: once after a change of its sources, in a second. */
import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const webview = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('@asaql/webview/protocol')))));

export async function ensurePage(): Promise<void> {
  const page = join(webview, 'dist', 'dashboard', 'index.html');
  const builtMs = existsSync(page) ? statSync(page).mtimeMs : 0;
  const sources = globSync(['src/**/*', 'build.ts', 'package.json'], { cwd: webview });
  if (sources.every((file) => statSync(join(webview, file)).mtimeMs <= builtMs)) return;
  const { buildDashboard } = (await import('@asaql/webview/build')) as { buildDashboard: () => Promise<unknown> };
  await buildDashboard();
}
