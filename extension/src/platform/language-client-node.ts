/** The language server as a process of its own, spoken to over its channel. Knows no feature. */
import { type ExtensionContext, Uri } from 'vscode';
import { type BaseLanguageClient, LanguageClient, type LanguageClientOptions, TransportKind } from 'vscode-languageclient/node';

export type CreateLanguageClient = (options: LanguageClientOptions) => BaseLanguageClient;

export function nodeLanguageClient(context: ExtensionContext): CreateLanguageClient {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'language-server.cjs').fsPath;
  return (options) => new LanguageClient('asaql', 'Asaql', { module, transport: TransportKind.ipc }, options);
}
