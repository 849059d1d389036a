/**
 * A window's line to the local pipeline: starts it as a process of its own, finds it again after the window was loaded anew,
 * and hears how it is. Knows no VS Code.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AttendedAnswer,
  type AttendedOptions,
  type AttendedRequest,
  type AttendedStatus,
  attendedVariable,
  type GeneratorWish,
  onLines,
  writeLine,
} from '@asaql/pipeline/attended';
import type { HostMessage, RangeName } from '@asaql/webview/protocol';

const retryMs = 100;

export interface PipelineClientOptions {
  /** The program of the attended pipeline. */
  readonly program: string;
  readonly dataDir: string;
  readonly changed: (status: AttendedStatus | null) => void;
  readonly log: (line: string) => void;
}

export interface OpenPage {
  chooseRange(range: RangeName): void;
  close(): void;
}

export class PipelineClient {
  readonly #options: PipelineClientOptions;
  readonly #socketPath: string;
  readonly #pages = new Map<number, { range: RangeName; readonly receive: (message: HostMessage) => void }>();
  #socket: Socket | null = null;
  #status: AttendedStatus | null = null;
  #nextPage = 1;

  constructor(options: PipelineClientOptions) {
    this.#options = options;
    const name = `asaql-${createHash('sha256').update(options.dataDir).digest('hex').slice(0, 16)}`;
    // A socket's path must be short: the folder of the data may not be.
    this.#socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
  }

  /** null: no pipeline runs. */
  get status(): AttendedStatus | null {
    return this.#status;
  }

  /** Finds a pipeline that runs already; false where there is none. */
  attach(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#socketPath);
      socket.once('error', () => resolve(false));
      socket.once('connect', () => {
        this.#adopt(socket);
        resolve(true);
      });
    });
  }

  /** Resolves when all parts run. Rejects with an error of one line. */
  async start(options: Omit<AttendedOptions, 'socket' | 'dataDir'>, signal: AbortSignal): Promise<void> {
    if (this.#socket === null && !(await this.attach()))
      await this.#spawn({ ...options, socket: this.#socketPath, dataDir: this.#options.dataDir }, signal);
    while (this.#status?.phase !== 'running') {
      if (signal.aborted) return this.send({ kind: 'stop' });
      if (this.#socket === null)
        throw new Error(this.#status?.detail ?? `The local pipeline ended while it was started: ${this.#lastWords()}`);
      await wait(retryMs);
    }
  }

  async stop(): Promise<void> {
    this.send({ kind: 'stop' });
    while (this.#socket !== null) await wait(retryMs);
  }

  generate(generator: GeneratorWish | null): void {
    this.send({ kind: 'generate', generator });
  }

  /** A page of the dashboard: it gets the messages that a browser would. */
  openPage(range: RangeName, receive: (message: HostMessage) => void): OpenPage {
    const page = this.#nextPage++;
    const open = { range, receive };
    this.#pages.set(page, open);
    this.send({ kind: 'open-page', page, range });
    return {
      chooseRange: (chosen) => {
        open.range = chosen;
        this.send({ kind: 'open-page', page, range: chosen });
      },
      close: () => {
        this.#pages.delete(page);
        this.send({ kind: 'close-page', page });
      },
    };
  }

  /** Lets go of the pipeline, which goes on for a while. */
  dispose(): void {
    this.#socket?.destroy();
  }

  send(request: AttendedRequest): void {
    if (this.#socket !== null) writeLine(this.#socket, request);
  }

  get #logPath(): string {
    return join(this.#options.dataDir, 'pipeline.log');
  }

  async #spawn(options: AttendedOptions, signal: AbortSignal): Promise<void> {
    mkdirSync(this.#options.dataDir, { recursive: true });
    const log = openSync(this.#logPath, 'w');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', this.#options.program], {
      // Apart from the window: it must outlive it.
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [attendedVariable]: JSON.stringify(options) },
    });
    closeSync(log);
    child.unref();
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    while (!(await this.attach())) {
      if (signal.aborted) return;
      if (ended) throw new Error(`The local pipeline did not start: ${this.#lastWords()}`);
      await wait(retryMs);
    }
  }

  #lastWords(): string {
    return readFileSync(this.#logPath, 'utf8').trim().split('\n').at(-1) ?? 'it said nothing';
  }

  #adopt(socket: Socket): void {
    this.#socket = socket;
    onLines<AttendedAnswer>(socket, (answer) => this.#hear(answer));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#socket = null;
      if (this.#status?.phase !== 'failed') this.#status = null;
      this.#options.changed(this.#status);
    });
  }

  #hear(answer: AttendedAnswer): void {
    if (answer.kind === 'log') this.#options.log(answer.line);
    else if (answer.kind === 'page') this.#pages.get(answer.page)?.receive(answer.message);
    else {
      const isNew = this.#status?.phase !== 'running' && answer.phase === 'running';
      this.#status = answer;
      // Pages that were opened before there was anything to show.
      if (isNew) for (const [page, { range }] of this.#pages) this.send({ kind: 'open-page', page, range });
      this.#options.changed(answer);
    }
  }
}
