/** The extension in an editor that has Node: puts the features together. Everything else stands behind their doors. */
import type { ExtensionContext } from 'vscode';
import { startLanguage } from './features/language/index.ts';
import { nodeLanguageClient } from './platform/language-client-node.ts';
import { createLog } from './platform/log.ts';

export function activate(context: ExtensionContext): void {
  const log = createLog(context);
  startLanguage(context, log, nodeLanguageClient(context));
}
