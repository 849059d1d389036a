/** The dashboard in an editor tab, and its key figures in the side bar: the same pages that a browser shows. */
import { DEFAULT_RANGE, isPageMessage } from '@asaql/webview/protocol';
import {
  Disposable,
  type ExtensionContext,
  Uri,
  ViewColumn,
  type Webview,
  type WebviewPanel,
  type WebviewView,
  window,
} from 'vscode';
import type { OpenPage, PipelineClient } from '../../local-run/pipeline-client.ts';
import { registerCommand } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';
import { fillPage, type PageName } from '../../platform/page.ts';

const viewType = 'asaql.dashboard';

export function startDashboard(context: ExtensionContext, log: Log, client: PipelineClient): void {
  let open: WebviewPanel | null = null;
  const adopt = (panel: WebviewPanel) => {
    open = panel;
    panel.iconPath = Uri.joinPath(context.extensionUri, 'images', 'icon.png');
    const page = servePage(context, client, panel.webview, 'dashboard', 'Dashboard');
    panel.onDidDispose(() => {
      open = null;
      page.dispose();
    });
  };
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel: async (panel) => adopt(panel) }),
    window.registerWebviewViewProvider('asaql.metrics', {
      resolveWebviewView: (view: WebviewView) => {
        const page = servePage(context, client, view.webview, 'metrics', 'Live metrics');
        view.onDidDispose(() => page.dispose());
      },
    }),
  );
  registerCommand(context, log, 'asaql.openDashboard', async () => {
    if (client.status?.phase !== 'running') throw new Error('There is nothing to show yet: start the local pipeline first.');
    if (open === null) adopt(window.createWebviewPanel(viewType, 'Dashboard', ViewColumn.Active, {}));
    else open.reveal();
  });
}

/** A hidden page is thrown away; when it comes back it says that it is ready, and is served anew. */
function servePage(
  context: ExtensionContext,
  client: PipelineClient,
  webview: Webview,
  name: PageName,
  title: string,
): Disposable {
  let page: OpenPage | null = null;
  const listening = webview.onDidReceiveMessage((message: unknown) => {
    if (!isPageMessage(message)) return;
    if (message.kind === 'ready') {
      page?.close();
      page = client.openPage(message.range ?? DEFAULT_RANGE, (told) => void webview.postMessage(told));
    } else page?.chooseRange(message.range);
  });
  fillPage(context, webview, name, title);
  return new Disposable(() => {
    listening.dispose();
    page?.close();
  });
}
