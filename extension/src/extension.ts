/** The extension in an editor that has Node: puts the features together. Everything else stands behind their doors. */
import type { ExtensionContext } from 'vscode';
import { startDashboard } from './features/dashboard/index.ts';
import { startJobDiagram } from './features/job-diagram/index.ts';
import { startLanguage } from './features/language/index.ts';
import { startLocalPipeline } from './features/local-pipeline/index.ts';
import { startPreview } from './features/preview/index.ts';
import { startProjectView } from './features/project-view/index.ts';
import { PipelineClient } from './local-run/pipeline-client.ts';
import { nodeLanguageClient } from './platform/language-client-node.ts';
import { createLog } from './platform/log.ts';
import { nodeRunWorker } from './platform/run-worker-node.ts';

export function activate(context: ExtensionContext): void {
  const log = createLog(context);
  startLanguage(context, log, nodeLanguageClient(context));
  startJobDiagram(context, log, startPreview(context, log, nodeRunWorker(context)));
  startProjectView(context, log);
  const { client } = startLocalPipeline(context, log, (options) => new PipelineClient(options));
  startDashboard(context, log, client);
}
