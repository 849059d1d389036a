// Debian's Chromium, headless, through playwright-core: a page that speaks UTC and English, and remembers what went wrong in it.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  /** Console errors and warnings (a broken content policy is one), exceptions, and requests that left the origin. */
  troubles: string[];
}

export async function openPage(browser: Browser, theme: string, size: { width: number; height: number }): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: size, timezoneId: 'UTC', locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) troubles.push(`left the origin: ${request.url()}`);
  });
  await page.addInitScript((chosen) => localStorage.setItem('asaql-dashboard', JSON.stringify({ theme: chosen })), theme);
  return { page, context, troubles };
}
