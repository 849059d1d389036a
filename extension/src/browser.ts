/** The extension in a browser, without Node: the language, each file by itself, and the preview. */
import type { ExtensionContext } from 'vscode';
import { startJobDiagram } from './features/job-diagram/index.ts';
import { startLanguage } from './features/language/index.ts';
import { startPreview } from './features/preview/index.ts';
import { startProjectView } from './features/project-view/index.ts';
import { browserLanguageClient } from './platform/language-client-browser.ts';
import { createLog } from './platform/log.ts';
import { browserRunWorker } from './platform/run-worker-browser.ts';

export function activate(context: ExtensionContext): void {
  const log = createLog(context);
  startLanguage(context, log, browserLanguageClient(context));
  startJobDiagram(context, log, startPreview(context, log, browserRunWorker(context)));
  startProjectView(context, log);
}
