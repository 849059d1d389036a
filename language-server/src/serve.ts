/** The server over a connection: the handshake, settings, changes of projects, and the list of features. Knows no transport. */
import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  PositionEncodingKind,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { codeActions } from './handlers/code-actions.ts';
import { codeLenses } from './handlers/code-lenses.ts';
import { completion } from './handlers/completion.ts';
import { definition } from './handlers/definition.ts';
import { pulledDiagnostics, sentDiagnostics } from './handlers/diagnostics.ts';
import { documentSymbols } from './handlers/document-symbols.ts';
import { foldingRanges } from './handlers/folding-ranges.ts';
import { formatting } from './handlers/formatting.ts';
import { hover } from './handlers/hover.ts';
import { inlayHints } from './handlers/inlay-hints.ts';
import { references } from './handlers/references.ts';
import { rename } from './handlers/rename.ts';
import { selectionRanges } from './handlers/selection-ranges.ts';
import { semanticTokens } from './handlers/semantic-tokens.ts';
import { signatureHelp } from './handlers/signature-help.ts';
import { stepGraph } from './handlers/step-graph.ts';
import { workspaceSymbols } from './handlers/workspace-symbols.ts';
import type { LanguageServerHost } from './host.ts';
import { OpenDocuments } from './open-documents.ts';
import { ProjectProblems } from './project-problems.ts';
import type { Feature } from './server-context.ts';
import { settingsFrom, settingsSection } from './settings.ts';

const features: readonly Feature[] = [
  completion,
  definition,
  formatting,
  hover,
  references,
  rename,
  signatureHelp,
  codeActions,
  codeLenses,
  documentSymbols,
  foldingRanges,
  inlayHints,
  selectionRanges,
  semanticTokens,
  stepGraph,
  workspaceSymbols,
];

/** The files that a project consists of, beside its queries. */
const projectFiles = [
  '**/asaproj.json',
  '**/*.asaproj',
  '**/*.{json,ndjson,csv}',
  '**/Functions/*.js',
  '**/profiles/*.{yaml,yml}',
];

/** Serves until the connection ends. */
export function serve(connection: Connection, host: LanguageServerHost): void {
  const warn = (problem: string): void => {
    const sent = connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: problem });
    sent.catch(() => connection.console.error(problem));
  };
  const problems = new ProjectProblems((params) => {
    connection.sendDiagnostics(params).catch((error: unknown) => connection.console.error(String(error)));
  });
  const documents = new OpenDocuments(host, warn, (project) => problems.show(project));
  let client: ClientCapabilities = {};
  let isInitialized = false;

  const applySettings = (content: unknown): void => {
    const { settings, problems } = settingsFrom(content);
    for (const problem of problems) warn(problem);
    documents.settings = settings;
  };
  /** Where an editor keeps settings it is asked for them; others send them along. */
  const readSettings = async (sent: unknown): Promise<void> => {
    if (client.workspace?.configuration) applySettings(await connection.workspace.getConfiguration(settingsSection));
    else applySettings((sent as Readonly<Record<string, unknown>> | null | undefined)?.[settingsSection]);
  };

  connection.onRequest((method) =>
    isInitialized
      ? new ResponseError(ErrorCodes.MethodNotFound, `${method} is no request that this server knows.`)
      : new ResponseError(ErrorCodes.ServerNotInitialized, 'The first request is initialize.'),
  );
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client = params.capabilities;
    isInitialized = true;
    const all = [...features, client.textDocument?.diagnostic ? pulledDiagnostics : sentDiagnostics];
    applySettings(params.initializationOptions);
    for (const feature of all) feature.register({ connection, documents, client });
    return {
      serverInfo: { name: 'asaql' },
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        ...Object.assign({}, ...all.map(({ capabilities }) => capabilities)),
      },
    };
  });
  connection.onInitialized(async () => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration)
      await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = projectFiles.map((globPattern) => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (client.workspace?.configuration) await readSettings(null);
  });
  connection.onDidChangeConfiguration(({ settings }) => readSettings(settings));
  connection.onDidChangeWatchedFiles(() => documents.forgetProjects());
  documents.texts.listen(connection);
  connection.listen();
}
