/** Diagnostics: an editor that asks for them is answered; to any other they are sent when a document has changed. */
import { DiagnosticRefreshRequest, DocumentDiagnosticReportKind } from 'vscode-languageserver/node';
import { DiagnosticsFeed } from '../diagnostics-feed.ts';
import { answer, type Feature, type ServerContext } from '../server-context.ts';
import { toDiagnostic } from '../to-lsp/diagnostic.ts';

export const pulledDiagnostics: Feature = {
  capabilities: { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } },
  register: (context) => {
    const { connection, documents } = context;
    connection.languages.diagnostics.on(async (params, token) => {
      const items = await answer(context, params, token, ({ document, snapshot }) =>
        snapshot.model.diagnostics.map((finding) => toDiagnostic(document, finding)),
      );
      if (items instanceof Error) throw items;
      return { kind: DocumentDiagnosticReportKind.Full, items: items ?? [] };
    });
    if (context.client.workspace?.diagnostics?.refreshSupport !== true) return;
    documents.onEverythingChanged(() => {
      connection.sendRequest(DiagnosticRefreshRequest.type).catch((error: unknown) => {
        connection.console.error(`The editor did not refresh its diagnostics: ${error}`);
      });
    });
  },
};

export const sentDiagnostics: Feature = {
  capabilities: {},
  register: ({ connection, documents }: ServerContext) => {
    const feed = new DiagnosticsFeed({
      documents,
      send: (params) => connection.sendDiagnostics(params),
      nowMs: () => performance.now(),
      reportFailure: (error) => connection.console.error(`Diagnostics failed: ${error instanceof Error ? error.stack : error}`),
    });
    documents.texts.onDidChangeContent(({ document }) => feed.changed(document.uri));
    documents.texts.onDidClose(({ document }) => feed.closed(document.uri));
    documents.onEverythingChanged(() => {
      for (const uri of documents.texts.keys()) feed.changed(uri);
    });
  },
};
