/** The language server in a worker of the browser. Knows no feature. */
import { type ExtensionContext, Uri } from 'vscode';
import { type BaseLanguageClient, LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/browser';

export function browserLanguageClient(context: ExtensionContext): (options: LanguageClientOptions) => BaseLanguageClient {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'browser', 'language-server.js').toString(true);
  return (options) => new LanguageClient('asaql', 'Asaql', async () => new Worker(script), options);
}
