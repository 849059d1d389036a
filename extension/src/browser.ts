/** The extension in a browser, without Node: the language, each file by itself. */
import type { ExtensionContext } from 'vscode';
import { startLanguage } from './features/language/index.ts';
import { browserLanguageClient } from './platform/language-client-browser.ts';
import { createLog } from './platform/log.ts';

export function activate(context: ExtensionContext): void {
  const log = createLog(context);
  startLanguage(context, log, browserLanguageClient(context));
}
