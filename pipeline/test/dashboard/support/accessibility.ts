// Asks a page, from within, what is wrong with it for those who hear it or use the keyboard, and with its contrast.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** What is wrong with the page, one line each; empty when all is well. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(await readFile(join(import.meta.dirname, 'accessibility-audit.js'), 'utf8'));
}
