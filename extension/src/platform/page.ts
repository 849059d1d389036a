/**
 * Pages in webviews: built script and style from the extension, a policy that lets nothing else in, and messages both ways.
 * Knows no feature.
 */
import { type ExtensionContext, Uri, ViewColumn, type Webview, window } from 'vscode';

export type PageName = 'preview' | 'diagram' | 'dashboard' | 'metrics';

/** The column beside a query's editor, where what is shown of it belongs. */
export function besideQuery(): ViewColumn {
  const editor = window.visibleTextEditors.find(({ document }) => document.uri.path.endsWith('.asaql'));
  return editor?.viewColumn === undefined ? ViewColumn.Beside : editor.viewColumn + 1;
}

/** Fills a webview with a page. Nothing comes from elsewhere, and no script but the page's own runs. */
export function fillPage(context: ExtensionContext, webview: Webview, name: PageName, title: string): void {
  const folder = Uri.joinPath(context.extensionUri, 'dist', 'pages');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const [script, style] = [`${name}.js`, `${name}.css`].map((file) =>
    webview.asWebviewUri(Uri.joinPath(folder, file)).toString(),
  );
  const policy = [
    `default-src 'none'`,
    `script-src ${webview.cspSource}`,
    // Charts put sizes and colours into style attributes.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  webview.html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="${style}" />
  </head>
  <body>
    <script type="module" src="${script}"></script>
  </body>
</html>`;
}
