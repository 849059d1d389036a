/** The preview: rows of every output and step beside the query, while one types. */
import { PROTOCOL_VERSION, type PreviewPageMessage, type PreviewResult } from '@asaql/webview/protocol';
import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  type ExtensionContext,
  languages,
  Range,
  type TextDocument,
  type TextEditor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { registerCommand } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';
import { besideQuery, fillPage } from '../../platform/page.ts';
import { QueryRunner, type StartRunWorker } from '../../query-run/query-runner.ts';
import { talkTo } from './page-talk.ts';
import { PreviewSession } from './preview-session.ts';
import { chooseSample } from './sample.ts';

const viewType = 'asaql.preview';

export interface Preview {
  /** Connects a page that shows the same query in another way. */
  readonly talkTo: (webview: WebviewPanel['webview'], other: (message: PreviewPageMessage) => void) => Disposable;
  /** Turns to the query of the active editor, where there is one; false where no query is open. */
  readonly followActive: () => boolean;
}

export function startPreview(context: ExtensionContext, log: Log, startWorker: StartRunWorker): Preview {
  const session = new PreviewSession(context, log, new QueryRunner(startWorker));
  const panel = new PreviewPanel(context, log, session);
  const problems = languages.createDiagnosticCollection('asaql preview');
  context.subscriptions.push(
    problems,
    session.onResult(({ document, result }) => problems.set(document.uri, runProblems(document, result))),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isQuery(editor.document) && panel.isOpen) session.follow(editor.document);
    }),
    window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel: async (revived) => panel.revive(revived) }),
  );
  registerCommand(context, log, 'asaql.previewQuery', async () => panel.open(queryEditor().document));
  registerCommand(context, log, 'asaql.previewSelection', async () => {
    const { document, selection } = queryEditor();
    if (selection.isEmpty) throw new Error('Nothing is selected: select a SELECT or a step, then preview it.');
    panel.open(document, { kind: 'selection', start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) });
  });
  registerCommand(context, log, 'asaql.previewStep', async (name?: string, table?: string) => {
    const { document } = queryEditor();
    if (name !== undefined) panel.open(document, { kind: 'step', name }, table);
    else panel.open(document, { kind: 'all' }, table);
  });
  registerCommand(context, log, 'asaql.chooseSample', async () => {
    if ((await chooseSample(context, session.project)) !== undefined) session.forgetSample();
  });
  return {
    talkTo: (webview, other) => talkTo(webview, session, log, other),
    followActive: () => {
      const editor = findQueryEditor();
      if (editor !== undefined && editor.document !== session.document) session.follow(editor.document);
      return editor !== undefined || session.document !== null;
    },
  };
}

class PreviewPanel {
  readonly #context: ExtensionContext;
  readonly #log: Log;
  readonly #session: PreviewSession;
  #panel: WebviewPanel | null = null;
  #wantedTable: string | undefined;

  constructor(context: ExtensionContext, log: Log, session: PreviewSession) {
    this.#context = context;
    this.#log = log;
    this.#session = session;
  }

  get isOpen(): boolean {
    return this.#panel !== null;
  }

  open(document: TextDocument, focus: Parameters<PreviewSession['follow']>[1] = { kind: 'all' }, table?: string): void {
    this.#wantedTable = table;
    this.#session.follow(document, focus);
    if (this.#panel === null) {
      const place = { viewColumn: besideQuery(), preserveFocus: true };
      this.#adopt(window.createWebviewPanel(viewType, 'Preview', place, { enableFindWidget: true }));
    } else this.#panel.reveal(undefined, true);
    if (table !== undefined) this.#select(table);
  }

  /** After the window was loaded anew. */
  revive(panel: WebviewPanel): void {
    const editor = findQueryEditor();
    if (editor !== undefined) this.#session.follow(editor.document);
    this.#adopt(panel);
  }

  #adopt(panel: WebviewPanel): void {
    this.#panel = panel;
    panel.iconPath = {
      light: Uri.joinPath(this.#context.extensionUri, 'images', 'query-light.svg'),
      dark: Uri.joinPath(this.#context.extensionUri, 'images', 'query-dark.svg'),
    };
    const talk = talkTo(panel.webview, this.#session, this.#log, (message) => this.#receive(message));
    fillPage(this.#context, panel.webview, 'preview', 'Preview');
    const titled = this.#session.onResult(({ document }) => {
      panel.title = `Preview ${document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1)}`;
    });
    panel.onDidDispose(() => {
      this.#panel = null;
      Disposable.from(talk, titled).dispose();
    });
  }

  #select(table: string): void {
    void this.#panel?.webview.postMessage({ version: PROTOCOL_VERSION, kind: 'select', table });
  }

  #receive(message: PreviewPageMessage): void {
    const { document } = this.#session;
    if (message.kind === 'open' && this.#wantedTable !== undefined) this.#select(this.#wantedTable);
    else if (message.kind === 'choose-sample') void commands.executeCommand('asaql.chooseSample');
    else if (message.kind === 'run-all' && document !== null) this.#session.follow(document);
    else if (message.kind === 'reveal' && document !== null) reveal(document, message.start, message.end);
  }
}

/** Shows a place of the query in its editor. */
function reveal(document: TextDocument, start: number, end: number): void {
  const selection = new Range(document.positionAt(start), document.positionAt(end));
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  void window.showTextDocument(document, { selection, viewColumn: shown?.viewColumn ?? ViewColumn.One });
}

function isQuery({ languageId, uri }: TextDocument): boolean {
  return languageId === 'asaql' || uri.path.endsWith('.asaql');
}

function findQueryEditor(): TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = window;
  if (activeTextEditor !== undefined && isQuery(activeTextEditor.document)) return activeTextEditor;
  return visibleTextEditors.find(({ document }) => isQuery(document));
}

function queryEditor(): TextEditor {
  const editor = findQueryEditor();
  if (editor === undefined) throw new Error('No query is open: open an .asaql file, then preview it.');
  return editor;
}

/** What only a run finds: the language server has told all the rest. */
function runProblems(document: TextDocument, { problems }: PreviewResult): Diagnostic[] {
  return problems
    .filter(({ code, end, start }) => code === 'ASA9001' || (code === null && end > start))
    .map(({ message, code, start, end }) => {
      const diagnostic = new Diagnostic(
        new Range(document.positionAt(start), document.positionAt(end)),
        message,
        DiagnosticSeverity.Error,
      );
      diagnostic.source = 'asaql preview';
      if (code !== null) diagnostic.code = code;
      return diagnostic;
    });
}
