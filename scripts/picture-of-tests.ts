/** Draws docs/images/testing-dark.png and testing-light.png: what `asaql test` shows of a failing case, by a headless browser. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

const root = dirname(import.meta.dirname);
const themes = {
  dark: { back: '#1e1e1e', text: '#d4d4d4', 31: '#f14c4c', 32: '#23d18b', 33: '#e5e510', 90: '#8b949e' },
  light: { back: '#ffffff', text: '#1f2328', 31: '#cd3131', 32: '#00783f', 33: '#8a6d00', 90: '#656d76' },
} as const;

/** The case of docs/testing.md whose second click is late. */
function failing(): string {
  const page = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'asaql-picture-'));
  try {
    for (const [, path = '', content = ''] of page.matchAll(/<!-- file: (late\/late\.\S+) -->\n```\w+\n([\s\S]*?)```/g)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const argv = [join(root, 'pipeline', 'bin', 'asaql.mjs'), 'test', 'late'];
    const { stdout } = spawnSync(process.execPath, argv, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '1' },
    });
    return `$ asaql test late\n${stdout}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const escapeSign = String.fromCharCode(27);
const coloured = new RegExp(`${escapeSign}\\[(\\d+)m([\\s\\S]*?)${escapeSign}\\[0m`, 'g');

function html(text: string, theme: (typeof themes)[keyof typeof themes]): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const body = escaped.replace(coloured, (_, code: string, inner: string) => {
    const colour = theme[Number(code) as 31];
    return `<span style="${colour === undefined ? 'font-weight:bold' : `color:${colour}`}">${inner}</span>`;
  });
  const style = `background:${theme.back};color:${theme.text};margin:0;padding:16px;font:14px/1.45 'DejaVu Sans Mono',monospace;width:max-content`;
  return `<body style="margin:0"><pre style="${style}">${body}</pre></body>`;
}

const text = failing();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  for (const [name, theme] of Object.entries(themes)) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, deviceScaleFactor: 2 });
    await page.setContent(html(text, theme));
    await page.locator('pre').screenshot({ path: join(root, 'docs', 'images', `testing-${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
}
