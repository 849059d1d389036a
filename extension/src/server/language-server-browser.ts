/** The language server in a worker of a browser, where there are no files: each document is checked on its own. */
import { hostWithoutProjects, serve } from '@asaql/language-server/without-node';
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';

const scope = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
serve(
  createConnection(ProposedFeatures.all, new BrowserMessageReader(scope), new BrowserMessageWriter(scope)),
  hostWithoutProjects,
);
