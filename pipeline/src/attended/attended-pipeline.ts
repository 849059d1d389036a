/**
 * A pipeline that windows of an editor attend: it goes on while a window is loaded anew, and ends a while after the last one.
 * Speaks over a socket that only this user can open. Must not know what an editor is.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import process from 'node:process';
import { aggregationsContainerName, databaseName } from '@asaql/runtime';
import { DefaultAzureCredential } from '@azure/identity';
import { loadSettings } from '../config/load-settings.ts';
import { type RunningFeed, startFeed } from '../dashboard/start-dashboard.ts';
import { readJobProject } from '../job/project.ts';
import { DataFolder } from '../up/data-folder.ts';
import { PipelineRun } from '../up/pipeline-run.ts';
import { healthOf } from '../up/pipeline-status.ts';
import type {
  AttendedAnswer,
  AttendedOptions,
  AttendedPhase,
  AttendedRequest,
  AttendedStatus,
  GeneratorWish,
} from './attended-messages.ts';
import { onLines, writeLine } from './json-lines.ts';

const statusEveryMs = 1000;

interface Window {
  readonly socket: Socket;
  readonly pages: Map<number, { close(): void }>;
}

export class AttendedPipeline {
  readonly #options: AttendedOptions;
  readonly #windows = new Set<Window>();
  readonly #server: Server;
  #run: PipelineRun | null = null;
  #feed: RunningFeed | null = null;
  #phase: AttendedPhase = 'starting';
  #detail: string | null = null;
  #generator: GeneratorWish | null;
  #alone: NodeJS.Timeout | undefined;
  #stop: () => void = () => undefined;
  readonly #stopAsked = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  constructor(options: AttendedOptions) {
    this.#options = options;
    this.#generator = options.generator;
    this.#server = createServer((socket) => this.#attend(socket));
  }

  /** Resolves when it has ended, whoever asked for it; rejects with an error of one line when it cannot run. */
  async live(): Promise<void> {
    await this.#listen();
    this.#leftAlone();
    const status = setInterval(() => this.#tellStatus(), statusEveryMs);
    const data = new DataFolder(resolve(this.#options.root, this.#options.dataDir));
    try {
      await data.lock();
      await this.#runUntilAsked(data);
    } catch (error) {
      this.#phase = 'failed';
      this.#detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw error;
    } finally {
      clearInterval(status);
      clearTimeout(this.#alone);
      if (this.#phase !== 'failed') this.#phase = 'stopping';
      this.#tellStatus();
      await this.#feed?.close();
      await this.#run?.stop();
      data.unlock();
      this.#tellStatus();
      this.#close();
    }
  }

  stop(): void {
    this.#stop();
  }

  async #listen(): Promise<void> {
    const { socket } = this.#options;
    if (process.platform !== 'win32') rmSync(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, resolve);
    });
    if (process.platform !== 'win32') chmodSync(socket, 0o600);
  }

  #close(): void {
    this.#server.close();
    for (const { socket } of this.#windows) socket.end();
    if (process.platform !== 'win32') rmSync(this.#options.socket, { force: true });
  }

  async #runUntilAsked(data: DataFolder): Promise<void> {
    const { root, projectDir } = this.#options;
    const settings = { ...loadSettings(root, process.env), projectDir };
    const { policies } = readJobProject(resolve(root, projectDir));
    const up = {
      eventsPerSecond: 0,
      users: 0,
      durationSeconds: null,
      seed: 1,
      scenarios: [],
      dashboardPort: 0,
      dataDir: data.path,
    };
    const run = new PipelineRun({ root, settings, up, data, say: (line) => this.#tell({ kind: 'log', line }) });
    this.#run = run;
    const started = await Promise.race([run.start().then(() => 'started' as const), run.failed, this.#stopAsked]);
    if (started !== 'started') return;
    const { endpoint, key } = run.connections.cosmos;
    this.#feed = startFeed({
      cosmos: key === undefined ? { endpoint, credential: new DefaultAzureCredential() } : { endpoint, key },
      databaseId: databaseName,
      containerId: aggregationsContainerName,
      health: () => healthOf(run.status, Date.now()),
      outOfOrderMs: policies.outOfOrderMs,
      onError: (error) =>
        this.#tell({ kind: 'log', line: `dashboard: ${error instanceof Error ? error.message : String(error)}` }),
    });
    this.#phase = 'running';
    this.#generate(this.#generator);
    this.#tellStatus();
    await Promise.race([run.failed, this.#stopAsked]);
  }

  #generate(wish: GeneratorWish | null): void {
    this.#generator = wish;
    const run = this.#run;
    if (run === null || this.#phase !== 'running') return;
    const sending = wish === null ? run.stopGenerating() : run.generate(wish);
    sending.catch((error: Error) => this.#tell({ kind: 'log', line: `generator: ${error.message}` }));
  }

  #attend(socket: Socket): void {
    clearTimeout(this.#alone);
    const window: Window = { socket, pages: new Map() };
    this.#windows.add(window);
    onLines<AttendedRequest>(socket, (request) => this.#receive(window, request));
    // A window that is gone is told by its end, whatever the reason.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const page of window.pages.values()) page.close();
      this.#windows.delete(window);
      if (this.#windows.size === 0) this.#leftAlone();
    });
    writeLine(socket, this.#status());
  }

  #leftAlone(): void {
    clearTimeout(this.#alone);
    this.#alone = setTimeout(() => this.#stop(), this.#options.aloneMaxMs);
  }

  #receive(window: Window, request: AttendedRequest): void {
    switch (request.kind) {
      case 'stop':
        this.#phase = 'stopping';
        this.#tellStatus();
        this.#stop();
        return;
      case 'generate':
        this.#generate(request.generator);
        this.#tellStatus();
        return;
      case 'close-page':
        window.pages.get(request.page)?.close();
        window.pages.delete(request.page);
        return;
      case 'open-page':
        window.pages.get(request.page)?.close();
        if (this.#feed === null) return;
        window.pages.set(
          request.page,
          this.#feed.feed.open(request.range, (message) =>
            writeLine(window.socket, { kind: 'page', page: request.page, message } satisfies AttendedAnswer),
          ),
        );
    }
  }

  #status(): AttendedStatus {
    const status = this.#run?.status;
    const health =
      status === undefined
        ? {
            eventsInPerSecond: null,
            eventsOutPerSecond: null,
            lagEvents: null,
            watermarkDelayMs: null,
            deadLetters: null,
            parts: [],
          }
        : healthOf(status, Date.now());
    return {
      kind: 'status',
      phase: this.#phase,
      detail: this.#detail,
      health,
      generator: this.#generator,
      acknowledged: status?.acknowledged ?? 0,
    };
  }

  #tellStatus(): void {
    this.#tell(this.#status());
  }

  #tell(answer: AttendedAnswer): void {
    for (const { socket } of this.#windows) writeLine(socket, answer);
  }
}
