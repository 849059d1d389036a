/**
 * The language in the editor: diagnostics, completion and all else that the language server gives. Must not know how the
 * server is run.
 */
import { type CodeLens, type ExtensionContext, type TextDocument, workspace } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, vsdiag } from 'vscode-languageclient';
import { registerCommand } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';

/** Starts at once and does not wait: nothing else needs the server. */
export function startLanguage(
  context: ExtensionContext,
  log: Log,
  createClient: (options: LanguageClientOptions) => BaseLanguageClient,
): BaseLanguageClient {
  const client = createClient({
    // By its ending too: another extension may own the files under a name of its own.
    documentSelector: [{ language: 'asaql' }, { pattern: '**/*.asaql' }],
    outputChannel: log,
    middleware: {
      provideCodeLenses: async (document, token, next) =>
        (await next(document, token))?.map((lens) => withPreview(document, lens)),
      handleDiagnostics: (uri, diagnostics, next) => next(uri, areShown() ? diagnostics : []),
      provideDiagnostics: (document, previous, token, next) =>
        areShown() ? next(document, previous, token) : { kind: vsdiag.DocumentDiagnosticReportKind.full, items: [] },
    },
  });
  context.subscriptions.push(
    client,
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('asaql.diagnostics')) void restart();
    }),
  );
  const start = () => client.start().catch((error: unknown) => log.error('The language server did not start.', error));
  const restart = async () => {
    if (client.isRunning()) await client.stop();
    await start();
  };
  registerCommand(context, log, 'asaql.restartLanguageServer', async () => {
    await restart();
  });
  void start();
  return client;
}

/** A click on the line above a step or a statement shows its rows. The server does not know what an editor can do. */
function withPreview(document: TextDocument, lens: CodeLens): CodeLens {
  const title = lens.command?.title ?? '';
  const output = / · into (.+)$/.exec(title)?.[1];
  const [step, table] =
    output === undefined
      ? [document.getText(lens.range).replace(/^\[|\]$/g, ''), undefined]
      : [undefined, `output:${output.toLowerCase()}`];
  lens.command = { title, command: 'asaql.previewStep', arguments: [step, table], tooltip: 'Show the rows' };
  return lens;
}

/** Doubled diagnostics help nobody: where a neighbour shows its own, one setting turns ours off. */
function areShown(): boolean {
  return workspace.getConfiguration('asaql').get('diagnostics.enabled', true);
}
