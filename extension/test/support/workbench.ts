/** A window of VS Code in a headless Chromium, by what a person does in it. */
import process from 'node:process';
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';

export const waitMs = 60_000;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });
}

export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(waitMs);
  }

  /** Opens a window and waits until it is ready to be used. */
  static async open(browser: Browser, address: string, size = { width: 1440, height: 900 }): Promise<Workbench> {
    const context = await browser.newContext({ viewport: size, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(address);
    const workbench = new Workbench(page);
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.statusbar-item').first().waitFor();
    return workbench;
  }

  /** Runs a command by its title in the palette. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<Locator> {
    await this.page.keyboard.press('Control+P');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(name);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: name.split('/').at(-1) as string })
      .first()
      .click();
    const editor = this.editor;
    await editor.waitFor();
    await this.page.locator('.tab.active', { hasText: name.split('/').at(-1) as string }).waitFor();
    return editor;
  }

  get editor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor[role=code]').first();
  }

  /** Replaces the text of the active editor; no bracket closes itself in a paste. */
  async replaceText(text: string): Promise<void> {
    await this.editor.locator('.view-lines').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Puts the cursor at a line and column, from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Chooses a quick fix at the cursor: asked for again until the server has looked at the text. */
  async quickFix(title: string): Promise<void> {
    const choice = this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    for (let patienceMs = waitMs; ; patienceMs -= 3_000) {
      await this.page.keyboard.press('Control+.');
      try {
        await choice.click({ timeout: Math.min(3_000, patienceMs) });
        return;
      } catch (error) {
        if (patienceMs <= 3_000) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The text of the active editor, line by line as it is seen. */
  async text(): Promise<string> {
    const lines = await this.editor.locator('.view-line').allTextContents();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The page of the webview that holds such an element: there may be several. */
  async webviewWith(selector: string): Promise<FrameLocator> {
    for (let patienceMs = waitMs; ; patienceMs -= 250) {
      const frames = this.page.locator('iframe.webview.ready');
      for (let index = 0; index < (await frames.count()); index += 1) {
        const inner = frames.nth(index).contentFrame().locator('iframe#active-frame').contentFrame();
        if ((await inner.locator(selector).count()) > 0) return inner;
      }
      if (patienceMs <= 0) throw new Error(`No webview holds ${selector}.`);
      await this.page.waitForTimeout(250);
    }
  }

  /** Waits for a message in the list of notifications, and clears the list. */
  async notified(text: string): Promise<void> {
    await this.run('Notifications: Show Notifications');
    await this.page.locator('.notifications-center .notification-list-item', { hasText: text }).waitFor();
    await this.run('Notifications: Clear All Notifications');
  }

  /** Changes the colour theme as a person does, and waits until it is there. */
  async chooseTheme(title: string, kind: 'vs' | 'vs-dark' | 'hc-black'): Promise<void> {
    await this.run('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.fill(title);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
