// Takes the pictures of the dashboard that the documents show: node pipeline/test/dashboard/capture-pictures.ts http://127.0.0.1:8600/
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium, openPage } from './support/chromium.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

/** Where the documents look for the picture of a theme. */
export function picturePath(theme: 'light' | 'dark'): string {
  return join(repository, 'docs', 'images', `dashboard-${theme}.png`);
}

/** Writes docs/images/dashboard-light.png and dashboard-dark.png of the dashboard at `url`, once it shows figures. */
export async function capturePictures(url: string): Promise<void> {
  await mkdir(join(repository, 'docs', 'images'), { recursive: true });
  const browser = await launchChromium();
  try {
    for (const theme of ['light', 'dark'] as const) {
      const { page, context } = await openPage(browser, theme, { width: 1440, height: 900 });
      await page.goto(url);
      await page.locator('[data-figure=viewers]', { hasNotText: '–' }).waitFor();
      await page.locator('#cities canvas').waitFor();
      await page.screenshot({ path: picturePath(theme), fullPage: true });
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

if (import.meta.main) await capturePictures(process.argv[2] ?? 'http://127.0.0.1:8600/');
