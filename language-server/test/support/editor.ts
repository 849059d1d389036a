/** An editor without a screen: the server as a process of its own, spoken to over its standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  ShowMessageNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'pipeline/bin/asaql.mjs');

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** What the editor answers when it is asked for its settings. */
  readonly configuration?: () => unknown;
}

/** A server process without a client. */
export function spawnServer(...options: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, 'lsp', ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
}

export class Editor {
  readonly server: ChildProcess;
  readonly #outgoing = new PassThrough();
  readonly connection: ProtocolConnection;
  /** What the server says to the user. */
  readonly shown: string[] = [];
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();
  initialized: InitializeResult = { capabilities: {} };

  constructor(server: ChildProcess) {
    this.server = server;
    this.connection = createProtocolConnection(new StreamMessageReader(server.stdout!), new StreamMessageWriter(this.#outgoing));
    this.#outgoing.pipe(server.stdin!);
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const editor = new Editor(spawnServer('--stdio'));
    await editor.#initialize(options);
    return editor;
  }

  async #initialize({ capabilities = {}, initializationOptions, configuration }: EditorOptions): Promise<void> {
    const { connection } = this;
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.set(params.uri, params);
      for (const look of [...this.#waiting]) look();
    });
    connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      this.shown.push(message);
      for (const look of [...this.#waiting]) look();
    });
    if (configuration) connection.onRequest('workspace/configuration', () => [configuration()]);
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    this.initialized = await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions,
    });
    await connection.sendNotification('initialized', {});
  }

  open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'asaql', version: 1, text },
    });
  }

  /** One version with these changes; resolves with its number when it is sent. */
  async change(uri: string, ...contentChanges: readonly TextDocumentContentChangeEvent[]): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
    return version;
  }

  /** Types at a place. */
  type(uri: string, line: number, character: number, text: string): Promise<number> {
    const at = { line, character };
    return this.change(uri, { range: { start: at, end: at }, text });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  request<Result>(method: string, uri: string, params: object = {}): Promise<Result> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...params });
  }

  /** Gives the server all that is sent meanwhile in one piece, so that it reads the last message before it answers the first. */
  async together(send: () => void): Promise<void> {
    const { stdin } = this.server;
    this.#outgoing.unpipe(stdin!);
    send();
    // Messages are written in their order: when this one is, all are.
    await this.connection.sendNotification('$/setTrace', { value: 'off' });
    stdin!.write(this.#outgoing.read());
    this.#outgoing.pipe(stdin!);
  }

  /** Resolves with the diagnostics of a document, of this version or of a later one, once `wanted` accepts them. */
  async diagnostics(
    uri: string,
    version = 1,
    wanted: (diagnostics: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    let found: readonly Diagnostic[] = [];
    await this.until(() => {
      const published = this.#published.get(uri);
      if (published === undefined || (published.version ?? Number.MAX_SAFE_INTEGER) < version) return false;
      found = published.diagnostics;
      return wanted(found);
    });
    return found;
  }

  /** Resolves when something that the server sent makes the condition true. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Ends as an editor does; resolves with the server's exit code. */
  async end(): Promise<number | null> {
    const exit = once(this.server, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const [code] = (await exit) as [number | null];
    return code;
  }
}

/** The text of a range, in UTF-16 units, as an editor would select it. */
export function textIn(text: string, { start, end }: Range): string {
  const lines = text.split(/\r\n|\n/);
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.character, end.character);
  const middle = lines.slice(start.line + 1, end.line);
  return [lines[start.line]!.slice(start.character), ...middle, lines[end.line]!.slice(0, end.character)].join('\n');
}
