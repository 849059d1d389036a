/** The job as a picture: inputs, steps and outputs, with row counts, and which column is made from which. */
import type { PreviewPageMessage } from '@asaql/webview/protocol';
import { commands, type Disposable, type ExtensionContext, type WebviewPanel, window } from 'vscode';
import { registerCommand } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';
import { besideQuery, fillPage } from '../../platform/page.ts';

const viewType = 'asaql.jobDiagram';

export interface DiagramSource {
  readonly talkTo: (webview: WebviewPanel['webview'], other: (message: PreviewPageMessage) => void) => Disposable;
  readonly followActive: () => boolean;
}

export function startJobDiagram(context: ExtensionContext, log: Log, source: DiagramSource): void {
  let open: WebviewPanel | null = null;
  const adopt = (panel: WebviewPanel) => {
    open = panel;
    const talk = source.talkTo(panel.webview, (message) => {
      if (message.kind === 'choose-table') void commands.executeCommand('asaql.previewStep', undefined, message.table);
      if (message.kind === 'choose-sample') void commands.executeCommand('asaql.chooseSample');
    });
    fillPage(context, panel.webview, 'diagram', 'Job diagram');
    panel.onDidDispose(() => {
      open = null;
      talk.dispose();
    });
  };
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel) => {
        source.followActive();
        adopt(panel);
      },
    }),
  );
  registerCommand(context, log, 'asaql.showJobDiagram', async () => {
    if (!source.followActive()) throw new Error('No query is open: open an .asaql file, then show its diagram.');
    if (open === null)
      adopt(window.createWebviewPanel(viewType, 'Job diagram', { viewColumn: besideQuery(), preserveFocus: true }, {}));
    else open.reveal(undefined, true);
  });
}
